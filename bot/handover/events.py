"""What the staff are told of: one JSON object, the same in each way."""

import hashlib
from typing import Any

from bot.handover.notices import Notice
from bot.handover.transcript import conditions_of, printable, readable, reason_of, said_at, transcript

EXPIRED = (
    "No member of staff wrote for a while, so the assistant answers again. Whoever writes to the customer has the "
    "conversation again."
)
RETURNED = "The conversation was given back: the assistant answers again."


class CourierError(Exception):
    """A notice did not go; the text says why, without anything of the conversation."""


def alias(conversation: str) -> str:
    """What the staff see in place of a conversation's id, which is no secret of the customer's."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]


def event(engine: Any, notice: Notice) -> dict[str, Any]:
    """The object of a notice. A request brings the whole transcript, messages bring themselves, the others none."""
    kind, entries = notice.body["type"], []
    if kind == "handover.requested":
        entries = transcript(engine, notice.conversation, notice.created)
    if kind == "message":
        entries = [
            {"time": said_at(each["at"]), "from": "customer", "text": each["text"], "id": each["id"]}
            for each in notice.body["said"]
        ]
    found = {
        "id": notice.id,
        "type": kind,
        "conversation": notice.conversation,
        "channel": notice.body["channel"],
        "reason": notice.body["reason"],
        "state": notice.body["state"],
        "time": said_at(notice.created),
        "transcript": entries,
    }
    if kind == "handover.requested":
        found["conditions"] = conditions_of(entries)
    return found


def written(told: dict[str, Any]) -> str:
    """An event for a member of staff to read."""
    kind = told["type"]
    if kind == "handover.expired":
        return EXPIRED
    if kind == "handover.returned":
        return RETURNED
    said = readable(told["transcript"])
    if kind == "message":
        return said
    away = (
        "\nIt is outside your hours: the assistant goes on until one of you writes." if told["state"] == "away" else ""
    )
    channel = printable(told["channel"], " ")
    return f"{reason_of(told['reason'])}\nChannel: {channel}{away}\n\n{said}"
