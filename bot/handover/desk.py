"""Which conversations a person has, who is told of it, and what persons say: kept in the database for all workers.

A conversation is `asked` (the staff are told; the assistant is silent), `away` (asked while nobody is there, or nobody
came; the assistant goes on), `taken` (a person wrote; silent), `returning` (given back; its customer is told by and by)
or `over`; a person who writes then has it again. What persons and notices say goes into the outbox: a messenger sends
it, the chat widget asks for it.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.errors import BotError
from bot.handover import notices
from bot.settings import Handover as HandoverSettings
from bot.store import conversations
from bot.store.queue import put

SILENT = ("asked", "taken")
LONGEST_TEXT = 4096  # characters; what WhatsApp allows
LONGEST_NAME = 80
SHORTEST_ID = 4
EMERGENCY = "emergency"
TOLD_AGAIN = 3600.0  # seconds after which somebody who waits, and asks again, is told again
# Seconds since the last change. Repeats of what was told come sooner than in a month. For a year a person may come back
# to a conversation: Chatwoot would not notice that nobody gets what is written after that.
KEPT_NOTICE, KEPT_HANDOVER = 30 * 86400.0, 365 * 86400.0
_WAITS_LONG = "(state = 'away' AND updated <= :long_ago)"


class Reach(StrEnum):
    """Whether a person can be reached in the conversation itself: now, later (as they know already), or not at all."""

    HERE = "here"
    AWAY = "away"
    ASKED = "asked"
    NONE = "none"


class UnknownHandoverError(BotError):
    """No person was ever asked for in this conversation."""


class UnfitTextError(BotError):
    """What a person wants to say cannot be sent."""


@dataclass(frozen=True)
class Handover:
    """A conversation that a person has, or is asked to take.

    Attributes:
        since: when a person was asked for, in seconds since 1970.
        waiting: messages of the customer's since then that no person has answered.
        ticket: its number in the supplier's inbox.
    """

    conversation: str
    channel: str
    state: str
    reason: str
    person: str | None
    since: float
    waiting: int = 0
    ticket: str | None = None


class Desk:
    """What channels and the staff do about handovers."""

    def __init__(self, engine: Any, settings: HandoverSettings) -> None:
        """Use the tables that `bot.store.Store` prepared."""
        self.engine = engine
        self.settings = settings

    # For channels ---------------------------------------------------------------------------------------------

    def reach(self, channel: str = "") -> Reach:
        """Whether somebody is there now. On WhatsApp the conversation itself leads to the supplier: later, at least."""
        if not self.settings.is_on:
            return Reach.AWAY if channel == "whatsapp" else Reach.NONE
        hours = self.settings.hours
        return Reach.HERE if hours is None or hours.at(datetime.now(UTC)) else Reach.AWAY

    def reach_in(self, conversation: str, channel: str) -> Reach:
        """The same for a conversation, in which a request may wait already."""
        found = self.reach(channel)
        if found is not Reach.AWAY:
            return found
        return Reach.ASKED if self._rows("conversation = :id AND state = 'away'", id=conversation) else found

    @property
    def hours(self) -> str | None:
        """When somebody is there, in words; None where nobody said."""
        hours = self.settings.hours
        return None if hours is None else f"{hours.text} ({hours.zone.key})"

    def is_silent(self, conversation: str) -> bool:
        """Whether a person has the conversation, so that the assistant says nothing in it."""
        query = sa.text(
            "SELECT 1 FROM bot_handovers WHERE conversation = :id AND state IN ('asked', 'taken') AND ends > :now"
        )
        with self.engine.connect() as connection:
            return connection.execute(query, {"id": conversation, "now": time.time()}).scalar() is not None

    def ask(self, conversation: str, channel: str, reason: str) -> None:
        """Ask the staff to take a conversation, and send its transcript along.

        Asking again changes nothing, unless somebody is there by now, it is an emergency by now, or nobody was there
        and they were told more than an hour ago.

        Args:
            reason: of the payload's `handover`: 'asked', 'emergency', 'unanswered', 'not_understood' ...
        """
        here = self.reach(channel) is Reach.HERE
        state = "asked" if here else "away"
        values = {**self._now(conversation), "channel": channel, "state": state, "reason": reason}
        values["long_ago"] = values["now"] - TOLD_AGAIN
        new = (
            "INSERT INTO bot_handovers (conversation, channel, state, reason, ends, created, updated)"
            " VALUES (:id, :channel, :state, :reason, :ends, :now, :now) ON CONFLICT DO NOTHING"
        )
        begun = "created = CASE WHEN state IN ('over', 'returning') THEN :now ELSE created END"
        # An emergency that nobody has looked at stays one in the list.
        unseen = f"reason = CASE WHEN state = 'away' AND reason = '{EMERGENCY}' THEN reason ELSE :reason END"
        again = (
            f"UPDATE bot_handovers SET {begun}, channel = :channel, state = :state, {unseen}, person = NULL,"
            " ends = :ends, updated = :now WHERE conversation = :id AND (state IN ('over', 'returning')"
            " OR (state IN ('asked', 'taken') AND ends <= :now)"
            + (" OR state = 'away')" if here else f" OR {_WAITS_LONG})")
        )
        worse = (
            "UPDATE bot_handovers SET reason = :reason, updated = :now WHERE conversation = :id AND reason <> :reason"
        )
        statements = [new, again] + ([worse] if reason == EMERGENCY else [])
        with self.engine.begin() as connection:
            if any(connection.execute(sa.text(each), values).rowcount for each in statements):
                self._tell(connection, conversation, "handover.requested")

    def alarm(self, conversation: str) -> None:
        """Tell the staff that what waits for them has become an emergency; of the next one after an hour again."""
        worse = (
            "UPDATE bot_handovers SET reason = :reason, updated = :now"
            f" WHERE conversation = :id AND state = 'away' AND (reason <> :reason OR {_WAITS_LONG})"
        )
        values = {**self._now(conversation), "reason": EMERGENCY}
        values["long_ago"] = values["now"] - TOLD_AGAIN
        with self.engine.begin() as connection:
            if connection.execute(sa.text(worse), values).rowcount:
                self._tell(connection, conversation, "handover.requested")

    def forward(self, conversation: str, message: str, text: str) -> None:
        """Pass on what a customer says while a person has the conversation; once for each message id.

        It goes at once, unless something went within the last seconds: see `bot.handover.notices`.
        """
        if self.ways:
            with self.engine.begin() as connection:
                self._tell(connection, conversation, "message", (message, text))

    def collect(self, conversation: str) -> list[dict[str, Any]]:
        """What persons and notices said in a conversation and nobody has handed out yet, oldest first, once.

        For a channel that neither sends nor keeps them: 'from' (person or notice), 'text' and 'name'.
        """
        query = sa.text(
            "SELECT id, kind, body FROM bot_outbox WHERE conversation = :id AND kind IN ('person', 'notice')"
            " AND state = 'queued' ORDER BY created"
        )
        take = sa.text("UPDATE bot_outbox SET state = 'sent', updated = :now WHERE id = :row AND state = 'queued'")
        values = self._now(conversation)
        with self.engine.connect() as connection:
            rows = connection.execute(query, values).fetchall()
        found = []
        for row, kind, body in rows:
            with self.engine.begin() as connection:
                if connection.execute(take, {**values, "row": row}).rowcount:
                    found.append({"from": kind, **json.loads(body)})
        return found

    # For the staff --------------------------------------------------------------------------------------------

    def say(self, conversation: str, text: str, name: str | None = None, once: str | None = None) -> None:
        """A person says something to the customer; from now on the conversation is theirs.

        Args:
            once: what is said under the same word again is not said.

        Raises:
            UnknownHandoverError: no person was ever asked for in this conversation.
            UnfitTextError: the text or the name is empty or too long.
        """
        text = _storable(text).strip()
        name = _storable(name).strip() if name else None
        if not text:
            raise UnfitTextError("There is no text to send.")
        if len(text) > LONGEST_TEXT:
            raise UnfitTextError(f"The text has {len(text)} characters; at most {LONGEST_TEXT} can be sent.")
        if name and (len(name) > LONGEST_NAME or not name.isprintable()):
            raise UnfitTextError(f"The name must be at most {LONGEST_NAME} printable characters.")
        take = (
            "UPDATE bot_handovers SET state = 'taken', person = coalesce(:name, person), ends = :ends, updated = :now"
            " WHERE conversation = :id"
        )
        values = {**self._now(conversation), "name": name}
        with self.engine.begin() as connection:
            if not self._first(connection, conversation, once):
                return
            if not connection.execute(sa.text(take), values).rowcount:
                raise _unknown(conversation)
            body = {"text": text, **({"name": name} if name else {})}
            put(connection, conversation, "person", body, values["now"])

    def give_back(self, conversation: str, once: str | None = None) -> None:
        """The assistant answers again; the customer is told, where it was silent.

        Raises:
            UnknownHandoverError: see `say`.
        """
        back = (
            "UPDATE bot_handovers SET state = CASE WHEN state = 'away' THEN 'over' ELSE 'returning' END, updated = :now"
            " WHERE conversation = :id AND state IN ('asked', 'taken', 'away')"
        )
        with self.engine.begin() as connection:
            if not self._first(connection, conversation, once):
                return
            known = connection.execute(sa.text(back), self._now(conversation)).rowcount
        if not known:
            self.find(conversation)

    def listed(self) -> list[Handover]:
        """What waits for a person or is with one, oldest first."""
        found = self._rows("state IN ('asked', 'away', 'taken') ORDER BY created")
        return [replace(each, waiting=self._waiting(each)) for each in found]

    def find(self, conversation: str) -> Handover:
        """The handover of a conversation, in any state; an unambiguous beginning of its id is enough.

        Raises:
            UnknownHandoverError: there is none, several begin like that, or the beginning is too short.
        """
        exact = self._rows("conversation = :id", id=conversation)
        if not exact and 0 < len(conversation) < SHORTEST_ID:
            raise UnknownHandoverError(
                f"{conversation} is too short: write {SHORTEST_ID} characters of the id or more."
            )
        found = exact or self._rows("substr(conversation, 1, :length) = :id", id=conversation, length=len(conversation))
        if not found or not conversation:
            raise _unknown(conversation)
        if len(found) > 1:
            raise UnknownHandoverError(f"{len(found)} conversations begin with {conversation}: write more of the id.")
        return found[0]

    def by_ticket(self, ticket: str) -> str | None:
        """The conversation that has a number in the supplier's inbox."""
        found = self._rows("ticket = :ticket", ticket=ticket)
        return found[0].conversation if found else None

    def keep_ticket(self, conversation: str, ticket: str) -> None:
        """Keep the number of a conversation in the supplier's inbox; no other one has it any more."""
        clear = sa.text("UPDATE bot_handovers SET ticket = NULL WHERE ticket = :ticket AND conversation <> :id")
        keep = sa.text("UPDATE bot_handovers SET ticket = :ticket, updated = :now WHERE conversation = :id")
        with self.engine.begin() as connection:
            values = {**self._now(conversation), "ticket": ticket}
            connection.execute(clear, values)
            connection.execute(keep, values)

    # For the server's loop ------------------------------------------------------------------------------------

    @property
    def ways(self) -> tuple[str, ...]:
        """In which ways the staff are told."""
        ways = {"webhook": self.settings.webhook, "email": self.settings.email, "chatwoot": self.settings.chatwoot}
        return tuple(name for name, way in ways.items() if way)

    def hand_back(self, words: Callable[[str], str]) -> None:
        """Let the assistant answer again where a person gave back or was silent for too long, and tell the customer.

        Several workers may do so at once.

        Args:
            words: the canned response of a name.
        """
        given = self._rows("state = 'returning'")
        late = self._rows("state IN ('asked', 'taken') AND ends <= :now", now=time.time())
        for each in given + late:
            returned, came = each.state == "returning", each.state != "asked"
            values = {**self._now(each.conversation), "before": each.state, "after": "over" if came else "away"}
            change = (
                "UPDATE bot_handovers SET state = :after, updated = :now WHERE conversation = :id AND state = :before"
            )
            with self.engine.begin() as connection:
                due = "" if returned else " AND ends <= :now"
                if not connection.execute(sa.text(change + due), values).rowcount:
                    continue  # another worker did, or a person wrote
                body = {"text": words("handover_returned" if came else "handover_nobody")}
                put(connection, each.conversation, "notice", body, values["now"])
                self._tell(connection, each.conversation, "handover.returned" if returned else "handover.expired")

    def clean(self, now: float) -> None:
        """Delete what nobody needs any more: handovers that are over or nobody came for, notices that went."""
        gone = sa.text("DELETE FROM bot_handovers WHERE state IN ('over', 'away') AND updated < :before")
        with self.engine.begin() as connection:
            connection.execute(gone, {"before": now - KEPT_HANDOVER})
        notices.clean(self.engine, now - KEPT_NOTICE)

    # ----------------------------------------------------------------------------------------------------------

    def _now(self, conversation: str) -> dict[str, Any]:
        now = time.time()
        return {"id": conversation, "now": now, "ends": now + self.settings.minutes * 60}

    def _tell(self, connection: Any, conversation: str, kind: str, message: tuple[str, str] | None = None) -> None:
        query = sa.text("SELECT channel, reason, state FROM bot_handovers WHERE conversation = :id")
        row = connection.execute(query, {"id": conversation}).fetchone()
        if row is not None:
            body = {"type": kind, "channel": row[0], "reason": row[1], "state": row[2]}
            notices.add(connection, conversation, self.ways, body, message)

    def _first(self, connection: Any, conversation: str, once: str | None) -> bool:
        """Whether something is done for the first time: the word for it is kept."""
        if once is None:
            return True
        insert = sa.text(
            "INSERT INTO bot_messages (conversation, id, created, updated) VALUES (:id, :once, :now, :now)"
            " ON CONFLICT DO NOTHING"
        )
        word = "staff-" + hashlib.sha256(once.encode()).hexdigest()[:48]
        return bool(connection.execute(insert, {**self._now(conversation), "once": word}).rowcount)

    def _rows(self, where: str, **values: Any) -> list[Handover]:
        query = sa.text(
            "SELECT conversation, channel, state, reason, person, created, 0, ticket FROM bot_handovers WHERE " + where
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query, values).fetchall()
        return [Handover(*row) for row in rows]

    def _waiting(self, handover: Handover) -> int:
        query = sa.text("SELECT max(created) FROM bot_outbox WHERE conversation = :id AND kind = 'person'")
        with self.engine.connect() as connection:
            answered = connection.execute(query, {"id": handover.conversation}).scalar() or 0.0
        since, waiting = max(answered, handover.since), 0
        for exchange in conversations.newest_first(self.engine, handover.conversation):
            if exchange.at <= since:
                break
            waiting += 1
        return waiting


def _unknown(conversation: str) -> UnknownHandoverError:
    return UnknownHandoverError(
        f"No person was asked for in a conversation {conversation[:64]!r}: bot handover list shows where one was."
    )


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot hold in a text: NUL, and half an emoji."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
