"""Which sections of the documents answer a question, and which of their sentences are quoted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.corpus import BoundWarning, Corpus, Kind, Passage, Section

QUOTE_LENGTH = 620  # characters of one section that are quoted: what a customer reads on a phone
SECOND_SECTION_WITHIN = 0.04  # a section that scores this close to the best is quoted as well
PREFERENCE = 0.08  # what a section of the kind asked for gains over others


@dataclass(frozen=True)
class Ranked:
    """A passage with its score for the question, about 0 to 1."""

    passage: Passage
    score: float


@dataclass(frozen=True)
class RankedSection:
    """A section with the score of its best passage."""

    section: Section
    document: str
    score: float


def rank_sections(
    corpus: Corpus, ranked: Sequence[Ranked], kinds: Collection[Kind], preferred: Collection[Kind] = ()
) -> list[RankedSection]:
    """The sections of the given kinds by their best passage, those of preferred kinds favoured."""
    best: dict[tuple[str, str], RankedSection] = {}
    for found in ranked:
        key = (found.passage.document, found.passage.section)
        section = corpus.section(*key)
        if key in best or section.kind not in kinds:
            continue
        score = found.score + (PREFERENCE if section.kind in preferred else 0.0)
        best[key] = RankedSection(section, found.passage.document, score)
    return sorted(best.values(), key=lambda r: -r.score)


def close_to_best(sections: Sequence[RankedSection], most: int = 2) -> list[RankedSection]:
    """The best section, and the next ones that are as good as it."""
    return [s for s in sections[:most] if s.score >= sections[0].score - SECOND_SECTION_WITHIN]


def quote(section: Section, ranked: Sequence[Ranked], length: int = QUOTE_LENGTH) -> tuple[Passage, ...]:
    """Neighbouring passages of a section in their order, around its best one, up to a length in characters."""
    scores = {found.passage.id: found.score for found in ranked}
    passages = section.passages
    if not passages:
        return ()
    first = last = max(range(len(passages)), key=lambda i: scores.get(passages[i].id, 0.0))
    used = len(passages[first].text)
    while first > 0 or last < len(passages) - 1:
        # What stands before explains, what stands after continues: the nearer to the beginning, the better.
        grow = first - 1 if first > 0 else last + 1
        used += len(passages[grow].text) + 1
        if used > length:
            break
        first, last = min(first, grow), max(last, grow)
    return passages[first : last + 1]


def warnings_for(corpus: Corpus, passages: Sequence[Passage]) -> tuple[BoundWarning, ...]:
    """Every warning bound to where the passages stand, each once."""
    sections = dict.fromkeys((p.document, p.section) for p in passages)
    return tuple(
        dict.fromkeys(
            w for document, section in sections for w in corpus.warnings_for(corpus.section(document, section))
        )
    )
