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

from bot.store import customers, inbox, outbox
from bot.store.inbox import WAIT, Arrived, Event, Receipt
from bot.store.outbox import put

__all__ = ["WAIT", "Arrived", "Delivered", "LeaseLostError", "Outgoing", "Queue", "Turn", "Waiting", "put"]
LONGEST_TURN = 4096  # characters of all of its messages


class LeaseLostError(Exception):
    """Another worker looks after the conversation now: whoever sees this does nothing more in it."""


@dataclass(frozen=True)
class Delivered:
    """What a delivery brought: how many messages to answer, and ids of what customers turned out to have twice."""

    new: int
    twice: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """A message that is not answered yet."""

    id: str
    at: float
    body: dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """Messages that are answered together. After a crash the same messages come again under the same id.

    Attributes:
        again: it was begun before, and may have been answered.
    """

    id: str
    messages: tuple[Waiting, ...]
    again: bool = False


@dataclass(frozen=True)
class Outgoing:
    """Something to send.

    Attributes:
        id: also what the messenger hands back in its status updates.
        kind: 'reply', 'person' (somebody of the staff), 'notice' or 'template' (see `Queue.hold`).
        body: what the channel made of it; of 'person' and 'notice' it has 'text', and 'name' of the person.
        state: 'queued'; 'sending': a worker began to and may have been killed, so that nobody knows; 'held': until
            the customer writes again.
        sends: how often it was begun.
        updated: when its state changed.
        due: when it is to be looked at.
        created: when it was put here.
    """

    id: str
    conversation: str
    kind: str
    body: dict[str, Any]
    state: str
    sends: int
    updated: float
    due: float
    created: float


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
        """Keep messages, in one transaction; how many of them are new. A repeat changes nothing."""
        return self.deliver(messages, (), now).new

    def deliver(self, events: Sequence[Event], receipts: Sequence[Receipt], now: float | None = None) -> Delivered:
        """Take in a delivery, in one transaction. What comes again changes nothing.

        Args:
            events: what customers did. What one of them did stays in order.
            receipts: what became of what we sent.
        """
        now = now or time.time()
        new, twice = 0, []
        with self.engine.begin() as connection:
            self._alone(connection)
            # In one order of customers, so that two deliveries at the same time never wait for each other.
            for place, event in sorted(enumerate(events), key=lambda each: each[1].identities):
                # Written in the same second, they keep the order of the delivery.
                new += inbox.take(connection, self.channel, event, now + place * 1e-6)
            for receipt in sorted(receipts, key=lambda each: each.id or ""):
                known = None if receipt.id else outbox.sent_as(connection, receipt.message)
                id = receipt.id or (known[0] if known else "")
                if receipt.error is not None:
                    outbox.not_delivered(connection, id, receipt.message, receipt.error)
                elif not outbox.sent(connection, id, receipt.message):
                    twice.append(id)
        return Delivered(new, tuple(twice))

    def is_known(self, id: str) -> bool:
        """Whether something of this id was delivered before."""
        with self.engine.connect() as connection:
            return inbox.is_known(connection, id)

    def answer_sent_as(self, message: str) -> tuple[str, str] | None:
        """The conversation and the id of the answer that went out as a message of the messenger's."""
        with self.engine.connect() as connection:
            found = outbox.sent_as(connection, message)
        return (found[1], found[2]) if found and found[2] else None

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
                    # The oldest one's: what is put off holds back what comes after it.
                    "SELECT due FROM bot_outbox"
                    " WHERE conversation = :conversation AND state IN ('queued', 'sending')"
                    " ORDER BY created, id LIMIT 1"
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
        """When the next conversation is due; one that somebody holds, when the lease ends."""
        query = sa.text(
            "SELECT min(CASE WHEN leased < :now OR leased < due THEN due ELSE leased END)"
            " FROM bot_customers WHERE due IS NOT NULL"
        )
        with self.engine.connect() as connection:
            found = connection.execute(query, {"now": time.time()}).scalar()
        return None if found is None else float(found)

    def _hold(self, connection: Any, conversation: str) -> None:
        """Lock the customer's row, and see that the lease is still ours."""
        self._alone(connection)
        lock = " FOR UPDATE" if self.engine.dialect.name == "postgresql" else ""
        query = sa.text(f"SELECT owner, leased FROM bot_customers WHERE conversation = :conversation{lock}")
        row = connection.execute(query, {"conversation": conversation}).fetchone()
        if row is None or row[0] != self.owner or row[1] < time.time():
            raise LeaseLostError

    def _alone(self, connection: Any) -> None:
        """Let nobody write from the first read on; Python's driver for SQLite would begin at the first write."""
        if self.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

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
                return Turn(begun, tuple(Waiting(i, at, json.loads(body)) for i, at, body, _ in rows), again=True)
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

        Nothing goes to a customer without an address: see `bot.store.customers.lose`.

        Raises:
            LeaseLostError: see `renew`.
        """
        with self.engine.begin() as connection:
            self._hold(connection, conversation)
            address = sa.text("SELECT address FROM bot_customers WHERE conversation = :conversation")
            if not connection.execute(address, {"conversation": conversation}).scalar():
                outbox.fail_all(connection, conversation, customers.NO_ADDRESS)
            query = sa.text(
                "SELECT id, conversation, kind, body, state, sends, updated, due, created FROM bot_outbox"
                " WHERE conversation = :conversation AND state IN ('queued', 'sending')"
                " ORDER BY created, id LIMIT 1"
            )
            row = connection.execute(query, {"conversation": conversation}).fetchone()
        if row is None or row[7] > time.time():
            return None
        return Outgoing(row[0], row[1], row[2], json.loads(row[3]), *row[4:])

    def is_sending(self, conversation: str) -> bool:
        """Whether anything is still to be sent, now or later."""
        query = sa.text(
            "SELECT 1 FROM bot_outbox WHERE conversation = :conversation AND state IN ('queued', 'sending') LIMIT 1"
        )
        with self.engine.connect() as connection:
            return connection.execute(query, {"conversation": conversation}).scalar() is not None

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

        Of a reply Rasa keeps the text; here only the id of its 'answer' stays, to know by what a reaction is about.

        False, once, where it had gone out before as another message: the customer has it twice.
        """
        with self.engine.begin() as connection:
            self._alone(connection)
            return outbox.sent(connection, id, message)

    def put_off(self, id: str, until: float, error: str) -> None:
        """Note that something did not go, and when it is tried again."""
        self._state(id, "queued", error, until)

    def later(self, id: str, due: float) -> None:
        """Look at something later, and leave its state as it is."""
        with self.engine.begin() as connection:
            statement = sa.text("UPDATE bot_outbox SET due = :due WHERE id = :id")
            connection.execute(statement, {"id": id, "due": due})

    def hold(self, outgoing: Outgoing, error: str, template: dict[str, Any] | None = None) -> None:
        """Keep something until the customer writes again.

        Args:
            template: the body of what is sent meanwhile, to ask the customer to write: once, whatever is held.

        Raises:
            LeaseLostError: see `renew`.
        """
        now = time.time()
        values = {"id": outgoing.id, "conversation": outgoing.conversation, "error": error[:255], "now": now}
        with self.engine.begin() as connection:
            self._hold(connection, outgoing.conversation)
            held = sa.text("SELECT 1 FROM bot_outbox WHERE conversation = :conversation AND state = 'held' LIMIT 1")
            is_first = connection.execute(held, values).scalar() is None
            hold = (
                "UPDATE bot_outbox SET state = 'held', error = :error, updated = :now"
                " WHERE id = :id AND message IS NULL"
            )
            connection.execute(sa.text(hold), values)
            if template is not None and is_first:
                put(connection, outgoing.conversation, "template", template, now)

    def failed(self, id: str, error: str) -> None:
        """Note that something cannot be sent at all. Of a reply Rasa keeps the text."""
        self._state(id, "failed", error)
        with self.engine.begin() as connection:
            forget = "UPDATE bot_outbox SET body = NULL WHERE id = :id AND kind = 'reply' AND state = 'failed'"
            connection.execute(sa.text(forget), {"id": id})

    def _state(self, id: str, state: str, error: str, due: float = 0.0) -> None:
        statement = sa.text(
            # Unless a status update said meanwhile that it went.
            "UPDATE bot_outbox SET state = :state, error = :error, due = :due, updated = :now"
            " WHERE id = :id AND message IS NULL"
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

    def clean(self, before: float) -> int:
        """Delete what was done with before a time; how many rows.

        What persons and notices said stays, because it is kept nowhere else.
        """
        deleted = 0
        with self.engine.begin() as connection:
            for statement in (
                "DELETE FROM bot_inbox WHERE done = 1 AND updated < :before",
                "DELETE FROM bot_outbox WHERE kind IN ('reply', 'template') AND state IN ('sent', 'failed')"
                " AND updated < :before",
                "DELETE FROM bot_identities WHERE conversation = '' AND updated < :before",
            ):
                deleted += connection.execute(sa.text(statement), {"before": before}).rowcount
        return deleted

    def is_erased(self, conversation: str) -> bool:
        """Whether a customer's conversation is there no more."""
        query = sa.text("SELECT 1 FROM bot_customers WHERE conversation = :conversation")
        with self.engine.connect() as connection:
            return connection.execute(query, {"conversation": conversation}).scalar() is None

    def address(self, conversation: str) -> tuple[str, float]:
        """Whom to send to in a conversation, and when the customer last wrote."""
        query = sa.text("SELECT address, heard FROM bot_customers WHERE conversation = :conversation")
        with self.engine.connect() as connection:
            address, heard = connection.execute(query, {"conversation": conversation}).fetchone()
        return str(address), float(heard)


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
