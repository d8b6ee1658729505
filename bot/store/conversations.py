"""What was said in a conversation, over all of its sessions, read from the events that Rasa stored."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

PAGE = 40  # events read at once
DAY = 86400.0


@dataclass(frozen=True)
class Reply:
    """What the assistant said: the text, when (seconds since 1970), and the answer of its payload."""

    text: str
    at: float
    answer: dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """A customer's message and the reply to it.

    Attributes:
        id: the message's own, where its channel has such; else one that Rasa gave it.
        text: what was written, as it was understood.
        at: when, in seconds since 1970.
        reply: None where there was none.
        passed_on: whether a person had the conversation, who got the message.
    """

    id: str
    text: str
    at: float
    reply: Reply | None
    passed_on: bool = False


def newest_first(engine: Any, conversation: str) -> Iterator[Exchange]:
    """The exchanges of a conversation, the last one first; they are read by and by."""
    said: list[dict[str, Any]] = []
    for kind, event in _events_newest_first(engine, conversation):
        if kind == "bot":
            said.append(event)
            continue
        number = event.get("message_id") or ""
        # A failure keeps the message itself where that could not be stored: see bot.channels.turn.
        alone = [each for each in said if _asked(each).get("message_id", number) != number]
        yield from _failures(alone)
        replies = [each for each in reversed(said) if each not in alone]
        passed_on = bool(_asked(event).get("passed_on"))
        yield Exchange(number, event.get("text") or "", event.get("timestamp") or 0.0, _reply(replies), passed_on)
        said = []
    yield from _failures(said)


def _events_newest_first(engine: Any, conversation: str) -> Iterator[tuple[str, dict[str, Any]]]:
    query = (
        "SELECT id, type_name, data FROM events WHERE sender_id = :conversation AND id < :before"
        f" AND type_name IN ('user', 'bot') ORDER BY id DESC LIMIT {PAGE}"
    )
    before, found = 2**63 - 1, PAGE
    while found == PAGE:
        with engine.connect() as connection:
            rows = connection.execute(sa.text(query), {"conversation": conversation, "before": before}).fetchall()
        found = len(rows)
        for number, kind, data in rows:
            before = number
            yield kind, json.loads(data)


def _asked(event: dict[str, Any]) -> dict[str, Any]:
    return event.get("metadata") or {}


def _failures(said: Sequence[dict[str, Any]]) -> Iterator[Exchange]:
    for event in said:
        asked = _asked(event)
        if "message_id" in asked:
            reply = _reply([event])
            yield Exchange(asked["message_id"], asked.get("message") or "", reply.at if reply else 0.0, reply)


def _reply(said: Sequence[dict[str, Any]]) -> Reply | None:
    """One reply out of what was said to one message: one event, unless an action of somebody else's said more."""
    if not said:
        return None
    payloads = [((event.get("data") or {}).get("custom") or {}).get("answer") for event in said]
    text = "\n\n".join(event["text"] for event in said if event.get("text"))
    answer: dict[str, Any] = next((payload for payload in reversed(payloads) if payload), {})
    return Reply(text, said[-1].get("timestamp") or 0.0, answer)


def find(engine: Any, conversation: str, message: str) -> Exchange | None:
    """The exchange of a message, by the message's id."""
    return next((found for found in newest_first(engine, conversation) if found.id == message), None)


def find_answer(engine: Any, conversation: str, answer: str) -> Exchange | None:
    """The exchange in which an answer was given, by the answer's id."""
    exchanges = newest_first(engine, conversation)
    return next((found for found in exchanges if found.reply and found.reply.answer.get("id") == answer), None)


def last_reply(engine: Any, conversation: str) -> Reply | None:
    """The last reply that says something: a failure leaves open what was asked before it."""
    replies = (found.reply for found in newest_first(engine, conversation) if found.reply)
    return next((reply for reply in replies if reply.answer.get("kind") != "failure"), None)


def silent_days(engine: Any, conversation: str, message: str, at: float) -> int:
    """For how many whole days a customer had said nothing when they wrote a message; 0 for the first one."""
    earlier = (found.at for found in newest_first(engine, conversation) if found.id != message and found.at)
    return max(0, int((at - next(earlier, at)) // DAY))
