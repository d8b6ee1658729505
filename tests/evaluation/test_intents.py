"""Cross-validation of intents, and what is read from its predictions."""

from pathlib import Path

import numpy as np
import pytest

from bot.evaluation.intents import IntentsError, Predictions, cross_validate

HOURS = ["when are you open", "your opening hours", "are you open on monday", "what time do you close"]
PRICE = ["what does it cost", "how much is it", "tell me the price", "is it expensive"]


def _data(folder: Path, **intents: list[str]) -> Path:
    lines = ['version: "3.1"', "nlu:"]
    for name, examples in intents.items():
        lines += [f"- intent: {name}", "  examples: |", *(f"    - {text}" for text in examples)]
    (folder / "nlu.yml").write_text("\n".join(lines) + "\n")
    return folder


def test_every_example_is_understood_by_a_model_of_others(tmp_path: Path) -> None:
    found = cross_validate(_data(tmp_path, ask_hours=HOURS, ask_price=PRICE), folds=2)
    assert sorted(found.right) == ["ask_hours"] * 4 + ["ask_price"] * 4
    assert found.accuracy.of == 8
    assert found.accuracy.hits >= 6
    assert ((found.confidence > 0) & (found.confidence < 1)).all()


def test_twice_the_same(tmp_path: Path) -> None:
    data = _data(tmp_path, ask_hours=HOURS, ask_price=PRICE)
    one, other = cross_validate(data, 2), cross_validate(data, 2)
    assert (one.confidence == other.confidence).all()


@pytest.mark.parametrize(
    ("intents", "reason"),
    [({"ask_hours": HOURS}, "fewer than two intents"), ({"ask_hours": HOURS, "ask_price": PRICE[:1]}, "fewer than 2")],
)
def test_what_cannot_be_cross_validated(intents: dict[str, list[str]], reason: str, tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match=reason):
        cross_validate(_data(tmp_path, **intents), 2)


def test_what_is_read_from_predictions() -> None:
    """Worked out by hand: two of four are right, with confidences .95, .85 (wrong), .35 and .15 (wrong)."""
    found = Predictions(
        right=np.array(["a", "a", "b", "b"]),
        taken_for=np.array(["a", "b", "b", "a"]),
        confidence=np.array([0.95, 0.85, 0.35, 0.15]),
    )
    assert found.accuracy.share == 0.5
    assert found.f1 == {"a": 0.5, "b": 0.5}
    assert found.confusions() == {("a", "b"): 1, ("b", "a"): 1}
    assert found.reliability() == [(0.15, 0.0, 1), (0.35, 1.0, 1), (0.85, 0.0, 1), (0.95, 1.0, 1)]
    assert found.calibration_error == pytest.approx((0.15 + 0.65 + 0.85 + 0.05) / 4)
    coverage = {round(threshold, 2): (kept, right) for threshold, kept, right in found.coverage()}
    assert coverage[0.0] == (1.0, 0.5)
    assert coverage[0.9] == (0.25, 1.0)
