"""Conditions that move, end or meet without being named again, through the real agent."""

from collections.abc import Callable

import pytest
from assistant import Conversation

New = Callable[[], Conversation]
SUITABILITY = "does it help sore muscles?"


@pytest.mark.parametrize(
    ("messages", "conditions"),
    [
        (
            ["I am pregnant", "that was my sister, not me"],
            {("pregnancy", "customer", "denied"), ("pregnancy", "sister", "stated")},
        ),
        (
            ["I don't have a pacemaker", "my wife does"],
            {("electronic_device", "customer", "denied"), ("electronic_device", "wife", "stated")},
        ),
        (["I don't have a pacemaker", "actually yes I do have one"], {("electronic_device", "customer", "stated")}),
        (["I broke my wrist", "it has healed"], {("fracture", "customer", "past")}),
        (["my wife is pregnant", "my partner had the baby"], {("pregnancy", "wife", "past")}),
    ],
)
def test_what_is_remembered(customer: New, messages: list[str], conditions: set[tuple[str, str, str]]) -> None:
    conversation = customer()
    conversation.say(*messages)
    assert set(conversation.conditions) == conditions


def test_what_was_said_of_oneself_by_mistake_no_longer_counts(customer: New) -> None:
    conversation = customer()
    assert conversation.say("I am pregnant", SUITABILITY).answer["verdict"] == "avoid"
    conversation.say("I meant my sister")
    assert conversation.say("can I use it for sore muscles?").answer["verdict"] == "supported"
    assert conversation.say("can my sister use it for sore muscles?").answer["verdict"] == "avoid"


@pytest.mark.parametrize("name", ["partner", "missus", "other half"])
def test_another_word_for_the_wife_is_the_wife(customer: New, name: str) -> None:
    conversation = customer()
    conversation.say("my wife is pregnant")
    assert conversation.say(f"does it help my {name}'s sore muscles?").answer["verdict"] == "avoid"


def test_what_refers_to_nothing_changes_nothing(customer: New) -> None:
    conversation = customer()
    conversation.say("my wife does", "it has healed", "that was my sister, not me")
    assert conversation.conditions == []


def test_whoever_else_was_asked_about_a_bare_may_i_is_warned(customer: New) -> None:
    conversation = customer()
    conversation.say("My mum has stiff hands and I have a tumour. Can she use it?")
    assert conversation.say("And can I?").answer["verdict"] == "see_doctor_first"


def test_a_device_taken_out_after_asking_its_wearer_counts_no_more(customer: New) -> None:
    conversation = customer()
    conversation.say("My husband wears a pacemaker, can he use it?", "I asked him and it was taken out last year.")
    assert set(conversation.conditions) == {("electronic_device", "husband", "past")}
