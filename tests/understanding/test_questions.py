"""The questions of a message, each with what is told before it."""

import pytest

from bot.understanding.questions import MOST, clauses, parts, statements, without


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("How does it work and is it safe?", ["How does it work", "is it safe?"]),
        ("how soon does it act, does it act on everyone, and the price?", 3),
        ("Does it ease a stiff neck? How much is it?", ["Does it ease a stiff neck?", "How much is it?"]),
        ("Does it help my knee and my back?", 1),
        ("I have a dog and can he use it", 0),
        ("My back hurts.", 0),
        ("", 0),
        ("?!", 0),
        ("when the baby is born, can I use it?", 1),
        ("two things: does it tone skin, and when would I notice?", 2),
        ("ok and wrinkles? oh and what does it cost", 2),
    ],
)
def test_questions_are_told_apart(message: str, questions: list[str] | int) -> None:
    found = [part.question for part in parts(message)]
    assert (len(found) if isinstance(questions, int) else found) == questions


def test_what_is_told_before_a_question_is_its_context() -> None:
    (part,) = parts("My shoulder is stiff. I sit all day. Can it help?")
    assert part.question == "Can it help?"
    assert part.text == "My shoulder is stiff. I sit all day. Can it help?"


def test_what_is_told_after_the_last_question_belongs_to_it() -> None:
    first, last = parts("How does it work? Does it help? My knee aches.")
    assert (first.text, last.text) == ("How does it work?", "Does it help? My knee aches.")


def test_no_more_questions_are_looked_at_than_can_be_answered() -> None:
    assert len(parts("Is it good? " * 50)) == MOST


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("and for my gums?", "does it help with my gums?"),
        ("ok, what about cold feet", "does it help with cold feet?"),
        ("or wrinkles", "does it help with wrinkles?"),
    ],
)
def test_a_short_follow_up_stands_for_a_question(message: str, asked: str) -> None:
    assert [part.question for part in parts(message)] == [asked]


@pytest.mark.parametrize("message", ["and for me?", "and mine?", "and him", "and how does it work?", "and if I fall?"])
def test_a_follow_up_that_names_nothing_stands_for_none(message: str) -> None:
    assert not any(part.question.startswith("does it help with") for part in parts(message))


def test_sentences_that_ask_nothing_are_told_apart() -> None:
    assert statements("Can I use the pad? My knee is stiff. I sit a lot!") == ["My knee is stiff.", "I sit a lot!"]
    assert statements("My knee is stiff.") == []


@pytest.mark.parametrize(
    ("message", "denied", "rest"),
    [
        ("no fever and no wounds, just sore legs", ["fever", "wounds"], "just sore legs"),
        ("My cut has healed. Is it good for a stiff neck?", ["cut"], "Is it good for a stiff neck"),
        ("I am not pregnant", ["pregnant"], ""),
    ],
)
def test_what_is_denied_leaves_the_other_clauses(message: str, denied: list[str], rest: str) -> None:
    places = [(message.index(word), message.index(word) + len(word)) for word in denied]
    assert without(message, places).rstrip("?") == rest


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("I am pregnant and want a human", ["I am pregnant ", "and want a human"]),
        ("human please - epilepsy", ["human please -", " epilepsy"]),
        ("it hurts (a lot), is anybody there? I'm ill", ["it hurts ", "(a lot),", " is anybody there?", " I'm ill"]),
        ("does it help sand burns", ["does it help sand burns"]),
        ("", []),
    ],
)
def test_clauses_are_told_apart_and_nothing_of_them_is_lost(message: str, found: list[str]) -> None:
    assert clauses(message) == found
    assert "".join(found) == message
