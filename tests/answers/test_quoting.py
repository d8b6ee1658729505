"""Which sentences of a section are quoted: neighbours, whole, in their order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from random_turns import corpora

from bot.answers.quoting import QUOTE_LENGTH, Ranked, close_to_best, quote, rank_sections
from bot.corpus import Corpus, Kind


@given(corpora(), st.integers(1, 90), st.data())
@settings(deadline=None)
def test_neighbours_in_order_around_the_best_passage(corpus: Corpus, length: int, data: st.DataObject) -> None:
    for section in corpus.sections:
        ranked = [Ranked(passage, data.draw(st.floats(0.01, 1))) for passage in section.passages]
        quoted = quote(section, ranked, length)
        first = section.passages.index(quoted[0]) if quoted else 0
        assert quoted == section.passages[first : first + len(quoted)]
        if section.passages:
            assert max(ranked, key=lambda r: r.score).passage in quoted
            assert len(quoted) == 1 or len(" ".join(p.text for p in quoted)) <= length


def test_every_section_of_the_documents_fits_a_phone(corpus: Corpus) -> None:
    for section in corpus.sections:
        assert sum(len(p.text) for p in quote(section, [])) <= QUOTE_LENGTH, section.id


def test_a_section_is_as_good_as_its_best_passage_and_only_of_the_kinds_asked_for(corpus: Corpus) -> None:
    ranked = [Ranked(passage, 1 - n / 1000) for n, passage in enumerate(corpus.passages)]
    for kind in Kind:
        sections = rank_sections(corpus, ranked, [kind])
        assert [s.section for s in sections] == [s for s in corpus.sections if s.kind is kind and s.passages]


def test_preferred_kinds_come_first_among_equals(corpus: Corpus) -> None:
    ranked = [Ranked(passage, 0.5) for passage in corpus.passages]
    best = close_to_best(rank_sections(corpus, ranked, list(Kind), preferred=[Kind.LIMIT]))
    assert {s.section.kind for s in best} == {Kind.LIMIT}
