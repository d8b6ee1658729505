"""The questions of a message, each with what is told before it."""

import pytest

from bot.understanding.questions import MOST, parts


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
