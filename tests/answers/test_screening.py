"""The screening question: asked once for each person, answered in any way, and what it leaves in the memory."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.answers import memory, screening
from bot.answers.answer import AnswerVerdict
from bot.answers.turn import Turn
from bot.corpus import Corpus

Make = Callable[..., Turn]


def listed(corpus: Corpus) -> list[str]:
    return [*corpus.contraindications, "none"]


def test_it_is_asked_once_for_a_person(turn: Make) -> None:
    assert screening.screening(turn()).question
    again = screening.screening(turn(screening_asked=["customer"]))
    assert again.question is None
    assert again.awaits == screening.SCREENING  # what was asked can still be answered
    assert screening.screening(turn(screening_asked=["customer"], asked_person="wife")).question


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("the second one", [2]), ("1 and 3", [1, 3]), ("number 4 please", [4]), ("first and fifth", [1, 5]), ("2nd", [2])],
)
def test_numbers_of_the_list_are_conditions(turn: Make, corpus: Corpus, text: str, numbers: list[int]) -> None:
    asked = turn(text=text, intent="choose_option")
    conditions = [listed(corpus)[number - 1] for number in numbers]
    answer = screening.chosen(asked)
    assert {c["id"] for c in answer.conditions} == set(conditions)
    assert answer.verdict in {AnswerVerdict.AVOID, AnswerVerdict.CONFIRM_FIRST, AnswerVerdict.SEE_DOCTOR_FIRST}
    assert {c["id"] for c in memory.in_force(screening.after(asked, answer))} == set(conditions)


@pytest.mark.parametrize("text", ["all but the second", "not the first", "one or two", "number 99", "option", "0"])
def test_a_number_that_is_not_plain_is_asked_again_and_supports_nothing(turn: Make, text: str) -> None:
    asked = turn(text=text, intent="choose_option")
    answer = screening.chosen(asked)
    assert answer.question
    assert answer.verdict is AnswerVerdict.UNKNOWN
    assert [c["id"] for c in screening.after(asked, answer)] == [memory.UNSPECIFIED]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("10", [10]),
        ("1\ufe0f\u20e3", [1]),
        ("\U0001f51f", [10]),
        ("number eleven", [11]),
        ("no. 4 and the second", [4, 2]),
        ("(5), 7 & 11", [5, 7, 11]),
        ("it's 9", [9]),
        ("none of these\ni mean 3", [3]),
    ],
)
@pytest.mark.parametrize("taken_for", ["thank", "out_of_scope", "greet", "ask_contact"])
def test_only_numbers_choose_whatever_the_message_was_taken_for(
    turn: Make, corpus: Corpus, text: str, numbers: list[int], taken_for: str
) -> None:
    found = screening.by_list(turn(text=text, intent=taken_for, awaiting="screening"))
    assert found
    conditions = [listed(corpus)[number - 1] for number in numbers]
    assert [c["id"] for c in memory.in_force(screening.after(*found))] == conditions


@pytest.mark.parametrize(
    "text", ["10 minutes", "I'm 34", "24 weeks along", "2 weeks ago", "9:30", "5 stars", "first time", "$10"]
)
def test_what_only_has_a_number_chooses_nothing(turn: Make, text: str) -> None:
    assert screening.by_list(turn(text=text, awaiting="screening")) is None


@pytest.mark.parametrize("text", ["14", "0", "twenty", "2 and 99"])
def test_a_number_outside_the_list_is_told_so_and_asked_again(turn: Make, corpus: Corpus, text: str) -> None:
    found = screening.by_list(turn(text=text, intent="thank", awaiting="screening"))
    assert found
    assert f"from 1 to {len(listed(corpus))}" in " ".join(found[1].lead)
    assert found[1].question
    assert [c["id"] for c in screening.after(*found)] == [memory.UNSPECIFIED]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("actually 6", {6}),
        ("wait, the first one does", {1}),
        ("no hang on, number 2 applies", {2}),
        ("ah sorry, one of them does", None),
        ("the second one", set()),  # it may be a use that was quoted
        ("6 minutes?", set()),
    ],
)
def test_soon_after_none_of_these_a_number_still_counts(
    turn: Make, corpus: Corpus, text: str, after: set[int] | None
) -> None:
    answered = {"person": "wife", "chosen": [], "ago": 1, "doubted": False}
    found = screening.by_list(turn(text=text, intent="affirm", screened=["wife"], listed=answered))
    conditions = {memory.UNSPECIFIED} if after is None else {listed(corpus)[number - 1] for number in after}
    told = screening.after(*found) if found else []
    assert {(c["id"], c["holder"]) for c in told} == {(condition, "wife") for condition in conditions}


@pytest.mark.parametrize(
    ("text", "ago", "left"),
    [
        ("I meant none", 0, {"pregnancy"}),
        ("oops, none of them", 0, {"pregnancy"}),
        ("sorry, I meant 12", 0, {"pregnancy", "tumor"}),
        ("actually 12 too", 0, {"pregnancy", "fracture", "tumor"}),
        ("no", 0, {"pregnancy", "fracture"}),
        ("None of these", 0, {"pregnancy", "fracture"}),  # it may be of the rest
        ("13", 0, {"pregnancy", "fracture"}),
        ("I meant 13", 0, {"pregnancy"}),
        ("that was a mistake", 0, {"pregnancy", "fracture"}),
        ("oops, none of them", 1, {"pregnancy", "fracture"}),
    ],
)
def test_what_was_just_chosen_is_taken_back_and_nothing_else(turn: Make, text: str, ago: int, left: set[str]) -> None:
    stated = [{"id": i, "holder": "customer", "status": "stated"} for i in ("pregnancy", "fracture")]
    answered = {"person": "customer", "chosen": ["fracture"], "ago": ago, "doubted": False}
    now = turn(text=text, remembered=stated, listed=answered)
    found = screening.by_list(now)
    assert {c["id"] for c in memory.in_force(screening.after(*found) if found else stated)} == left


def test_who_takes_a_choice_back_too_vaguely_is_told_how(turn: Make) -> None:
    stated = [{"id": "fracture", "holder": "customer", "status": "stated"}]
    answered = {"person": "customer", "chosen": ["fracture"], "ago": 0, "doubted": False}
    now = turn(text="wrong number", remembered=stated, listed=answered)
    found = screening.by_list(now)
    assert found
    assert now.responses("still_counts") in found[1].closing


def test_the_last_number_is_none_of_them(turn: Make, corpus: Corpus) -> None:
    asked = turn(text=str(len(listed(corpus))), intent="choose_option")
    assert screening.chosen(asked).verdict is AnswerVerdict.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "None of these",
        "none of them applies to me",
        "nothing on the list",
        "Fine. I have none of these.",
        "ok, I've got none of those",
    ],
)
def test_a_plain_no_clears(turn: Make, text: str) -> None:
    open_point = memory.remember_unspecified([], "customer")
    asked = turn(text=text, awaiting="screening", remembered=open_point)
    answer = screening.concluded(asked)
    assert answer.verdict is AnswerVerdict.SUPPORTED
    assert screening.after(asked, answer) == []


def test_a_mere_no_after_another_question_clears_nothing(turn: Make) -> None:
    assert screening.concluded(turn(text="no", awaiting="interrupted")).verdict is AnswerVerdict.NONE
    assert screening.concluded(turn(text="none of them", awaiting="interrupted")).verdict is AnswerVerdict.SUPPORTED


def test_who_is_not_sure_is_told_to_wait(turn: Make) -> None:
    asked = turn(text="not sure")
    answer = screening.not_sure(asked)
    assert answer.verdict is AnswerVerdict.UNKNOWN
    assert answer.contact
    assert [c["id"] for c in screening.after(asked, answer)] == [memory.UNSPECIFIED]


def test_whoever_has_a_condition_is_not_cleared_by_any_answer(turn: Make) -> None:
    standing = [{"id": "pregnancy", "holder": "customer", "status": "stated", "said": []}]
    for composer in (screening.screening, screening.concluded, screening.which_applies, screening.not_sure):
        asked = turn(text="none of these", awaiting="screening", remembered=standing)
        answer = composer(asked)
        assert answer.verdict is AnswerVerdict.AVOID
        assert screening.after(asked, answer) == standing


def test_leaving_the_question_supports_nothing(turn: Make) -> None:
    assert screening.left(turn(text="skip it")).verdict is AnswerVerdict.NONE


@pytest.mark.parametrize("text", ["nope, except the heart thing", "yes but only my wife", "not all of them"])
def test_half_an_answer_is_asked_about(turn: Make, text: str) -> None:
    asked = turn(text=text, intent="out_of_scope", confidence=0.4, awaiting="screening")
    answer = screening.half_answered(asked)
    assert answer
    assert answer.verdict is AnswerVerdict.UNKNOWN
    assert answer.question


@pytest.mark.parametrize(
    "other",
    [
        {"awaiting": None},
        {"confidence": 0.9},
        {"text": "how does it work"},
        {"text": "no idea, how does it work?"},
        {"intent": "deny"},
    ],
)
def test_what_asks_something_else_is_no_half_answer(turn: Make, other: dict[str, Any]) -> None:
    half = {"text": "nope, except that", "intent": "out_of_scope", "confidence": 0.4, "awaiting": "screening"}
    assert screening.half_answered(turn(**{**half, **other})) is None
