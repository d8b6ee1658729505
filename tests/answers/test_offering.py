"""How a reply leads to a person: by the contact's number, or in the conversation itself where one is reached there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_turns import ANY, COMPOSERS, turns

from bot.answers import compose
from bot.answers.answer import AnswerKind
from bot.answers.render import render
from bot.answers.responses import Responses
from bot.answers.several import several
from bot.answers.turn import Part, Turn
from bot.corpus import Corpus

NewTurn = Callable[..., Turn]
THERE = pytest.mark.parametrize("reach", ["here", "away"])
OFFERING = {
    "unanswered": "unanswered",
    "diagnosis": "unanswered",
    "not_english": "unanswered",
    "not_understood_again": "not_understood",
    "emergency": "emergency",
    "contact": "asked",
}


@given(st.data())
@ANY
def test_where_a_person_is_reached_here_no_reply_names_a_number_as_the_way_to_one(
    responses: Responses, data: st.DataObject
) -> None:
    turn = data.draw(turns(responses))
    for name, composer in COMPOSERS.items():
        answer = composer(turn)
        if turn.reach != "none":
            assert turn.corpus.contact.whatsapp not in render(answer, turn.corpus, responses), name
            assert not answer.contact or (turn.number and name in ("contact", "topic", "several")), name
        assert (answer.awaits == "person") == bool(answer.offers), name
        assert not answer.offers or turn.reach != "none", name
        assert not answer.handover or not answer.question, name


@pytest.mark.parametrize("composer", OFFERING)
def test_without_a_person_here_the_number_is_named_and_nothing_offered(turn: NewTurn, composer: str) -> None:
    answer = COMPOSERS[composer](turn())
    assert (answer.question, answer.awaits, answer.offers) == (None, None, None)
    if composer != "emergency":
        assert turn().corpus.contact.whatsapp in " ".join(answer.closing)


@THERE
@pytest.mark.parametrize("composer", OFFERING)
def test_a_reply_that_leaves_something_open_ends_with_the_offer(turn: NewTurn, composer: str, reach: str) -> None:
    asked = turn(reach=reach)
    answer = COMPOSERS[composer](asked)
    assert answer.question
    assert answer.question.text == asked.responses(f"offer_{reach}")
    assert [option.title for option in answer.question.options] == ["Yes, a person please", "No, thank you"]
    assert (answer.awaits, answer.offers, answer.handover) == ("person", OFFERING[composer], None)
    text = render(answer, asked.corpus, asked.responses)
    assert text.rstrip().endswith(answer.question.text)
    if composer == "emergency":
        assert text.startswith(asked.responses("emergency"))


@THERE
def test_what_may_be_a_condition_is_asked_about_before_a_person_is_offered(turn: NewTurn, reach: str) -> None:
    perhaps = [{"id": "tumor", "holder": None, "status": "unsure", "said": "lump"}]
    told = [{"id": "tumor", "holder": "customer", "status": "unsure", "said": ["lump"], "last": 0}]
    answer = compose.unanswered(turn(reach=reach, mentions=perhaps, remembered=told))
    assert (answer.awaits, answer.offers) == ("confirming", None)


@THERE
def test_the_offer_comes_with_the_warning_of_what_the_same_message_tells(
    turn: NewTurn, reach: str, corpus: Corpus
) -> None:
    told = [{"id": "pregnancy", "holder": "customer", "status": "stated", "said": ["pregnant"], "last": 0}]
    mentions = [{"id": "pregnancy", "holder": "customer", "status": "stated", "said": "pregnant"}]
    asked = turn(reach=reach, mentions=mentions, remembered=told)
    for composer in (compose.unanswered, compose.contact, compose.emergency, compose.handover):
        answer = composer(asked)
        text = render(answer, corpus, asked.responses)
        warned = text.index(corpus.contraindications["pregnancy"].passage.text)
        if composer is compose.handover:
            assert answer.handover == "asked"
        else:
            assert warned < text.index(asked.responses(f"offer_{reach}"))


@THERE
def test_asking_for_a_person_tells_what_happens(turn: NewTurn, reach: str) -> None:
    asked = turn(reach=reach)
    answer = compose.handover(asked)
    assert (answer.kind, answer.handover, answer.question) == (AnswerKind.HANDOVER, "asked", None)
    assert answer.lead == (asked.responses(f"handover_{reach}"),)
    assert answer.payload(asked.corpus, "m")["answer"]["handover"] == "asked"


def test_nobody_takes_over_where_nobody_can(turn: NewTurn) -> None:
    answer = compose.handover(turn(awaiting="person", offered="unanswered"))
    assert answer.handover is None
    assert "handover" not in answer.payload(turn().corpus, "m")["answer"]
    assert turn().corpus.contact.whatsapp in answer.closing[0]


def test_who_takes_an_offer_is_passed_on_with_its_reason(turn: NewTurn) -> None:
    for reason in ("unanswered", "emergency", "not_understood"):
        assert compose.handover(turn(reach="here", awaiting="person", offered=reason)).handover == reason
    assert compose.handover(turn(reach="here", awaiting=None, offered="emergency")).handover == "asked"


def test_the_number_is_told_where_it_is_asked_for_but_not_to_who_writes_to_it(turn: NewTurn, corpus: Corpus) -> None:
    quoted = "15547888169"
    asked = turn(reach="here")
    assert quoted in render(compose.contact(asked), corpus, asked.responses)
    assert compose.contact(asked).contact == corpus.contact
    writing = replace(asked, number=False)
    answer = compose.contact(writing)
    assert quoted not in render(answer, corpus, asked.responses)
    assert answer.contact is None
    assert answer.statements, "where the supplier is may still be told"


def test_of_several_questions_one_for_a_person_hands_over_and_asks_nothing(turn: NewTurn, corpus: Corpus) -> None:
    parts = [Part("How does it work?", "ask_mechanism", 1.0, turn("endorphins").ranked)]
    unanswered = Part("How much?", "out_of_scope", 1.0, ())
    person = Part("Can I talk to somebody?", "ask_person", 1.0, ())
    offered = several(turn(reach="here", intent="ask_mechanism", parts=[*parts, unanswered]), compose.PARTS)
    assert offered
    assert (offered.offers, offered.handover) == ("unanswered", None)
    handed = several(turn(reach="here", intent="ask_person", parts=[*parts, unanswered, person]), compose.PARTS)
    assert handed
    assert (handed.handover, handed.question, handed.offers, handed.awaits) == ("asked", None, None, None)


def test_of_several_questions_back_the_offer_gives_way(turn: NewTurn) -> None:
    screened = Part("Is it for me?", "ask_suitability_for_me", 1.0, ())
    unanswered = Part("How much?", "out_of_scope", 1.0, ())
    answer = several(turn(reach="here", intent="out_of_scope", parts=[unanswered, screened]), compose.PARTS)
    assert answer
    assert (answer.awaits, answer.offers) == ("screening", None)


def test_a_failure_names_no_number_where_a_person_is_reached_here(corpus: Corpus, responses: Responses) -> None:
    answer = compose.failure(responses, corpus, here=True)
    assert answer.closing == (responses("person_here"),)
    assert answer.contact is None
    assert compose.failure(responses, None, here=True).closing == (responses("person_here"),)
