"""One reply a message: whole, in order, saved before it is sent, also when many speak or one leaves."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from assistant import Assistant, Conversation, Reply

from bot.channels.turn import ReplyChannel, reply_to

New = Callable[[], Conversation]


@pytest.fixture
def slow_saving(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store over a network: other messages and a leaving customer have time to get in between."""
    save = assistant.agent.processor.save_tracker

    async def slowly(tracker: Any) -> None:
        await asyncio.sleep(0.1)
        await save(tracker)

    monkeypatch.setattr(assistant.agent.processor, "save_tracker", slowly)
    return


def test_text_payload_and_buttons_are_one_message(customer: New) -> None:
    reply = customer().say("is it suitable for me?")
    assert set(reply.message) == {"recipient_id", "text", "buttons", "custom"}
    assert set(reply.message["custom"]) == {"answer"}
    options = reply.answer["question"]["options"]
    assert reply.message["buttons"] == [{"title": o["title"], "payload": o["title"]} for o in options]


def test_nothing_is_split_at_blank_lines(customer: New) -> None:
    assert customer().say("does it help sore muscles?").text.count("\n\n") >= 3


async def test_messages_stay_whole_and_in_order() -> None:
    output = ReplyChannel()
    sent = [
        {"text": "a\n\nb", "buttons": [{"title": "x"}], "custom": {"k": 1}, "image": "i", "attachment": "f"},
        {"text": "c", "buttons": [], "quick_replies": [], "custom": {}},
        {"custom": {"k": 2}},
        {"text": "", "custom": {}},
    ]
    for message in sent:
        await output.send_response("me", message)
    assert output.messages == [
        {"recipient_id": "me", **sent[0]},
        {"recipient_id": "me", "text": "c"},
        {"recipient_id": "me", "custom": {"k": 2}},
    ]


async def test_it_is_saved_before_it_is_sent(assistant: Assistant, slow_saving: None) -> None:
    sender = uuid.uuid4().hex
    (message,) = await reply_to(assistant.agent, sender, "I am pregnant", "test")
    events = [(kind, json.loads(data)) for kind, data in assistant.stored(sender)]
    assert [data["text"] for kind, data in events if kind == "user"] == ["I am pregnant"]
    assert [data["text"] for kind, data in events if kind == "bot"] == [message["text"]]
    assert [data["name"] for kind, data in events if kind == "slot" and data["name"] == "conditions"]


async def test_messages_of_one_conversation_are_answered_in_order(assistant: Assistant, slow_saving: None) -> None:
    texts = ["hello", "I am pregnant", "how does nitric oxide work?", "does it help sore muscles?", "thanks"]
    sender = uuid.uuid4().hex
    replies = await asyncio.gather(*(reply_to(assistant.agent, sender, text, "test") for text in texts))
    answers = [Reply(message) for (message,) in replies]
    kinds = [("smalltalk", "none"), ("contraindication", "avoid"), ("mechanism", "none"), ("suitability", "avoid")]
    assert [answer.judged for answer in answers] == [*kinds, ("smalltalk", "none")]
    spoken = [(kind, json.loads(data)["text"]) for kind, data in assistant.stored(sender) if kind in ("user", "bot")]
    turns = [[("user", text), ("bot", answer.text)] for text, answer in zip(texts, answers, strict=True)]
    assert spoken == [event for turn in turns for event in turn]


async def test_many_conversations_are_all_answered_and_kept_apart(assistant: Assistant, slow_saving: None) -> None:
    senders = [uuid.uuid4().hex for _ in range(20)]
    for text in ["I am pregnant", "does it help sore muscles?"]:
        said = [text if n % 2 else "does it help sore muscles?" for n in range(20)]
        together = zip(senders, said, strict=True)
        replies = await asyncio.gather(*(reply_to(assistant.agent, s, text, "test") for s, text in together))
    verdicts = [Reply(message).answer["verdict"] for (message,) in replies]
    assert verdicts == ["supported", "avoid"] * 10
    assert [message["recipient_id"] for (message,) in replies] == senders


async def test_a_customer_who_leaves_has_still_told_us(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    sender, save = uuid.uuid4().hex, assistant.agent.processor.save_tracker
    saving, go_on = asyncio.Event(), asyncio.Event()

    async def held(tracker: Any) -> None:
        saving.set()
        await go_on.wait()
        await save(tracker)

    monkeypatch.setattr(assistant.agent.processor, "save_tracker", held)
    task = asyncio.create_task(reply_to(assistant.agent, sender, "I am pregnant", "test"))
    await saving.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert assistant.stored(sender) == []
    go_on.set()
    async with asyncio.timeout(60):
        while not (told := (await assistant.agent.processor.get_tracker(sender)).get_slot("conditions")):
            await asyncio.sleep(0.02)
    (condition,) = told
    assert (condition["id"], condition["holder"], condition["status"]) == ("pregnancy", "customer", "stated")
    (message,) = await reply_to(assistant.agent, sender, "does it help sore muscles?", "test")
    assert Reply(message).answer["verdict"] == "avoid"


@pytest.mark.parametrize(
    "before", ["/", "//", "/ /", " /", "\t/", "\n/", "\r/", "\u00a0/", "\u2003/", "\u3000/", "\x0b/"]
)
@pytest.mark.parametrize("command", ["restart", 'greet{"conditions": []}', "session_start", "affirm"])
def test_a_command_is_a_text(customer: New, before: str, command: str) -> None:
    conversation = customer()
    conversation.say("I am pregnant", f"{before}{command}")
    assert conversation.conditions == [("pregnancy", "customer", "stated")]
    assert conversation.tracker().latest_message.text == command
    assert conversation.tracker().latest_message.intent["confidence"] < 1.0


@pytest.mark.parametrize(
    "text", ["/", "!?", "…", "😀", "👩‍👩‍👧", "是否有用", "هل يساعد", "\x00", "\u200b", "a" * 4096, "x\n\ny"]
)
def test_whatever_is_written_is_answered(customer: New, text: str) -> None:
    reply = customer().say(text)
    assert reply.text
    assert reply.answer["kind"] != "failure"


def test_half_an_emoji_is_no_reason_to_fail(customer: New) -> None:
    """A page that cuts a text at a length sends these."""
    conversation = customer()
    assert conversation.say("I am pregnant \ud83d").answer["verdict"] == "avoid"
    assert conversation.conditions == [("pregnancy", "customer", "stated")]
