"""The tables, made by steps that are numbered in the database: a later version adds a step and changes none."""

import time
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.errors import BotError

# Times are in seconds since 1970, as in Rasa's events.
_TIMES = "created DOUBLE PRECISION NOT NULL, updated DOUBLE PRECISION NOT NULL"
STEPS: tuple[tuple[str, ...], ...] = (
    (
        f"""CREATE TABLE IF NOT EXISTS bot_sessions (
            conversation VARCHAR(64) PRIMARY KEY, channel VARCHAR(32) NOT NULL, {_TIMES})""",
        f"""CREATE TABLE IF NOT EXISTS bot_messages (
            conversation VARCHAR(64), id VARCHAR(64), {_TIMES}, PRIMARY KEY (conversation, id))""",
        f"""CREATE TABLE IF NOT EXISTS bot_ratings (
            conversation VARCHAR(64), answer VARCHAR(64), rating VARCHAR(8) NOT NULL, comment TEXT, question TEXT,
            payload TEXT NOT NULL, {_TIMES}, PRIMARY KEY (conversation, answer))""",
    ),
)
LOCK = 7_248_310_655  # any number that is nobody else's


class StoreError(BotError):
    """The database cannot be used; the message says why."""


def prepare(engine: Any) -> None:
    """Make the tables, or bring them to this version's form. Several processes may do so at once.

    Raises:
        StoreError: the database is of another kind, or a newer version of this project made its tables.
    """
    dialect = engine.dialect.name
    if dialect not in ("sqlite", "postgresql"):
        raise StoreError(f"tracker_store is of the dialect {dialect}; conversations are kept in SQLite or PostgreSQL.")
    with engine.begin() as connection:
        if dialect == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS bot_schema (version INTEGER PRIMARY KEY, created DOUBLE PRECISION NOT NULL)"
        )
        found = connection.exec_driver_sql("SELECT max(version) FROM bot_schema").scalar() or 0
        if found > len(STEPS):
            raise StoreError(
                f"The database has tables of version {found}, and this project knows version {len(STEPS)}: "
                "a newer one made them, and is needed."
            )
        for version, statements in enumerate(STEPS[found:], found + 1):
            for statement in statements:
                connection.exec_driver_sql(statement)
            insert = sa.text("INSERT INTO bot_schema (version, created) VALUES (:version, :now)")
            connection.execute(insert, {"version": version, "now": time.time()})
