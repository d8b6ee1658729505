"""What the documents say about health conditions: the sentences that must be said, the strongest first."""

from collections.abc import Iterable, Sequence

from bot.answers.memory import Condition
from bot.corpus import BoundWarning, Contraindication, Corpus, Level, Severity

STRONGEST_FIRST = (Severity.AVOID, Severity.SEE_DOCTOR_FIRST, Severity.CONFIRM_FIRST)


def contraindications(corpus: Corpus, conditions: Sequence[Condition]) -> list[Contraindication]:
    """The contraindications of these conditions, the strongest first, each once."""
    found = {c["id"]: corpus.contraindications[c["id"]] for c in conditions if c["id"] in corpus.contraindications}
    return strongest_first(found.values())


def strongest_first(found: Iterable[Contraindication]) -> list[Contraindication]:
    """Contraindications by severity."""
    return sorted(found, key=lambda c: STRONGEST_FIRST.index(c.severity))


def as_warnings(found: Sequence[Contraindication]) -> tuple[BoundWarning, ...]:
    """Contraindications as warnings of an answer that is about something else."""
    return tuple(BoundWarning(Level.CAUTION, c.passage.text, c.passage.document, c.passage.section) for c in found)
