"""Exchanges as the protocol of the web channel has them, and as a customer can read them."""

import heapq
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.store import Rating
from bot.store.conversations import Exchange, Reply
from bot.store.said import Said


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exchange(found: Exchange, handover: str | None) -> dict[str, Any]:
    """The response to a message; without a reply where a person has the conversation."""
    reply = _reply(found.reply) if found.reply else None
    return {"id": found.id, "text": found.text, "reply": reply, **state(handover)}


def state(handover: str | None) -> dict[str, str]:
    """Who has the conversation; nothing where it is the assistant alone."""
    return {"handover": handover} if handover else {}


def _reply(reply: Reply) -> dict[str, Any]:
    return {"text": reply.text, "time": _time(reply.at), "answer": reply.answer}


def unkept(number: str, text: str, replies: Sequence[Mapping[str, Any]]) -> Exchange:
    """An exchange that could not be stored, from what `bot.channels.turn.reply_to` returned."""
    if not replies:
        return Exchange(number, text, time.time(), None, passed_on=True)
    said = "\n\n".join(reply.get("text", "") for reply in replies)
    answer = (replies[-1].get("custom") or {}).get("answer") or {}
    return Exchange(number, text, time.time(), Reply(said, time.time(), answer))


def messages(
    exchanges: Iterable[Exchange], ratings: Mapping[str, Rating], said: Iterable[Said]
) -> Iterator[dict[str, Any]]:
    """All messages one by one, from the newest to the oldest; those of exchanges stay in their order."""
    return heapq.merge(_said(said), _exchanged(exchanges, ratings), key=lambda each: each["time"], reverse=True)


def _said(said: Iterable[Said]) -> Iterator[dict[str, Any]]:
    for each in said:
        name = {"name": each.name} if each.name else {}
        yield {"from": each.kind, "id": each.id, **name, "text": each.text, "time": _time(each.at)}


def _exchanged(exchanges: Iterable[Exchange], ratings: Mapping[str, Rating]) -> Iterator[dict[str, Any]]:
    for found in exchanges:
        if found.reply:
            rated = ratings.get(found.reply.answer.get("id", ""))
            rating = {"rating": rated.rating} if rated else {}
            yield {"from": "assistant", **_reply(found.reply), **rating, "reply_to": found.id}
        passed_on = {"passed_on": True} if found.passed_on and not found.reply else {}
        yield {"from": "customer", "id": found.id, "text": found.text, "time": _time(found.at), **passed_on}


def readable(
    exchanges: Iterable[Exchange],
    ratings: Mapping[str, Rating],
    said: Iterable[Said],
    remembered: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """A whole conversation, oldest first, with what was remembered and rated, in plain words and without ids."""
    conversation = []
    for message in reversed(list(messages(exchanges, ratings, said))):
        who = "you" if message["from"] == "customer" else message["from"]
        name = {"name": message["name"]} if "name" in message else {}
        rated = ratings.get(message["answer"].get("id", "")) if "answer" in message else None
        rating = {"your rating": rated.rating, "your comment": rated.comment} if rated else {}
        conversation.append({"time": message["time"], "from": who, **name, "text": message["text"], **rating})
    health = [
        {"condition": str(each["id"]).replace("_", " "), "of": each["holder"], "status": each["status"]}
        for each in remembered
    ]
    return {"conversation": conversation, "remembered of health": health}
