"""Conversations that a channel began, the messages it took, the ratings of answers; and how all of it is erased."""

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.store import erasure
from bot.store.schema import StoreError, prepare

__all__ = ["Rating", "Store", "StoreError", "UnknownConversationError"]


class UnknownConversationError(Exception):
    """No channel began this conversation, or it was erased."""


@dataclass(frozen=True)
class Rating:
    """What a customer thinks of an answer.

    Attributes:
        answer: the payload of the answer.
        question: what was asked; None where it was not kept.
        rating: 'up' or 'down'.
    """

    answer: dict[str, Any]
    question: str | None
    rating: str
    comment: str | None


class Store:
    """The project's own tables, in the database of Rasa's tracker store.

    Every method raises sqlalchemy.exc.SQLAlchemyError when the database fails.
    """

    def __init__(self, engine: Any) -> None:
        """Prepare the tables.

        Args:
            engine: that of the tracker store.

        Raises:
            StoreError: see `bot.store.schema.prepare`.
        """
        prepare(engine)
        self.engine = engine

    def begin(self, channel: str) -> str:
        """A new conversation's id."""
        conversation = uuid.uuid4().hex
        self._write(
            "INSERT INTO bot_sessions (conversation, channel, created, updated)"
            " VALUES (:conversation, :channel, :now, :now)",
            conversation=conversation,
            channel=channel,
        )
        return conversation

    def require(self, conversation: str) -> None:
        """Raise UnknownConversationError when no channel began it, or it was erased."""
        query = sa.text("SELECT 1 FROM bot_sessions WHERE conversation = :conversation")
        with self.engine.connect() as connection:
            if connection.execute(query, {"conversation": conversation}).scalar() is None:
                raise UnknownConversationError

    def claim(self, conversation: str, message: str) -> bool:
        """Note that a message came; whether it did so for the first time.

        Raises:
            UnknownConversationError: see `require`.
        """
        with self.engine.begin() as connection:
            values = {"conversation": conversation, "id": message, "now": time.time()}
            _touch(connection, values)
            new = (
                "INSERT INTO bot_messages (conversation, id, created, updated) VALUES (:conversation, :id, :now, :now)"
                " ON CONFLICT DO NOTHING"
            )
            return bool(connection.execute(sa.text(new), values).rowcount)

    def rate(self, conversation: str, rating: Rating) -> None:
        """Keep a rating with the answer; it takes the place of an earlier one.

        Raises:
            UnknownConversationError: see `require`.
        """
        keep = (
            "INSERT INTO bot_ratings (conversation, answer, rating, comment, question, payload, created, updated)"
            " VALUES (:conversation, :answer, :rating, :comment, :question, :payload, :now, :now)"
            " ON CONFLICT (conversation, answer) DO UPDATE"
            " SET rating = excluded.rating, comment = excluded.comment, updated = excluded.updated"
        )
        values = {
            "conversation": conversation,
            "answer": rating.answer["id"],
            "rating": rating.rating,
            "comment": _storable(rating.comment),
            "question": _storable(rating.question),
            "payload": json.dumps(rating.answer),
            "now": time.time(),
        }
        with self.engine.begin() as connection:
            _touch(connection, values)
            connection.execute(sa.text(keep), values)

    def unrate(self, conversation: str, answer: str) -> None:
        """Take the rating of an answer back."""
        self._write(
            "DELETE FROM bot_ratings WHERE conversation = :conversation AND answer = :answer",
            conversation=conversation,
            answer=answer,
        )

    def ratings(self, conversation: str) -> dict[str, Rating]:
        """The ratings of a conversation, by the id of the answer."""
        query = "SELECT payload, question, rating, comment, answer FROM bot_ratings WHERE conversation = :conversation"
        with self.engine.connect() as connection:
            rows = connection.execute(sa.text(query), {"conversation": conversation})
            return {row[4]: Rating(json.loads(row[0]), *row[1:4]) for row in rows}

    def forget(self, conversation: str) -> None:
        """Erase a conversation: what was said, what was remembered of it, its ratings and its session."""
        erasure.erase(self.engine, conversation)

    def check(self) -> None:
        """Read something of Rasa's and of ours, to see whether the database can be read."""
        with self.engine.connect() as connection:
            for table in ("events", "bot_sessions"):
                connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").fetchall()

    def _write(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), {**values, "now": time.time()})


def _touch(connection: Any, values: dict[str, Any]) -> None:
    """Take the session first, so that nothing is written to a conversation that is being erased."""
    touched = "UPDATE bot_sessions SET updated = :now WHERE conversation = :conversation"
    if not connection.execute(sa.text(touched), values).rowcount:
        raise UnknownConversationError


def _storable(text: str | None) -> str | None:
    """Without what PostgreSQL cannot hold in a text: NUL, and half an emoji."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
