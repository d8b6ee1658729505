"""Which conversations a person has, who is told of it, and what persons say: kept in the database for all workers.

A conversation is `asked` (the staff are told; the assistant is silent), `away` (asked while nobody is there; the
assistant goes on), `taken` (a person wrote; silent) or `returning` (given back; its customer is told by and by, and
the row goes). What persons and notices say goes into the outbox: a messenger sends it, the chat widget asks for it.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.settings import Handover as HandoverSettings

SILENT = ("asked", "taken")


class Reach(StrEnum):
    """Whether a person can be reached in the conversation itself: now, later, or not at all."""

    HERE = "here"
    AWAY = "away"
    NONE = "none"


@dataclass(frozen=True)
class Handover:
    """A conversation that a person has, or is asked to take."""

    conversation: str
    channel: str
    state: str
    reason: str
    person: str | None
    since: float


class Desk:
    """What channels and the staff do about handovers."""

    def __init__(self, engine: Any, settings: HandoverSettings) -> None:
        """Use the tables that `bot.store.Store` prepared."""
        self.engine = engine
        self.settings = settings

    def reach(self) -> Reach:
        """Whether somebody is there now."""
        if not self.settings.is_on:
            return Reach.NONE
        hours = self.settings.hours
        return Reach.HERE if hours is None or hours.at(datetime.now(UTC)) else Reach.AWAY

    def is_silent(self, conversation: str) -> bool:
        """Whether a person has the conversation, so that the assistant says nothing in it."""
        query = sa.text(
            "SELECT 1 FROM bot_handovers WHERE conversation = :id AND state IN ('asked', 'taken') AND ends > :now"
        )
        with self.engine.connect() as connection:
            return connection.execute(query, {"id": conversation, "now": time.time()}).scalar() is not None

    def ask(self, conversation: str, channel: str, reason: str) -> None:
        """Ask the staff to take a conversation, and send its transcript along. Asking again changes nothing.

        Args:
            reason: of the payload's `handover`: 'asked', 'emergency', 'unanswered', 'not_understood' ...
        """
        raise NotImplementedError

    def forward(self, conversation: str, message: str, text: str) -> None:
        """Pass on what a customer says while a person has the conversation; once for each message id."""
        raise NotImplementedError

    def say(self, conversation: str, text: str, name: str | None = None) -> None:
        """A person says something to the customer; from now on the conversation is theirs."""
        raise NotImplementedError

    def give_back(self, conversation: str) -> None:
        """The assistant answers again; the customer is told."""
        raise NotImplementedError

    def listed(self) -> list[Handover]:
        """What waits for a person or is with one, oldest first."""
        raise NotImplementedError
