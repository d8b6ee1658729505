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
    (
        # Customers of a messenger: whom to send to, when they last wrote, when something is to be done for them
        # (never: NULL), and which worker is at it until when.
        f"""CREATE TABLE IF NOT EXISTS bot_customers (
            conversation VARCHAR(64) PRIMARY KEY, address VARCHAR(255) NOT NULL, heard DOUBLE PRECISION NOT NULL,
            due DOUBLE PRECISION, owner VARCHAR(64), leased DOUBLE PRECISION NOT NULL, {_TIMES})""",
        "CREATE INDEX IF NOT EXISTS bot_customers_due ON bot_customers (due)",
        # The names of customers; 'updated': since when each leads there. Of one that was left the conversation is ''.
        f"""CREATE TABLE IF NOT EXISTS bot_identities (
            identity VARCHAR(255) PRIMARY KEY, conversation VARCHAR(64) NOT NULL, {_TIMES})""",
        # Messages that came in; their bodies go when they are answered, their ids stay to know repeats by.
        f"""CREATE TABLE IF NOT EXISTS bot_inbox (
            id VARCHAR(255) PRIMARY KEY, conversation VARCHAR(64) NOT NULL, at DOUBLE PRECISION NOT NULL, body TEXT,
            turn VARCHAR(64), done SMALLINT NOT NULL, {_TIMES})""",
        "CREATE INDEX IF NOT EXISTS bot_inbox_open ON bot_inbox (conversation, done)",
        # What goes out beside what Rasa keeps; and what persons and notices said, in every channel.
        f"""CREATE TABLE IF NOT EXISTS bot_outbox (
            id VARCHAR(64) PRIMARY KEY, conversation VARCHAR(64) NOT NULL, kind VARCHAR(16) NOT NULL, body TEXT,
            state VARCHAR(16) NOT NULL, due DOUBLE PRECISION NOT NULL, sends INTEGER NOT NULL,
            message VARCHAR(255), error VARCHAR(255), {_TIMES})""",
        "CREATE INDEX IF NOT EXISTS bot_outbox_open ON bot_outbox (conversation, state)",
        "CREATE INDEX IF NOT EXISTS bot_outbox_message ON bot_outbox (message)",
        f"""CREATE TABLE IF NOT EXISTS bot_handovers (
            conversation VARCHAR(64) PRIMARY KEY, channel VARCHAR(32) NOT NULL, state VARCHAR(16) NOT NULL,
            reason VARCHAR(32) NOT NULL, person VARCHAR(255), ends DOUBLE PRECISION NOT NULL, ticket VARCHAR(64),
            {_TIMES})""",
        # What the staff are to be told, each in each way.
        f"""CREATE TABLE IF NOT EXISTS bot_notices (
            id VARCHAR(64) PRIMARY KEY, conversation VARCHAR(64) NOT NULL, way VARCHAR(16) NOT NULL, body TEXT,
            state VARCHAR(16) NOT NULL, due DOUBLE PRECISION NOT NULL, tries INTEGER NOT NULL,
            error VARCHAR(255), {_TIMES})""",
        "CREATE INDEX IF NOT EXISTS bot_notices_due ON bot_notices (state, due)",
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
