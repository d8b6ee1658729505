"""The health conditions that the assistant can recognise, each with how strongly it forbids use."""

from typing import Final

from bot.corpus.model import Severity

# The documents repeat the severity, and the reader compares: nobody softens one by editing a document.
KNOWN_CONDITIONS: Final[dict[str, Severity]] = {
    "pregnancy": Severity.AVOID,
    "acute_skin_infection": Severity.AVOID,
    "acute_eczema": Severity.AVOID,
    "open_wound": Severity.AVOID,
    "photosensitivity": Severity.AVOID,
    "electronic_device": Severity.CONFIRM_FIRST,
    "deep_wound": Severity.SEE_DOCTOR_FIRST,
    "infected_wound": Severity.SEE_DOCTOR_FIRST,
    "acute_inflammation": Severity.SEE_DOCTOR_FIRST,
    "infection": Severity.SEE_DOCTOR_FIRST,
    "fracture": Severity.SEE_DOCTOR_FIRST,
    "tumor": Severity.SEE_DOCTOR_FIRST,
}
