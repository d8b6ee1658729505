"""What could be read next: sections that the documents really have, and that were not read yet."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.answers import quoting
from bot.answers.answer import Answer, AnswerKind, AnswerVerdict, Option
from bot.answers.turn import Turn
from bot.corpus import Kind, Section

MOST = 3
# A section must be at least this near to what was asked to be offered for its nearness.
NEAR_FROM = 0.26
OFFERED = (Kind.MECHANISM, Kind.USE, Kind.LIMIT, Kind.TIMING, Kind.EVIDENCE, Kind.CONTRAINDICATIONS)
AFTER = frozenset(
    {AnswerKind.MECHANISM, AnswerKind.SUITABILITY, AnswerKind.LIMITS, AnswerKind.TIMING, AnswerKind.SOURCE}
)
# Whoever says hello or asks what there is may be shown around.
WELCOMES = frozenset({"greet", "capabilities"})
GOOD_NEWS = frozenset({AnswerVerdict.SUPPORTED, AnswerVerdict.LIMITED, AnswerVerdict.NOT_SUPPORTED, AnswerVerdict.NONE})


def key(section: Section) -> str:
    """`document#section`, as slots hold it."""
    return f"{section.document}#{section.id}"


def with_related(turn: Turn, answer: Answer) -> Answer:
    """The answer with up to three sections to read next, unless it asks something or warns of a condition."""
    welcome = answer.kind is AnswerKind.SMALLTALK and turn.intent in WELCOMES
    if not welcome and (answer.kind not in AFTER or answer.verdict not in GOOD_NEWS or not answer.quoted):
        return answer
    if answer.question or answer.conditions:
        return answer
    read = {*turn.read, *(f"{p.document}#{p.section}" for p in answer.quoted)}
    offered: dict[str, str] = {}
    for section in _candidates(turn, answer):
        if key(section) not in read and section.passages and section.kind in OFFERED:
            offered.setdefault(section.title, key(section))
    return replace(answer, related=tuple(Option(id, title) for title, id in list(offered.items())[:MOST]))


def _candidates(turn: Turn, answer: Answer) -> Iterator[Section]:
    """Sections in the order in which they are worth reading next."""
    near = [found for found in turn.ranked if found.score >= NEAR_FROM]
    yield from (s.section for s in quoting.rank_sections(turn.corpus, near, OFFERED))
    quoted = [turn.corpus.section(p.document, p.section) for p in answer.quoted]
    yield from _siblings(turn, quoted)
    # Then what everybody should have read: the first section of each kind.
    for kind in (Kind.MECHANISM, Kind.USE, Kind.CONTRAINDICATIONS, Kind.TIMING):
        yield from [section for section in turn.corpus.sections if section.kind is kind and section.passages][:1]
    yield from turn.corpus.sections


def _siblings(turn: Turn, quoted: Iterable[Section]) -> Iterator[Section]:
    around = {(section.document, section.parent) for section in quoted if section.parent}
    yield from (section for section in turn.corpus.sections if (section.document, section.parent) in around)
