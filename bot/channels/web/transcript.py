"""Exchanges as the protocol of the web channel has them, and as a customer can read them."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.store import Rating
from bot.store.conversations import Exchange, Reply


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exchange(found: Exchange) -> dict[str, Any]:
    """The response to a message."""
    return {"id": found.id, "text": found.text, "reply": _reply(found.reply) if found.reply else None}


def _reply(reply: Reply) -> dict[str, Any]:
    return {"text": reply.text, "time": _time(reply.at), "answer": reply.answer}


def unkept(number: str, text: str, replies: Sequence[Mapping[str, Any]]) -> Exchange:
    """An exchange that could not be stored, from what `bot.channels.turn.reply_to` returned."""
    said = "\n\n".join(reply.get("text", "") for reply in replies)
    answer = (replies[-1].get("custom") or {}).get("answer") or {}
    return Exchange(number, text, time.time(), Reply(said, time.time(), answer))


def messages(exchanges: Iterable[Exchange], ratings: Mapping[str, Rating]) -> Iterator[dict[str, Any]]:
    """The messages of exchanges, one by one, in their order from the newest to the oldest."""
    for found in exchanges:
        if found.reply:
            rated = ratings.get(found.reply.answer.get("id", ""))
            rating = {"rating": rated.rating} if rated else {}
            yield {"from": "assistant", **_reply(found.reply), **rating, "reply_to": found.id}
        yield {"from": "customer", "id": found.id, "text": found.text, "time": _time(found.at)}


def readable(
    exchanges: Iterable[Exchange], ratings: Mapping[str, Rating], remembered: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """A whole conversation, oldest first, with what was remembered and rated, in plain words and without ids."""
    said: list[dict[str, Any]] = []
    for found in reversed(list(exchanges)):
        said.append({"time": _time(found.at), "from": "you", "text": found.text})
        if found.reply:
            rated = ratings.get(found.reply.answer.get("id", ""))
            rating = {"your rating": rated.rating, "your comment": rated.comment} if rated else {}
            said.append({"time": _time(found.reply.at), "from": "assistant", "text": found.reply.text, **rating})
    health = [
        {"condition": str(each["id"]).replace("_", " "), "of": each["holder"], "status": each["status"]}
        for each in remembered
    ]
    return {"conversation": said, "remembered of health": health}
