"""A person who takes over, and 'still so?', through the real agent: by what the channel says of each message."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from assistant import Assistant, Conversation, Reply
from rasa.core.channels.channel import UserMessage

from actions.answer_suitability import AnswerSuitability
from bot.channels import turn
from bot.channels.turn import ReplyChannel, reply_to
from bot.evaluation.third_source import unexplained

New = Callable[[], Conversation]
THERE = pytest.mark.parametrize("reach", ["here", "away"])
OFFERS = {
    "unanswered": ["what does shipping to Norway cost?"],
    "not_understood": ["zrt plonk qwx", "qqq wvw ezze"],
    "emergency": ["I think I'm having a heart attack"],
}
every_offer = pytest.mark.parametrize("reason", OFFERS)


def offered(reply: Reply) -> list[str]:
    return [option["title"] for option in reply.answer.get("question", {}).get("options", [])]


@THERE
@every_offer
@pytest.mark.parametrize("yes", ["Yes, a person please", "yes", "please do"])
def test_an_offer_that_is_taken_hands_over_for_its_reason(customer: New, reach: str, reason: str, yes: str) -> None:
    conversation = customer()
    reply = conversation.say(*OFFERS[reason], reach=reach)
    assert offered(reply)[0] == "Yes, a person please"
    assert "handover" not in reply.answer
    taken = conversation.say(yes, reach=reach)
    assert taken.answer["handover"] == reason
    assert conversation.assistant.responses(f"handover_{reach}") in taken.text


@THERE
@every_offer
@pytest.mark.parametrize("no", ["No, thank you", "no", "skip", "not sure", "does it help sore feet?", "zrt plonk qwx"])
def test_anything_else_goes_on_and_a_later_yes_hands_nothing_over(
    customer: New, reach: str, reason: str, no: str
) -> None:
    conversation = customer()
    for text in (*OFFERS[reason], no):
        reply = conversation.say(text, reach=reach)
    assert "handover" not in reply.answer
    assert reply.answer["kind"] in ("smalltalk", "suitability", "clarification")
    assert "handover" not in conversation.say("yes", reach=reach).answer


@THERE
@pytest.mark.parametrize(
    "yes",
    [
        "yes please, my heel has been sore for weeks",
        "Yes. Is it loud, and for how many minutes a day?",
        "sure\nI live on Malta",
        "my heel is sore\nyes please",
        "Yes, a person please\nhm, or wait",
        "my heel is sore\nYes, a person please",
        "No, thank you\nYes, a person please",
    ],
)
def test_an_offer_is_taken_whatever_stands_beside_the_yes(customer: New, reach: str, yes: str) -> None:
    conversation = customer()
    conversation.say(*OFFERS["unanswered"], reach=reach)
    taken = conversation.say(yes, reach=reach)
    assert taken.answer["handover"] == "unanswered"
    assert conversation.assistant.responses(f"handover_{reach}") in taken.text
    assert not taken.answer.get("question")


@THERE
def test_what_is_told_beside_the_yes_is_warned_of_and_an_emergency_comes_first(customer: New, reach: str) -> None:
    conversation = customer()
    conversation.say(*OFFERS["unanswered"], reach=reach)
    taken = conversation.say("Yes, a person please\nI wear a pacemaker", reach=reach)
    assert taken.answer["handover"] == "unanswered"
    assert [c["id"] for c in taken.answer["conditions"]] == ["electronic_device"]
    assert taken.answer["warnings"]
    other = customer()
    other.say(*OFFERS["unanswered"], reach=reach)
    taken = other.say("yes please, and my father has just collapsed", reach=reach)
    assert (taken.answer["kind"], taken.answer["handover"]) == ("emergency", "emergency")
    assert taken.text.startswith(other.assistant.responses("emergency"))


@pytest.mark.parametrize(
    "text",
    [
        "no thanks, but does it help sore feet?",
        "yes I have used one before",
        "yes, it does feel warm, does it help sore feet?",
        "yes or no?",
        "ok, does it help sore feet?",
        "please tell me whether it helps sore feet",
        "yes but I don't want a person, does it help sore feet?",
        "No, thank you\ndoes it help sore feet?",
    ],
)
def test_a_yes_to_something_else_takes_no_offer(customer: New, text: str) -> None:
    conversation = customer()
    conversation.say(*OFFERS["unanswered"], reach="here")
    assert "handover" not in conversation.say(text, reach="here").answer
    assert "handover" not in conversation.say("yes please, my heel is sore", reach="here").answer, "not just made"


@THERE
@pytest.mark.parametrize("words", ["I want a person", "can I talk to a human", "let me speak to somebody please"])
def test_a_person_can_be_asked_for_at_any_time(customer: New, reach: str, words: str) -> None:
    conversation = customer()
    conversation.say("is it suitable for me?", reach=reach)
    reply = conversation.say(words, reach=reach)
    assert (reply.answer["kind"], reply.answer["handover"]) == ("handover", "asked")
    assert conversation.say(words, reach=reach).answer["handover"] == "asked", "asking again is told the same"


def test_the_words_that_it_tells_the_customer_to_say_ask_for_a_person(customer: New, assistant: Assistant) -> None:
    told = assistant.responses("person_here")
    words = told[told.index("'") + 1 : told.rindex("'")]
    assert customer().say(words, reach="here").answer["handover"] == "asked"


@every_offer
def test_where_nobody_is_reached_here_all_is_as_it_was(customer: New, reason: str, assistant: Assistant) -> None:
    for metadata in ({}, {"reach": "none"}, {"reach": "elsewhere"}):
        conversation = customer()
        reply = conversation.say(*OFFERS[reason], **metadata)
        assert "question" not in reply.answer
        assert conversation.tracker().get_slot("awaiting") is None
        assert "handover" not in conversation.say("yes", **metadata).answer
        assert "handover" not in (asked := conversation.say("I want a person", **metadata)).answer
        assert assistant.corpus.contact.whatsapp in asked.text


@THERE
@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("I have a pacemaker and want to speak to somebody", "electronic_device"),
        ("I am pregnant and want a human", "pregnancy"),
        ("I want a human, I am pregnant", "pregnancy"),
        ("pregnant here, need an actual person", "pregnancy"),
        ("can I talk to your staff, I have lupus", "photosensitivity"),
        ("Let me talk to an employee. My arm is broken", "fracture"),
        ("you keep telling me the same, I have a pacemaker, give me a real person", "electronic_device"),
        ("I have lupus but you don't understand, get me a person", "photosensitivity"),
        ("my dad has a pacemaker, who can he speak to", "electronic_device"),
        ("i had chemo last year, can someone ring me back", "tumor"),
        ("can it be used with an ICD? I would like a person to answer that", "electronic_device"),
    ],
)
def test_what_is_told_with_the_wish_for_a_person_is_warned_of(
    customer: New, assistant: Assistant, reach: str, text: str, condition: str
) -> None:
    conversation = customer()
    reply = conversation.say(text, reach=reach)
    assert reply.answer["handover"] == "asked"
    assert assistant.corpus.contraindications[condition].passage.text in reply.text
    assert condition in {id for id, _, _ in conversation.conditions}


@pytest.mark.parametrize(
    "text", ["this is useless, get me somebody real", "what a waste of time, let me chat with a human", "Hm. Operator!"]
)
def test_the_wish_is_heard_in_a_complaint(customer: New, text: str) -> None:
    assert customer().say(text, reach="here").answer["handover"] == "asked"


@pytest.mark.parametrize(
    "text",
    [
        "does it help a stiff neck? I want to speak to somebody",
        "I want to speak to somebody. does it help a stiff neck?",
        "does it help a stiff neck, otherwise connect me to support",
    ],
)
def test_a_question_beside_the_wish_is_answered_too(customer: New, assistant: Assistant, text: str) -> None:
    reply = customer().say(text, reach="here")
    assert reply.answer["handover"] == "asked"
    assert assistant.responses("verdict_supported") in reply.text
    assert assistant.responses("handover_here") in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "a person with epilepsy",
        "is it safe for a person like me",
        "can a human use a pet lamp",
        "I want to help somebody with lupus",
        "can somebody with a pacemaker use it",
        "I need it for a real person, not a doll",
        "I have a pacemaker, does somebody know whether it is safe",
        "my doctor wants me to speak to somebody about my epilepsy",
        "I'm only human and my back hurts",
        "I am pregnant and want one",
        "I don't want to talk to a human",
        "Funny, I can't tell whether there's a person or a program at the other end here.",
    ],
)
def test_who_only_speaks_of_persons_asks_for_none(customer: New, text: str) -> None:
    assert "handover" not in customer().say(text, reach="here").answer


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("I think I am having a heart attack", set()),
        ("I can't breathe and my chest hurts", set()),
        ("my throat is swelling up and I can't breathe", set()),
        ("I have cancer and can't breathe", {"tumor"}),
        ("my dad collapsed and has a pacemaker", {"electronic_device"}),
        ("my leg bone is sticking out after a fall", {"fracture"}),
    ],
)
def test_an_emergency_is_no_condition_and_what_is_told_beside_it_is_remembered(
    customer: New, text: str, known: set[str]
) -> None:
    conversation = customer()
    assert conversation.say(text, reach="here").answer["kind"] == "emergency"
    assert {id for id, _, _ in conversation.conditions} == known


def test_who_writes_to_the_number_is_never_told_it(customer: New, assistant: Assistant) -> None:
    digits = assistant.corpus.contact.whatsapp[3:]
    said = ["what is your phone number?", "contact", "who should not use it?", "how much is it?", "I want a person"]
    for text in (*said, "zrt plonk qwx", "I have a hip replacement", "¿puedo usarlo embarazada?", "who are you?"):
        reply = customer().say(text, reach="away", number=False)
        assert digits not in reply.text.replace(" ", ""), text
        assert "contact" not in reply.answer, text


@THERE
def test_nor_by_a_failure(assistant: Assistant, customer: New, monkeypatch: pytest.MonkeyPatch, reach: str) -> None:
    monkeypatch.setattr(AnswerSuitability, "compose", lambda self, turn: 1 / 0)
    reply = customer().say("does it help sore muscles?", reach=reach)
    assert reply.answer["kind"] == "failure"
    assert assistant.responses("person_here") in reply.text
    assert "contact" not in reply.answer


async def test_nor_without_a_domain(monkeypatch: pytest.MonkeyPatch, assistant: Assistant) -> None:
    (message,) = await reply_to(None, "nobody", "hello", "test", {"reach": "away"})
    assert turn.FALLBACK["utter_person_here"][0]["text"] in message["text"]
    assert assistant.corpus.contact.whatsapp not in message["text"]


def test_in_an_emergency_nobody_is_offered_to_whom_a_person_writes(assistant: Assistant, customer: New) -> None:
    conversation, output = customer(), ReplyChannel()
    text = OFFERS["emergency"][0]
    message = UserMessage(text, output, conversation.id, input_channel="test", metadata={"reach": "here"})
    asyncio.run(turn._listen(assistant.agent, message))
    (said,) = output.messages
    assert said["custom"]["answer"]["kind"] == "emergency"
    assert "question" not in said["custom"]["answer"]


TWO = "my wife is pregnant and I have a broken wrist"
WIFE, OWN = ("pregnancy", "wife"), ("fracture", "customer")


def standing(conversation: Conversation) -> set[tuple[str, str]]:
    return {(id, holder) for id, holder, status in conversation.conditions if status in ("stated", "unsure")}


def asks_again(reply: Reply, assistant: Assistant) -> bool:
    begin = assistant.responses("still_so", conditions="\0").split("\0")[0]
    asked = reply.answer.get("question", {}).get("text", "")
    return bool(asked) and (asked.startswith(begin) or asked == assistant.responses("which_still_so"))


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        (["Pregnancy (wife), Fracture (you)"], {WIFE, OWN}),
        (["Fracture (you)"], {OWN}),
        (["1"], {WIFE}),
        (["None of these"], set()),
        (["no"], set()),
        (["not any more"], set()),
        (["yes"], {WIFE, OWN}),
        (["all of them"], {WIFE, OWN}),
        (["not sure"], {WIFE, OWN}),
        (["skip"], {WIFE, OWN}),
        (["how does it work?", "no"], {WIFE, OWN}),
        (["zrt plonk qwx", "no"], {WIFE, OWN}),
        (["my wrist has healed"], {WIFE}),
        (["5", "the first one"], {WIFE}),
    ],
)
def test_after_a_month_what_is_remembered_is_asked_about_and_stands_until_it_is_taken_back(
    customer: New, assistant: Assistant, answers: list[str], left: set[Any]
) -> None:
    conversation = customer()
    assert not asks_again(conversation.say(TWO), assistant)
    assert not asks_again(conversation.say("hello", silent_days=29), assistant)
    assert asks_again(conversation.say("hello", silent_days=30), assistant)
    assert standing(conversation) == {WIFE, OWN}
    for text in answers:
        reply = conversation.say(text)
    assert standing(conversation) == left
    assert not asks_again(reply, assistant)
    assert not asks_again(conversation.say("hello"), assistant), "once"
    for (condition, _), question in {WIFE: "does it help my wife's back?", OWN: "does it help my back?"}.items():
        warned = assistant.corpus.contraindications[condition].passage.text in conversation.say(question).text
        assert warned is (condition in {id for id, _ in left})


def test_the_message_itself_is_answered_first_with_its_warnings(customer: New, assistant: Assistant) -> None:
    conversation = customer()
    conversation.say("I have a pacemaker")
    reply = conversation.say("does it help a stiff neck?", silent_days=400)
    assert reply.judged == ("suitability", "confirm_first")
    warned = reply.text.index(assistant.corpus.contraindications["electronic_device"].passage.text)
    assert asks_again(reply, assistant)
    assert warned < reply.text.index(reply.answer["question"]["text"])


@pytest.mark.parametrize("first", ["is it suitable for my son?", "forget me", "how much is it?", "I want a person"])
def test_what_must_be_asked_or_said_first_comes_first(customer: New, assistant: Assistant, first: str) -> None:
    conversation = customer()
    conversation.say("my wife is pregnant")
    assert not asks_again(conversation.say(first, silent_days=30, reach="away"), assistant)
    assert asks_again(conversation.say("thanks", reach="away"), assistant)
    conversation.say("no", reach="away")
    assert standing(conversation) == set()


def test_a_no_to_something_else_takes_nothing_back(customer: New) -> None:
    conversation = customer()
    conversation.say("my wife is pregnant")
    conversation.say("how much is it?", silent_days=30, reach="here")
    conversation.say("no", reach="here")
    assert standing(conversation) == {WIFE}


def test_who_comes_back_with_it_is_not_asked(customer: New, assistant: Assistant) -> None:
    conversation = customer()
    conversation.say("I am pregnant")
    assert not asks_again(conversation.say("I am pregnant, can I use it?", silent_days=60), assistant)
    assert not asks_again(conversation.say("thanks"), assistant)


def test_what_is_forgotten_is_not_asked_about(customer: New, assistant: Assistant) -> None:
    conversation = customer()
    conversation.say("I am pregnant")
    for text, days in (("forget me", 30), ("yes", 0), ("hello", 0)):
        assert not asks_again(conversation.say(text, silent_days=days), assistant)


def test_all_of_it_is_said_in_words_of_the_responses(customer: New, assistant: Assistant) -> None:
    canned = assistant.agent.domain.responses
    conversation = customer()
    for text, metadata in [
        (f"{TWO} and my father has a metal plate", {}),
        ("how much is it?", {"reach": "here", "silent_days": 30}),
        ("skip", {"reach": "here"}),
        ("the last but one", {"reach": "here"}),
        ("1 and 2", {"reach": "here"}),
        ("hello", {"silent_days": 31}),
        ("1", {}),
        ("hello", {"silent_days": 31}),
        ("I want a person", {"reach": "away"}),
    ]:
        reply = conversation.say(text, **metadata)
        assert unexplained(reply.text, assistant.corpus, assistant.responses, canned) == "", text


def test_who_asked_already_is_not_offered_a_person_again(customer: Callable[[], Conversation]) -> None:
    talk = customer()
    answer = talk.say("what is the warranty on the panel?", reach="asked").answer
    assert "question" not in answer
    assert "contact" not in answer
    assert any("request for a person is noted" in sentence for sentence in answer["closing"])
    again = talk.say("I want to talk to a person", reach="asked").answer
    assert again["handover"] == "asked"
    assert "noted already" in again["lead"][0]


def test_when_somebody_is_there_is_told(customer: Callable[[], Conversation]) -> None:
    hours = "Mon-Fri 9:00-17:00 (Europe/Berlin)"
    away = customer().say("I want to talk to a person", reach="away", hours=hours)
    assert f"Somebody is there: {hours}." in away.text
    assert hours not in customer().say("I want to talk to a person", reach="here", hours=hours).text
