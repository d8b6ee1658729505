"""The durable queue between a messenger's webhook and its customers: nothing is lost when a worker is killed.

What comes in is claimed once by its id. One worker at a time looks after a conversation, for as long as it holds its
lease; it turns what waits into one turn, puts the reply into the outbox and marks the turn done in one transaction, and
sends what is in the outbox in order. Times are seconds since 1970.
"""

import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

WAIT = 0.8  # seconds for which a message waits for others of its turn
LONGEST_TURN = 4096  # characters of all of its messages


class LeaseLostError(Exception):
    """Another worker looks after the conversation now: whoever sees this does nothing more in it."""


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
class Waiting:
    """A message that is not answered yet."""

    id: str
    at: float
    body: dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """Messages that are answered together. After a crash the same messages come again under the same id."""

    id: str
    messages: tuple[Waiting, ...]


@dataclass(frozen=True)
class Outgoing:
    """Something to send.

    Attributes:
        id: also what the messenger hands back in its status updates.
        kind: 'reply', 'person' (somebody of the staff) or 'notice'.
        body: what the channel made of it; of 'person' and 'notice' it has 'text', and 'name' of the person.
        state: 'queued'; 'sending': a worker began to and may have been killed, so that nobody knows; 'held': until
            the customer writes again.
        sends: how often it was begun.
        updated: when its state changed.
    """

    id: str
    conversation: str
    kind: str
    body: dict[str, Any]
    state: str
    sends: int
    updated: float


