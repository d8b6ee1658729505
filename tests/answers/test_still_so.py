"""'Still so?': what is asked about again after a long silence, and which answers take something back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_turns import ANY, COMPOSERS, turns

from bot.answers import memory, still_so
from bot.answers.answer import Answer, AnswerKind
from bot.answers.render import render
from bot.answers.responses import Responses
from bot.answers.still_so import STILL_SO
from bot.answers.turn import Turn
from bot.evaluation.third_source import unexplained

NewTurn = Callable[..., Turn]
WIFE, OWN = ("pregnancy", "wife"), ("fracture", "customer")


def known(id: str, holder: str, status: str = "stated", **more: Any) -> memory.Condition:
    return {"id": id, "holder": holder, "status": status, "said": [], "last": 5, **more}


BOTH = [known(*WIFE), known(*OWN)]


def asked(turn: NewTurn, text: str, intent: str, remembered: Sequence[memory.Condition] = BOTH, **more: Any) -> Turn:
    """A message after the question."""
    recalled = still_so.recalled(remembered)
    return turn(text=text, intent=intent, awaiting=STILL_SO, recalled=recalled, remembered=remembered, **more)


def stand(turn: Turn) -> set[tuple[str, str]]:
    return {(c["id"], c["holder"]) for c in memory.in_force(still_so.settled(turn, turn.remembered))}


@pytest.mark.parametrize(
    ("text", "intent", "left"),
    [
        ("yes", "affirm", {WIFE, OWN}),
        ("I do", "affirm", {WIFE, OWN}),
        ("both of them", "choose_option", {WIFE, OWN}),
        ("Yes, all still apply.", "affirm", {WIFE, OWN}),
        ("no", "deny", set()),
        ("None of these", "deny", set()),
        ("no, not any more", "deny_condition", set()),
        ("the second one", "choose_option", {OWN}),
        ("1", "choose_option", {WIFE}),
        ("1 and 2", "choose_option", {WIFE, OWN}),
        ("3", "choose_option", set()),
        ("Pregnancy (wife)", "state_condition", {WIFE}),
        ("Fracture (you)", "emergency", {OWN}),
        ("Pregnancy (wife), Fracture (you)", "state_condition", {WIFE, OWN}),
        ("only the fracture", "state_condition", {OWN}),
        ("the fracture and also the pregnancy", "state_condition", {WIFE, OWN}),
        ("number 2 still applies", "choose_option", {OWN}),
        ("1 and 2 apply", "choose_option", {WIFE, OWN}),
        ("the first still applies", "choose_option", {WIFE}),
    ],
)
def test_an_answer_takes_back_what_no_longer_applies(turn: NewTurn, text: str, intent: str, left: set[Any]) -> None:
    assert stand(asked(turn, text, intent)) == left


HOW_MANY = [
    *("two apply", "2 apply", "two are", "two", "three", "one applies", "one", "the two", "the 2", "still 2", "3 are"),
    *("last", "the last one", "last applies", "also 2", "and the second", "2 too", "2 & more", "both 1", "fracture, 1"),
]
ONE_MORE = [
    *("also pregnancy", "and pregnancy", "pregnancy also", "and also the pregnancy", "& pregnancy", "+ pregnancy"),
    *("plus pregnancy", "yes and fracture", "pregnancy, 1"),
]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("not sure", "unsure"),
        ("skip", "skip"),
        ("no idea, ask my wife", "deny"),
        ("7", "choose_option"),
        ("1 and 3", "choose_option"),
        ("all but the first", "choose_option"),
        ("the second one has healed", "choose_option"),
        ("the pregnancy is over", "deny_condition"),
        ("is a fracture dangerous?", "ask_contraindication"),
        ("fracture?", "state_condition"),
        ("acute fracture", "state_condition"),
        ("yes but how does it work", "ask_mechanism"),
        *[(text, "choose_option") for text in HOW_MANY],
        *[(text, "ask_other_use") for text in ONE_MORE],
        *[(text, "deny_condition") for text in ("not any more?", "No longer?", "no?")],
        ("", "nlu_fallback"),
    ],
)
def test_anything_else_takes_nothing_back(turn: NewTurn, text: str, intent: str) -> None:
    assert still_so.kept(asked(turn, text, intent)) is None
    assert stand(asked(turn, text, intent)) == {WIFE, OWN}


def test_only_what_was_asked_about_is_taken_back(turn: NewTurn) -> None:
    later = known("tumor", "customer")
    answer = replace(asked(turn, "no", "deny"), remembered=[*BOTH, later])
    assert stand(answer) == {("tumor", "customer")}


def test_and_nothing_where_it_was_not_asked(turn: NewTurn) -> None:
    assert stand(replace(asked(turn, "no", "deny"), awaiting=None)) == {WIFE, OWN}


def test_of_one_alone_a_no_is_enough(turn: NewTurn) -> None:
    one = asked(turn, "No", "deny", [known(*WIFE)])
    assert stand(one) == set()
    assert stand(replace(one, text="Yes", intent="affirm")) == {WIFE}
    assert still_so.kept(replace(one, text="2", intent="choose_option")) is None


def test_the_conditions_of_several_people_are_told_apart_by_whose_they_are(turn: NewTurn) -> None:
    two = [known("fracture", "wife"), known("fracture", "mother-in-law")]
    assert still_so.kept(asked(turn, "fracture", "state_condition", two)) is None
    assert stand(asked(turn, "Fracture (mother in law)", "state_condition", two)) == {("fracture", "mother-in-law")}


def test_what_is_seen_under_another_name_goes_with_it(turn: NewTurn) -> None:
    seen = [known(*WIFE), known("pregnancy", "partner", of="wife")]
    assert still_so.recalled(seen) == [list(WIFE)]
    assert still_so.settled(asked(turn, "no", "deny", seen), seen) == [known(*WIFE, "past")]


@pytest.mark.parametrize("status", ["denied", "past", "asked"])
def test_what_does_not_stand_is_not_asked_about(status: str) -> None:
    assert still_so.recalled([known("tumor", "customer", status)]) == []


def due(turn: NewTurn, remembered: Sequence[memory.Condition], **more: Any) -> Turn:
    return turn(remembered=remembered, recalled=still_so.recalled(remembered), silent_days=30, **more)


HELLO = Answer(AnswerKind.SMALLTALK, lead=("Goodbye, and take care.",), cites=False)


def test_one_is_asked_about_by_yes_or_no_and_several_by_a_list(turn: NewTurn) -> None:
    one = still_so.with_still_so(due(turn, [known(*WIFE)]), HELLO, [known(*WIFE)])
    assert one.question
    assert "Pregnancy (wife)" in one.question.text
    assert [option.id for option in one.question.options] == ["yes", "no"]
    both = still_so.with_still_so(due(turn, BOTH), HELLO, BOTH)
    assert both.question
    assert [o.title for o in both.question.options] == ["Pregnancy (wife)", "Fracture (you)", "None of these"]
    assert (both.question.multiple, both.awaits) == (True, STILL_SO)
    assert len({option.id for option in both.question.options}) == 3


def test_it_waits_behind_another_question_an_emergency_and_a_handover(turn: NewTurn) -> None:
    waiting = due(turn, BOTH, reach="here", intent="emergency")
    for composer in ("unanswered", "ask_to_forget", "emergency", "handover"):
        answer = COMPOSERS[composer](waiting)
        assert answer.awaits != STILL_SO
        assert still_so.due(waiting, BOTH) == BOTH, "with the next message"


def test_what_the_message_itself_speaks_of_is_not_asked_about(turn: NewTurn) -> None:
    now = [known(*WIFE, last=0), known(*OWN)]
    assert still_so.due(due(turn, now), now) == [known(*OWN)]
    healed = [known(*WIFE), known(*OWN, "past", last=0)]
    assert still_so.due(due(turn, BOTH), healed) == [known(*WIFE)]


def test_it_is_asked_once_for_each_silence(turn: NewTurn) -> None:
    ignored = asked(turn, "how does it work?", "ask_mechanism")
    assert still_so.due(ignored, BOTH) == []
    assert still_so.due(replace(ignored, silent_days=30), BOTH) == BOTH


def test_what_stands_is_warned_of_and_what_does_not_is_named(turn: NewTurn) -> None:
    one = asked(turn, "the second one", "choose_option")
    one = replace(one, remembered=still_so.settled(one, BOTH))
    answer = still_so.answered(one)
    fracture, pregnancy = (one.corpus.contraindications[id].passage for id in ("fracture", "pregnancy"))
    assert answer.verdict.value == "see_doctor_first"
    assert fracture in answer.statements
    assert pregnancy not in answer.statements
    assert "Pregnancy (wife)" in answer.closing[0]
    assert "Fracture" not in answer.closing[0]


def test_who_is_not_sure_is_warned_as_before(turn: NewTurn) -> None:
    unsure = asked(turn, "not sure", "unsure")
    answer = still_so.answered(unsure)
    assert (answer.verdict.value, answer.question) == ("avoid", None)
    assert unsure.responses("not_certain") in answer.closing


def test_what_cannot_be_told_is_asked_again(turn: NewTurn) -> None:
    answer = still_so.answered(asked(turn, "9", "choose_option"))
    assert (answer.verdict.value, answer.awaits) == ("avoid", STILL_SO)


def test_what_no_document_names_still_gets_no_yes(turn: NewTurn) -> None:
    other = [known("undocumented_condition", "customer")]
    waiting = still_so.with_still_so(due(turn, other), HELLO, other)
    assert waiting.question
    assert turn().responses("something_else") in waiting.question.text
    assert still_so.answered(asked(turn, "yes", "affirm", other)).verdict.value == "unknown"


@given(st.data())
@ANY
def test_no_words_of_a_third_source(responses: Responses, canned: dict[str, str], data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    turn = replace(turn, recalled=still_so.recalled(turn.remembered), silent_days=30, awaiting=None)
    answer = still_so.with_still_so(turn, HELLO, [{**c, "last": 3} for c in turn.remembered])
    assert (answer.awaits == STILL_SO) == bool(memory.in_force(turn.remembered))
    assert unexplained(render(answer, turn.corpus, responses), turn.corpus, responses, canned) == ""
    text = render(answer, turn.corpus, responses).replace("(wife)", "(wife) It heals.")
    if text != render(answer, turn.corpus, responses):
        assert "It heals." in unexplained(text, turn.corpus, responses, canned)
