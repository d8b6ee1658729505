"""How everything is erased that is kept of a conversation; and whose conversations a messenger's names lead to."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

# What others change first, first: the desk a handover, whoever sends or receives the customer, channels the session.
# Then what they write with it is there already, or is not written any more.
TABLES = (
    "bot_handovers",
    "bot_customers",
    "bot_sessions",
    "bot_identities",
    "bot_ratings",
    "bot_messages",
    "bot_notices",
    "bot_outbox",
)
PAUSE = 0.2  # seconds between two looks whether a worker is done


class BusyError(Exception):
    """A worker looks after the conversation at this moment."""


@dataclass(frozen=True)
class Kept:
    """A conversation of a customer of a messenger.

    Attributes:
        names: all that lead to it.
        since: when it began, in seconds since 1970.
        messages: how many of the customer's turns Rasa keeps.
    """

    conversation: str
    names: tuple[str, ...]
    since: float
    messages: int


def find(engine: Any, names: Sequence[str]) -> list[Kept]:
    """The conversations that names lead to."""
    led = sa.text(
        "SELECT DISTINCT conversation FROM bot_identities WHERE conversation <> '' AND identity IN :names"
    ).bindparams(sa.bindparam("names", expanding=True))
    others = sa.text("SELECT identity FROM bot_identities WHERE conversation = :id ORDER BY identity")
    since = sa.text("SELECT created FROM bot_sessions WHERE conversation = :id")
    count = sa.text("SELECT count(*) FROM events WHERE sender_id = :id AND type_name = 'user'")
    found = []
    with engine.connect() as connection:
        for (id,) in connection.execute(led, {"names": list(names)}).fetchall():
            values = {"id": id}
            all_names = tuple(name for (name,) in connection.execute(others, values))
            began = float(connection.execute(since, values).scalar() or 0.0)
            found.append(Kept(id, all_names, began, int(connection.execute(count, values).scalar())))
    return found


def erase(engine: Any, conversation: str) -> None:
    """Erase a conversation: what was said, what was remembered of it, its ratings, its session, its customer."""
    with _overwriting(engine) as connection:
        _erase(connection, conversation)


def erase_idle(engine: Any, conversation: str, patience: float) -> None:
    """The same for a customer of a messenger, as soon as no worker looks after the conversation.

    What a worker writes who lost its lease before, it erases itself: see `bot.channels.whatsapp.worker`.

    Args:
        patience: for how many seconds a worker is waited for, or whoever else holds the rows.

    Raises:
        BusyError: it was somebody's all the time.
        sqlalchemy.exc.SQLAlchemyError: the database fails.
    """
    end = time.monotonic() + patience
    while True:
        try:
            with _overwriting(engine) as connection:
                _erase(connection, conversation, when_idle=True)
            return
        except (BusyError, sa.exc.OperationalError):  # a locked file, or two who waited for each other
            if time.monotonic() >= end:
                raise
        time.sleep(PAUSE)


def claimed_as(id: str) -> str:
    """What stays of a message's id, to know a repeat by: Meta's ids hold the customer's number."""
    return hashlib.sha256(id.encode()).hexdigest()


def _refuse_leased(connection: Any, conversation: str) -> None:
    lock = " FOR UPDATE" if connection.dialect.name == "postgresql" else ""
    query = sa.text(f"SELECT leased FROM bot_customers WHERE conversation = :id{lock}")
    leased = connection.execute(query, {"id": conversation}).scalar()
    if leased is not None and leased >= time.time():
        raise BusyError


def _erase(connection: Any, conversation: str, when_idle: bool = False) -> None:
    for table in TABLES:
        if when_idle and table == "bot_customers":
            _refuse_leased(connection, conversation)
        connection.execute(sa.text(f"DELETE FROM {table} WHERE conversation = :id"), {"id": conversation})
    claims = sa.text("SELECT id FROM bot_inbox WHERE conversation = :id")
    blank = sa.text("UPDATE bot_inbox SET id = :claim, conversation = '', body = NULL, done = 1 WHERE id = :id")
    for (id,) in connection.execute(claims, {"id": conversation}).fetchall():
        connection.execute(blank, {"id": id, "claim": claimed_as(id)})
    connection.execute(sa.text("DELETE FROM events WHERE sender_id = :id"), {"id": conversation})


@contextmanager
def _overwriting(engine: Any) -> Iterator[Any]:
    """A transaction that leaves nothing readable of what it deletes, as far as the database lets us."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:  # which would else leave the text in the free pages of its file
            connection.exec_driver_sql("PRAGMA secure_delete = ON").fetchall()
        with connection.begin():
            if sqlite:  # nobody else writes from here on
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
        if sqlite:  # and in the log beside it
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