class Queue:
    """The queue of one worker. Every method raises sqlalchemy.exc.SQLAlchemyError when the database fails."""

    def __init__(self, engine: Any, channel: str) -> None:
        """Use the tables that `bot.store.Store` prepared.

        Args:
            channel: whose customers these are.
        """
        self.engine = engine
        self.channel = channel
        self.owner = uuid.uuid4().hex

    # Coming in ------------------------------------------------------------------------------------------------

    def accept(self, messages: Sequence[Arrived], now: float | None = None) -> int:
        """Keep messages, in one transaction; how many of them are new. A repeat changes nothing.

        In the order of identity and id, so that two deliveries at the same time never wait for each other.
        """
        now = now or time.time()
        new = 0
        with self.engine.begin() as connection:
            for place, message in sorted(enumerate(messages), key=lambda each: (each[1].identities, each[1].id)):
                conversation = self._conversation(connection, message, now)
                values = {
                    "id": message.id,
                    "conversation": conversation,
                    "at": message.at,
                    "body": json.dumps(message.body),
                    "now": now + place * 1e-6,  # written in the same second, they keep the order of the delivery
                }
                claim = (
                    "INSERT INTO bot_inbox (id, conversation, at, body, done, created, updated)"
                    " VALUES (:id, :conversation, :at, :body, 0, :now, :now) ON CONFLICT DO NOTHING"
                )
                # The customer's row first, as everybody who changes anything of a conversation does.
                connection.execute(
                    sa.text("UPDATE bot_customers SET updated = :now WHERE conversation = :conversation"), values
                )
                if not connection.execute(sa.text(claim), values).rowcount:
                    continue
                new += 1
                wake = (
                    "UPDATE bot_customers SET address = :address, due = coalesce(due, :due),"
                    " heard = CASE WHEN heard < :at THEN :at ELSE heard END WHERE conversation = :conversation"
                )
                connection.execute(sa.text(wake), {**values, "address": message.address, "due": now + WAIT})
                # What was held back for want of a message from the customer goes now.
                connection.execute(
                    sa.text(
                        "UPDATE bot_outbox SET state = 'queued', due = :now, updated = :now"
                        " WHERE conversation = :conversation AND state = 'held'"
                    ),
                    values,
                )
        return new

    def _conversation(self, connection: Any, message: Arrived, now: float) -> str:
        """The conversation of a customer, begun with the first message; further names of the same one are kept."""
        first, *others = message.identities
        found = self._known(connection, first)
        if found is None:
            # A number may have got another owner: whom the messenger tells apart has no conversation in common.
            linked = next((known for other in others if (known := self._known(connection, other))), None)
            taken = linked is not None and self._has_other_identity(connection, linked, message.identities)
            found = linked if linked is not None and not taken else None
            if found is None:
                found = self._begin(connection, first, message, now)
            else:
                self._link(connection, first, found, now)
        for other in others:
            self._link(connection, other, found, now)
        return found

    def _known(self, connection: Any, identity: str) -> str | None:
        query = sa.text("SELECT conversation FROM bot_identities WHERE identity = :identity")
        found = connection.execute(query, {"identity": identity}).scalar()
        return None if found is None else str(found)

    def _has_other_identity(self, connection: Any, conversation: str, identities: tuple[str, ...]) -> bool:
        query = sa.text("SELECT identity FROM bot_identities WHERE conversation = :conversation")
        rows = connection.execute(query, {"conversation": conversation})
        return any(identity not in identities for (identity,) in rows)

    def _link(self, connection: Any, identity: str, conversation: str, now: float) -> bool:
        insert = sa.text(
            "INSERT INTO bot_identities (identity, conversation, created, updated)"
            " VALUES (:identity, :conversation, :now, :now)"
            " ON CONFLICT (identity) DO UPDATE SET conversation = excluded.conversation, updated = excluded.updated"
        )
        values = {"identity": identity, "conversation": conversation, "now": now}
        return bool(connection.execute(insert, values).rowcount)

    def _begin(self, connection: Any, identity: str, message: Arrived, now: float) -> str:
        values = {
            "identity": identity,
            "conversation": uuid.uuid4().hex,
            "channel": self.channel,
            "address": message.address,
            "at": message.at,
            "now": now,
        }
        insert = (
            "INSERT INTO bot_identities (identity, conversation, created, updated)"
            " VALUES (:identity, :conversation, :now, :now) ON CONFLICT DO NOTHING"
        )
        if not connection.execute(sa.text(insert), values).rowcount:  # another worker was quicker
            return str(self._known(connection, identity))
        for statement in (
            "INSERT INTO bot_sessions (conversation, channel, created, updated)"
            " VALUES (:conversation, :channel, :now, :now)",
            "INSERT INTO bot_customers (conversation, address, heard, leased, created, updated)"
            " VALUES (:conversation, :address, :at, 0, :now, :now)",
        ):
            connection.execute(sa.text(statement), values)
        return str(values["conversation"])

    # One worker at a time -------------------------------------------------------------------------------------

    def lease(self, seconds: float, now: float | None = None) -> str | None:
        """Take a conversation in which something is due, for some seconds; None where there is none."""
        now = now or time.time()
        with self.engine.begin() as connection:
            due = sa.text(
                "SELECT conversation FROM bot_customers WHERE due <= :now AND leased < :now ORDER BY due LIMIT 8"
            )
            for (conversation,) in connection.execute(due, {"now": now}).fetchall():
                take = sa.text(
                    "UPDATE bot_customers SET owner = :owner, leased = :until"
                    " WHERE conversation = :conversation AND leased < :now"
                )
                values = {"owner": self.owner, "until": now + seconds, "conversation": conversation, "now": now}
                if connection.execute(take, values).rowcount:
                    return str(conversation)
        return None

    def renew(self, conversation: str, seconds: float) -> None:
        """Keep a conversation for longer.

        Raises:
            LeaseLostError: it is another worker's by now.
        """
        with self.engine.begin() as connection:
            self._hold(connection, conversation)
            values = {"conversation": conversation, "until": time.time() + seconds}
            connection.execute(
                sa.text("UPDATE bot_customers SET leased = :until WHERE conversation = :conversation"), values
            )

    def release(self, conversation: str) -> None:
        """Give a conversation back, and note when there is something to do in it next."""
        with self.engine.begin() as connection:
            try:
                self._hold(connection, conversation)
            except LeaseLostError:
                return
            values = {"conversation": conversation, "now": time.time()}
            # Statements of their own: in PostgreSQL each sees what was committed while the row was waited for.
            sends = connection.execute(
                sa.text(
                    "SELECT min(due) FROM bot_outbox"
                    " WHERE conversation = :conversation AND state IN ('queued', 'sending')"
                ),
                values,
            ).scalar()
            first = connection.execute(
                sa.text("SELECT min(created) FROM bot_inbox WHERE conversation = :conversation AND done = 0"), values
            ).scalar()
            # Whoever waits for a send that is put off waits with it.
            due = sends if sends is not None else None if first is None else first + WAIT
            connection.execute(
                sa.text("UPDATE bot_customers SET leased = 0, due = :due WHERE conversation = :conversation"),
                {**values, "due": due},
            )

    def next_due(self) -> float | None:
        """When the next conversation is due; those count that nobody holds."""
        query = sa.text("SELECT min(due) FROM bot_customers WHERE due IS NOT NULL AND leased < :now")
        with self.engine.connect() as connection:
            found = connection.execute(query, {"now": time.time()}).scalar()
        return None if found is None else float(found)

    def _hold(self, connection: Any, conversation: str) -> None:
        """Lock the customer's row, and see that the lease is still ours."""
        lock = " FOR UPDATE" if self.engine.dialect.name == "postgresql" else ""
        query = sa.text(f"SELECT owner, leased FROM bot_customers WHERE conversation = :conversation{lock}")
        row = connection.execute(query, {"conversation": conversation}).fetchone()
        if row is None or row[0] != self.owner or row[1] < time.time():
            raise LeaseLostError

    # Answering ------------------------------------------------------------------------------------------------

    def turn(self, conversation: str) -> Turn | None:
        """What is to be answered next: the messages that wait, as one turn, or the turn that was under way before.

        Raises:
            LeaseLostError: see `renew`.
        """
        with self.engine.begin() as connection:
            self._hold(connection, conversation)
            query = sa.text(
                "SELECT id, at, body, turn FROM bot_inbox WHERE conversation = :conversation AND done = 0"
                " ORDER BY at, created"
            )
            rows = connection.execute(query, {"conversation": conversation}).fetchall()
            begun = next((turn for *_, turn in rows if turn), None)
            if begun:
                rows = [row for row in rows if row[3] == begun]
                return Turn(begun, tuple(Waiting(i, at, json.loads(body)) for i, at, body, _ in rows))
            waiting = _fitting([Waiting(i, at, json.loads(body)) for i, at, body, _ in rows])
            if not waiting:
                return None
            turn = Turn(uuid.uuid4().hex, tuple(waiting))
            for each in waiting:
                mark = sa.text("UPDATE bot_inbox SET turn = :turn, updated = :now WHERE id = :id")
                connection.execute(mark, {"turn": turn.id, "id": each.id, "now": time.time()})
            return turn

    def answered(self, conversation: str, turn: Turn, bodies: Sequence[dict[str, Any]]) -> None:
        """Mark a turn done and put its replies into the outbox, in one transaction; no body where nothing is said.

        Raises:
            LeaseLostError: see `renew`.
        """
        now = time.time()
        with self.engine.begin() as connection:
            self._hold(connection, conversation)
            for each in turn.messages:
                done = sa.text("UPDATE bot_inbox SET done = 1, body = NULL, updated = :now WHERE id = :id")
                connection.execute(done, {"id": each.id, "now": now})
            for place, body in enumerate(bodies):
                put(connection, conversation, "reply", body, now + place * 1e-6)

    # Sending --------------------------------------------------------------------------------------------------

    def next_send(self, conversation: str) -> Outgoing | None:
        """The oldest thing that is to be sent; what is not due yet holds back what comes after it.

        Raises:
            LeaseLostError: see `renew`.
        """
        with self.engine.begin() as connection:
            self._hold(connection, conversation)
            query = sa.text(
                "SELECT id, conversation, kind, body, state, sends, updated, due FROM bot_outbox"
                " WHERE conversation = :conversation AND state IN ('queued', 'sending')"
                " ORDER BY created LIMIT 1"
            )
            row = connection.execute(query, {"conversation": conversation}).fetchone()
        if row is None or row[7] > time.time():
            return None
        return Outgoing(row[0], row[1], row[2], json.loads(row[3]), *row[4:7])

    def sending(self, outgoing: Outgoing) -> None:
        """Note that a send begins: from here on until `sent` or `put_off` nobody knows whether it went.

        Raises:
            LeaseLostError: see `renew`.
        """
        with self.engine.begin() as connection:
            self._hold(connection, outgoing.conversation)
            begin = "UPDATE bot_outbox SET state = 'sending', sends = sends + 1, updated = :now WHERE id = :id"
            connection.execute(sa.text(begin), {"id": outgoing.id, "now": time.time()})

    def sent(self, id: str, message: str) -> bool:
        """Note that something was sent, as which message of the messenger's; also when a status update says so.

        False where it had gone out before as another message: the customer has it twice.
        """
        with self.engine.begin() as connection:
            before = connection.execute(sa.text("SELECT message FROM bot_outbox WHERE id = :id"), {"id": id}).scalar()
            # Of a reply Rasa keeps the text.
            went = (
                "UPDATE bot_outbox SET state = 'sent', message = :message, updated = :now,"
                " body = CASE WHEN kind = 'reply' THEN NULL ELSE body END WHERE id = :id AND message IS NULL"
            )
            connection.execute(sa.text(went), {"id": id, "message": message, "now": time.time()})
        return before is None or before == message

    def put_off(self, id: str, until: float, error: str) -> None:
        """Note that something did not go, and when it is tried again."""
        self._state(id, "queued", error, until)

    def hold(self, id: str, error: str) -> None:
        """Keep something until the customer writes again."""
        self._state(id, "held", error)

    def failed(self, id: str, error: str) -> None:
        """Note that something cannot be sent at all, or was not delivered."""
        self._state(id, "failed", error)

    def _state(self, id: str, state: str, error: str, due: float = 0.0) -> None:
        statement = sa.text(
            "UPDATE bot_outbox SET state = :state, error = :error, due = :due, updated = :now WHERE id = :id"
        )
        values = {"id": id, "state": state, "error": error[:255], "due": due, "now": time.time()}
        with self.engine.begin() as connection:
            connection.execute(statement, values)

    def sends_since(self, conversation: str, since: float) -> list[float]:
        """When things were sent in a conversation, from a time on, oldest first."""
        query = sa.text(
            "SELECT updated FROM bot_outbox WHERE conversation = :conversation AND state = 'sent' AND updated >= :since"
            " ORDER BY updated"
        )
        with self.engine.connect() as connection:
            return [row[0] for row in connection.execute(query, {"conversation": conversation, "since": since})]

    def address(self, conversation: str) -> tuple[str, float]:
        """Whom to send to in a conversation, and when the customer last wrote."""
        query = sa.text("SELECT address, heard FROM bot_customers WHERE conversation = :conversation")
        with self.engine.connect() as connection:
            address, heard = connection.execute(query, {"conversation": conversation}).fetchone()
        return str(address), float(heard)


def put(connection: Any, conversation: str, kind: str, body: dict[str, Any], now: float) -> str:
    """Put something into the outbox, within a transaction, and wake whoever looks after the customer; its id."""
    id = uuid.uuid4().hex
    values = {"id": id, "conversation": conversation, "kind": kind, "body": json.dumps(body), "now": now}
    insert = (
        "INSERT INTO bot_outbox (id, conversation, kind, body, state, due, sends, created, updated)"
        " VALUES (:id, :conversation, :kind, :body, 'queued', :now, 0, :now, :now)"
    )
    connection.execute(sa.text("UPDATE bot_customers SET due = :now WHERE conversation = :conversation"), values)
    connection.execute(sa.text(insert), values)
    return id


def _fitting(waiting: list[Waiting]) -> list[Waiting]:
    """As many from the first on as one turn can hold; one at least."""
    kept: list[Waiting] = []
    room = LONGEST_TURN
    for each in waiting:
        room -= len(str(each.body.get("text") or "")) + 1
        if kept and room < 0:
            break
        kept.append(each)
    return kept
