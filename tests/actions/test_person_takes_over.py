"""A person takes a conversation over: what is said to that person settles nothing that the assistant had asked."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from assistant import Assistant, Conversation, Reply

from bot.channels.turn import reply_to
from bot.handover import Desk
from bot.settings.handover import Handover, Webhook
from bot.store import Store

New = Callable[[], Conversation]
OWN = ("electronic_device", "customer")


class Talk(Conversation):
    """A conversation that a person can take."""

    desk: Desk

    def hear(self, text: str, **metadata: Any) -> list[dict[str, Any]]:
        """What the assistant says to a message, if anything."""
        return asyncio.run(reply_to(self.assistant.agent, self.id, text, "test", metadata, desk=self.desk))

    def say(self, *texts: str, **metadata: Any) -> Reply:
        for text in texts:
            (message,) = self.hear(text, **metadata)
        return Reply(message)

    def tell_person(self, text: str) -> None:
        assert self.hear(text) == []

    def person_says(self, text: str = "Has your parcel arrived?") -> None:
        self.desk.ask(self.id, "test", "asked")
        self.desk.say(self.id, text)

    def give_back(self) -> None:
        self.desk.give_back(self.id)

    @property
    def standing(self) -> set[tuple[str, str]]:
        return {(id, holder) for id, holder, status in self.conditions if status in ("stated", "unsure")}


@pytest.fixture
def talk(assistant: Assistant) -> Iterator[Talk]:
    engine = sa.create_engine(f"sqlite:///{assistant.database}")
    Store(engine)
    found = Talk(assistant)
    found.desk = Desk(engine, Handover(webhook=Webhook("http://127.0.0.1:9", "whsec_" + "A" * 32)))
    yield found
    engine.dispose()


def asked(reply: Reply) -> str:
    return str(reply.answer.get("question", {}).get("text", ""))


@pytest.mark.parametrize("no", ["no", "not any more", "none", "it is gone", "no longer"])
@pytest.mark.parametrize("when", ["meanwhile", "afterwards"])
def test_still_so_is_not_settled_and_asked_again(talk: Talk, no: str, when: str) -> None:
    talk.say("I have a pacemaker")
    question = asked(talk.say("hello", silent_days=40))
    assert question
    talk.person_says()
    if when == "meanwhile":
        talk.tell_person(no)
        talk.give_back()
        assert asked(talk.say("hello")) == question
    else:
        talk.give_back()
        assert asked(talk.say(no)) == question
    assert talk.standing == {OWN}
    talk.say("no")
    assert talk.standing == set(), "asked by the assistant, it counts"


def test_what_is_named_to_a_person_is_remembered(talk: Talk) -> None:
    talk.say("I have a pacemaker")
    talk.say("hello", silent_days=40)
    talk.person_says()
    talk.tell_person("no, but I am pregnant")
    assert talk.standing == {OWN, ("pregnancy", "customer")}
    talk.tell_person("I am no longer pregnant")
    assert talk.standing == {OWN}


@pytest.mark.parametrize("meanwhile", [[], ["ok"]])
def test_nothing_is_forgotten(talk: Talk, meanwhile: list[str]) -> None:
    talk.say("I have a pacemaker", "forget me")
    talk.person_says()
    for text in meanwhile:
        talk.tell_person(text)
    talk.give_back()
    talk.say("ok")
    assert talk.standing == {OWN}


@pytest.mark.parametrize("meanwhile", [[], ["2"], ["none"]])
def test_the_screening_is_shown_again(talk: Talk, meanwhile: list[str]) -> None:
    question = asked(talk.say("is it suitable for me?"))
    talk.person_says()
    for text in meanwhile:
        talk.tell_person(text)
    talk.give_back()
    assert talk.say("none of these").answer["verdict"] != "supported"
    assert not talk.tracker().get_slot("screened")
    assert asked(talk.say("is it suitable for me?")) == question
    assert talk.say("none of these").answer["verdict"] == "supported"


def test_what_may_apply_stays_so(talk: Talk) -> None:
    talk.say("I might be pregnant")
    assert talk.tracker().get_slot("awaiting") == "confirming"
    talk.person_says()
    talk.tell_person("no")
    talk.give_back()
    talk.say("no")
    assert talk.standing == {("pregnancy", "customer")}


def test_an_offer_of_a_person_is_taken_no_more(talk: Talk) -> None:
    assert asked(talk.say("what does shipping to Norway cost?"))
    talk.person_says()
    talk.give_back()
    assert "handover" not in talk.say("yes").answer


def test_the_assistants_next_question_is_answered_as_ever(talk: Talk) -> None:
    talk.person_says()
    talk.give_back()
    talk.say("is it suitable for me?")
    assert talk.say("none of these").answer["verdict"] == "supported"


@pytest.mark.parametrize(
    ("question", "id", "answers"),
    [
        ("Are you pregnant?", "pregnancy", {"yes": "stated", "I am": "stated", "yes, 20 weeks": "stated"}),
        ("Could you be pregnant?", "pregnancy", {"maybe": "unsure", "I'm not sure": "unsure", "probably": "unsure"}),
        ("Hello! May I ask if you have lupus?", "photosensitivity", {"yep": "stated", "I don't know": "unsure"}),
        ("do you wear a pacemaker", "electronic_device", {"yes I do, why?": "stated"}),
    ],
)
@pytest.mark.parametrize("when", ["meanwhile", "afterwards"])
def test_a_yes_to_what_a_person_asks_is_remembered(
    assistant: Assistant, talk: Talk, when: str, question: str, id: str, answers: dict[str, str]
) -> None:
    for answer, status in answers.items():
        each = Talk(assistant)
        each.desk = talk.desk
        each.say("hello")
        each.person_says(question)
        if when == "meanwhile":
            each.tell_person(answer)
            each.give_back()
        else:
            each.give_back()
            each.say(answer)
        assert (id, "customer", status) in each.conditions
        assert each.say("does it help sore feet?").answer["verdict"] not in ("supported", "limited")


def test_a_yes_counts_when_a_person_wrote_more_and_the_customer_something_else_before(talk: Talk) -> None:
    talk.person_says("Are you pregnant?")
    talk.person_says("I ask because it matters here.")
    talk.tell_person("one moment")
    talk.tell_person("yes")
    assert talk.standing == {("pregnancy", "customer")}


def test_a_yes_to_one_of_several_questions_may_be_to_any(talk: Talk) -> None:
    talk.person_says("Has the parcel arrived? And do you have a pacemaker?")
    talk.tell_person("yes")
    assert (*OWN, "unsure") in talk.conditions


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Are you pregnant?", "no"),
        ("Are you pregnant?", "I am not"),
        ("Are you pregnant?", "I don't think so"),
        ("Has your parcel arrived?", "yes"),
        ("It is not for pregnant women. Did that help?", "yes"),
        ("You are not pregnant, are you?", "yes"),
        ("Was the pacemaker taken out?", "yes"),
        ("Have you read the part about pacemakers?", "yes"),
        ("Shall I send you our page on cancer?", "yes"),
        ("What would you like to know about lupus?", "yes"),
    ],
)
def test_no_other_answer_and_no_other_question_is_taken_for_one(talk: Talk, question: str, answer: str) -> None:
    talk.person_says(question)
    talk.tell_person(answer)
    assert talk.standing == set()


def test_what_was_answered_is_answered(talk: Talk) -> None:
    talk.person_says("Are you pregnant?")
    talk.tell_person("no")
    talk.tell_person("yes")
    talk.give_back()
    talk.say("does it help sore feet?", "yes")
    assert talk.standing == set()
