"""What a messenger delivers, and what each of it changes, within a transaction of the caller's.

Everything that a messenger gives an id is claimed by it, once, so that a repeat changes nothing; and what is edited or
deleted is claimed too, so that a message that comes after its own edit is not answered.
"""

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.store import customers, erasure

WAIT = 0.8  # seconds for which a message waits for others of its turn


@dataclass(frozen=True)
class Arrived:
    """A message of a customer, as its channel read it.

    Attributes:
        id: the messenger's, unique for ever.
        identities: who wrote it, under every name that the messenger gives, the most lasting one first.
        address: whom a reply is sent to.
        at: when it was written.
        body: what the channel needs to answer it; its 'text' counts for the length of a turn.
    """

    id: str
    identities: tuple[str, ...]
    address: str
    at: float
    body: dict[str, Any]


@dataclass(frozen=True)
class Edited(Arrived):
    """A message in place of an earlier one, whose id is `original`."""

    original: str


@dataclass(frozen=True)
class Deleted:
    """The customer took a message back, whose id is `original`."""

    id: str
    identities: tuple[str, ...]
    original: str


@dataclass(frozen=True)
class Reacted:
    """The customer reacted to a message of ours, whose id is `message`; `emoji` is None when that was taken back."""

    id: str
    identities: tuple[str, ...]
    message: str
    emoji: str | None


@dataclass(frozen=True)
class Moved:
    """The customer, so far known as `identities`, has other names since a time: see `bot.store.customers.move`."""

    id: str
    identities: tuple[str, ...]
    to: tuple[str, ...]
    address: str | None
    at: float


@dataclass(frozen=True)
class Receipt:
    """What became of something we sent.

    Attributes:
        id: of its row in the outbox; None where the messenger does not give it back.
        message: the messenger's id of it.
        error: why it was not delivered; None: it was sent.
    """

    id: str | None
    message: str
    error: str | None


Event = Arrived | Deleted | Reacted | Moved


def take(connection: Any, channel: str, event: Event, now: float) -> bool:
    """Take in what a customer did; whether it waits for an answer now. A repeat changes nothing."""
    if is_known(connection, event.id):
        return False
    if isinstance(event, Edited):
        return _edit(connection, channel, event, now)
    if isinstance(event, Arrived):
        return _arrive(connection, channel, event, now)
    found = customers.find(connection, event.identities)
    if found is not None and not customers.lock(connection, found):
        found = None  # it was erased while its row was waited for
    if not _claim(connection, event.id, found or "", now):
        return False
    if isinstance(event, Moved):
        customers.move(connection, channel, event.identities, event.to, event.address, event.at, now)
    elif isinstance(event, Deleted) and found is not None:
        _delete(connection, found, event, now)
    return False


def is_known(connection: Any, id: str) -> bool:
    """Whether something of this id was claimed before, also in a conversation that was erased since."""
    query = sa.text("SELECT 1 FROM bot_inbox WHERE id IN (:id, :claim) LIMIT 1")
    return connection.execute(query, {"id": id, "claim": erasure.claimed_as(id)}).scalar() is not None


def _arrive(connection: Any, channel: str, message: Arrived, now: float) -> bool:
    conversation = customers.conversation_of(connection, channel, message.identities, message.address, message.at, now)
    values = {
        "id": message.id,
        "conversation": conversation,
        "at": message.at,
        "body": json.dumps(message.body),
        "now": now,
    }
    claim = (
        "INSERT INTO bot_inbox (id, conversation, at, body, done, created, updated)"
        " VALUES (:id, :conversation, :at, :body, 0, :now, :now) ON CONFLICT DO NOTHING"
    )
    if not connection.execute(sa.text(claim), values).rowcount:  # another worker was quicker
        return False
    # A delivery that comes late does not bring an earlier address back.
    wake = (
        "UPDATE bot_customers SET due = coalesce(due, :due),"
        " address = CASE WHEN heard <= :at THEN :address ELSE address END,"
        " heard = CASE WHEN heard < :at THEN :at ELSE heard END WHERE conversation = :conversation"
    )
    connection.execute(sa.text(wake), {**values, "address": message.address, "due": now + WAIT})
    for identity in message.identities:
        if customers.known(connection, identity) != conversation:  # somebody else's, since this was written
            customers.lose(connection, conversation, identity)
    # What was held back for want of a message from the customer goes now.
    release = (
        "UPDATE bot_outbox SET state = 'queued', due = :now, updated = :now"
        " WHERE conversation = :conversation AND state = 'held'"
    )
    connection.execute(sa.text(release), values)
    return True


def _edit(connection: Any, channel: str, message: Edited, now: float) -> bool:
    """Where the original still waits its text is replaced, else the new one is a message of its own."""
    conversation = customers.conversation_of(connection, channel, message.identities, message.address, message.at, now)
    replace = sa.text(
        "UPDATE bot_inbox SET body = :body, updated = :now"
        " WHERE id = :original AND conversation = :conversation AND done = 0 AND turn IS NULL"
    )
    values = {
        "body": json.dumps(message.body),
        "now": now,
        "original": message.original,
        "conversation": conversation,
    }
    if connection.execute(replace, values).rowcount:
        _claim(connection, message.id, conversation, now)
        return False
    _claim(connection, message.original, conversation, now)
    return _arrive(connection, channel, message, now)


def _delete(connection: Any, conversation: str, event: Deleted, now: float) -> None:
    """Where it still waits it is dropped; else it was answered, or is being, and stays."""
    drop = sa.text(
        "UPDATE bot_inbox SET done = 1, body = NULL, updated = :now"
        " WHERE id = :original AND conversation = :conversation AND done = 0 AND turn IS NULL"
    )
    values = {"now": now, "original": event.original, "conversation": conversation}
    if not connection.execute(drop, values).rowcount:
        _claim(connection, event.original, conversation, now)


def _claim(connection: Any, id: str, conversation: str, now: float) -> bool:
    """Note an id that needs no answer; whether it is new."""
    claim = sa.text(
        "INSERT INTO bot_inbox (id, conversation, at, done, created, updated)"
        " VALUES (:id, :conversation, :now, 1, :now, :now) ON CONFLICT DO NOTHING"
    )
    return bool(connection.execute(claim, {"id": id, "conversation": conversation, "now": now}).rowcount)
