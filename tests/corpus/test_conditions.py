"""The known conditions are those of the design, each with its severity."""

from bot.corpus import KNOWN_CONDITIONS


def test_severities() -> None:
    by_severity: dict[str, set[str]] = {}
    for condition, severity in KNOWN_CONDITIONS.items():
        by_severity.setdefault(severity.value, set()).add(condition)
    assert by_severity == {
        "avoid": {"pregnancy", "acute_skin_infection", "acute_eczema", "open_wound", "photosensitivity"},
        "confirm_first": {"electronic_device"},
        "see_doctor_first": {*("deep_wound", "infected_wound", "acute_inflammation", "infection", "fracture", "tumor")},
    }
