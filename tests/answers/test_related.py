"""What can be read next: sections that the documents have and that were not read yet."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.answers import compose
from bot.answers.related import MOST, key, with_related
from bot.answers.turn import Turn
from bot.corpus import Corpus, Kind

Make = Callable[..., Turn]


def offered(turn: Turn, composer: str = "mechanism") -> list[str]:
    return [option.id for option in with_related(turn, getattr(compose, composer)(turn)).related]


def test_up_to_three_sections_are_offered_by_their_title(turn: Make, corpus: Corpus) -> None:
    found = with_related(turn("gate-control"), compose.mechanism(turn("gate-control"))).related
    assert len(found) == MOST
    titles = {key(section): section.title for section in corpus.sections if section.passages}
    assert all(titles[option.id] == option.title for option in found)


def test_what_was_read_is_not_offered_again(turn: Make, corpus: Corpus) -> None:
    read: list[str] = []
    while more := offered(turn("gate-control", read=read)):
        assert not set(more) & {*read, "mechanisms-of-pain-relief#gate-control"}
        read += more
    assert len(read) > 5


def test_nothing_is_offered_beside_a_warning_of_a_condition(turn: Make) -> None:
    standing = [{"id": "pregnancy", "holder": "customer", "status": "stated"}]
    assert offered(turn("joint-discomfort", remembered=standing), "suitability") == []
    assert offered(turn("gate-control", remembered=standing)) == []


@pytest.mark.parametrize("composer", ["unanswered", "emergency", "handover", "contact", "diagnosis", "ask_to_forget"])
def test_nothing_is_offered_where_it_would_be_out_of_place(turn: Make, composer: str) -> None:
    assert offered(turn(), composer) == []


def test_who_says_hello_is_shown_around(turn: Make, corpus: Corpus) -> None:
    welcomed = offered(turn(intent="greet"), "smalltalk")
    kinds = [section.kind for section in corpus.sections if key(section) in welcomed]
    assert {Kind.MECHANISM, Kind.USE, Kind.CONTRAINDICATIONS} == set(kinds)
    assert offered(turn(intent="goodbye"), "smalltalk") == []


def test_a_title_leads_to_its_section(turn: Make, corpus: Corpus) -> None:
    for section in corpus.sections:
        if section.passages and section.kind in (Kind.MECHANISM, Kind.EVIDENCE):
            answer = compose.topic(replace(turn(section.id), intent="ask_topic"))
            assert {p.section for p in answer.statements} == {section.id}
    assert compose.topic(turn("time-to-results")).kind == "timing"
    assert compose.topic(turn("who-should-not-use")).kind == "contraindication"
    assert compose.topic(turn("weight-loss")).verdict == "not_supported"
