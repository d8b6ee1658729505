"""Promise 1: what is said of the subject is a sentence of a document, and canned responses say nothing of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_turns import ANY, COMPOSERS, turns

from bot.answers.render import render
from bot.answers.responses import Responses
from bot.corpus import Corpus
from bot.evaluation.third_source import unexplained

SUBJECT = re.compile(
    r"\b(?:(?:infra)?red|lights?|lamps?|leds?|pads?|panels?|devices?|products?|therap\w*|treat\w*|skin|pains?|aches?|"
    r"blood|vessels?|circulat\w*|inflam\w*|swell\w*|nerves?|muscles?|joints?|wounds?|cells?|tissues?|body|bodies|"
    r"heal(?:s|ed|ing)?|cur(?:e|es|ed|ing)|collagen|wrinkles?|pregnan\w*|pacemakers?|tumou?rs?|infect\w*|eczema|"
    r"iluxred|daniel|china|supplier|weeks?|days?|minutes?)\b",
    re.IGNORECASE,
)


@given(st.data())
@ANY
def test_nothing_composed_holds_words_of_its_own(
    responses: Responses, canned: dict[str, str], data: st.DataObject
) -> None:
    turn = data.draw(turns(responses))
    for name, compose in COMPOSERS.items():
        text = render(compose(turn), turn.corpus, responses)
        assert unexplained(text, turn.corpus, responses, canned) == "", name


def test_canned_responses_say_nothing_of_the_subject(canned: dict[str, str]) -> None:
    assert len(canned) > 30
    assert {name: found[0] for name, text in canned.items() if (found := SUBJECT.search(text))} == {}


def test_nor_does_what_is_said_without_a_domain() -> None:
    from bot.channels.turn import FALLBACK

    texts = [text["text"] for texts in FALLBACK.values() for text in texts]
    assert [text for text in texts if SUBJECT.search(text)] == []


def test_no_response_has_variants_that_this_could_miss(canned: dict[str, str], responses: Responses) -> None:
    """A list of variants would be answered with its first one alone."""
    assert all(responses._responses[name] == [{"text": text}] for name, text in canned.items())


@pytest.mark.parametrize("added", ["It heals.", "Heading", "Pregnancy", "!"])
def test_a_word_of_another_source_would_be_seen(
    added: str, corpus: Corpus, responses: Responses, canned: dict[str, str]
) -> None:
    text = corpus.passages[0].text
    assert unexplained(text, corpus, responses, canned) == ""
    assert unexplained(f"{text} {added}", corpus, responses, canned) == added
