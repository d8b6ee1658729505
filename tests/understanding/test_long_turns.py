"""Messages that were sent one after the other and are answered as one: what matters is heard wherever it stands."""

from collections.abc import Callable

import pytest
from assistant import Conversation

SMALL_TALK = [
    "good morning",
    "my order arrived on Monday",
    "nicely packed",
    "the manual is short",
    "I read it twice",
    "my son put it together",
    "it stands beside the desk",
    "the cat sleeps on it",
    "we moved here last spring",
    "I work from home",
    "the evenings are cold",
    "I keep a garden",
]
New = Callable[[], Conversation]


def _turn(told: str, before: int, *after: str) -> str:
    return "\n".join([*SMALL_TALK[:before], told, *after])


@pytest.mark.parametrize("before", [0, 4, 12])
@pytest.mark.parametrize(
    "told",
    [
        "dad dropped to the floor and he's grey",
        "my tongue is swelling up after a peanut",
        "what shall I do, she has passed out?",
    ],
)
def test_an_emergency_is_heard(customer: New, told: str, before: int) -> None:
    assert customer().say(_turn(told, before, "do you send it to Norway?")).answer["kind"] == "emergency"


def test_an_emergency_is_heard_after_many_questions(customer: New) -> None:
    questions = ["does it ease a stiff neck?", "how does it work?", "what is it good for?", "is it safe?"]
    assert customer().say("\n".join([*questions, "am I having a heart attack?"])).answer["kind"] == "emergency"


@pytest.mark.parametrize(
    "told",
    [
        "this heat is killing me",
        "my old pad died last week",
        "My husband has a pacemaker and won't touch it.",
        "hurry up",
    ],
)
def test_what_only_sounds_like_an_emergency_is_none(customer: New, told: str) -> None:
    assert customer().say(_turn(told, 4, "does it ease a stiff neck?")).answer["kind"] != "emergency"


@pytest.mark.parametrize("before", [0, 8, 12])
@pytest.mark.parametrize(
    ("told", "condition"),
    [
        ("there's a gadget in my chest that gives me a jolt when my heart stops", "electronic_device"),
        ("I turn red and blister after a few minutes of sun", "photosensitivity"),
    ],
)
def test_a_condition_that_is_not_named_is_heard(customer: New, told: str, condition: str, before: int) -> None:
    conversation = customer()
    reply = conversation.say(_turn(told, before, "would it ease a stiff neck?"))
    assert reply.warnings or reply.answer["verdict"] in ("avoid", "see_doctor_first", "confirm_first")
    assert condition in [found for found, _, _ in conversation.conditions]


@pytest.mark.parametrize("wish", ["fetch me one of your staff", "I'd sooner talk to an employee"])
@pytest.mark.parametrize(
    "after", [["thank you"], SMALL_TALK[6:], ["does it ease a stiff neck?", "how does it work?", "is it safe?"]]
)
def test_a_wish_for_a_person_is_heard(customer: New, wish: str, after: list[str]) -> None:
    assert customer().say(_turn(wish, 6, *after), reach="here").answer["handover"] == "asked"


@pytest.mark.parametrize(
    "refusal",
    [
        "no human please",
        "not an operator pls",
        "without a person, thank you",
        "no staff needed",
        "not yet thanks, no need of an advisor",
        "no agent, just you",
    ],
)
def test_a_person_who_is_refused_does_not_take_over(customer: New, refusal: str) -> None:
    assert not customer().say(refusal, reach="here").answer.get("handover")
    asking = customer().say(f"{refusal}\ndoes it ease a stiff neck?", reach="here").answer
    assert (asking["kind"], asking.get("handover")) == ("suitability", None)


@pytest.mark.parametrize(
    "wish",
    [
        "no, a human please",
        "is no human there?",
        "is there no employee here",
        "not the bot, a human",
        "no more bot please",
    ],
)
def test_a_no_beside_a_wish_for_a_person_is_no_refusal(customer: New, wish: str) -> None:
    assert customer().say(wish, reach="here").answer["handover"] == "asked"
