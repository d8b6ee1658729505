"""Whether another `bot run` answers from the same database with locks of its own, so that neither waits for the other.

What is held here is held until the process ends.
"""

import fcntl
import os
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

LOCK = 7_248_310_656  # any number that is nobody else's
RISK = (
    "Another `bot run` answers from the same database, and they do not share their locks: of two messages of one"
    " conversation at the same moment one may be forgotten, with what it told of health. Stop one of them, or set"
    " lock_store to redis for both (docs/deploying.md)."
)
_held: list[Any] = []


def is_alone_on_file(database: str) -> bool:
    """Hold a file of SQLite; False where another process does."""
    lock = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # left open: it holds the lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def is_alone_on_server(engine: Any, shares: bool) -> bool:
    """Hold a database of PostgreSQL, alone or with others that share their locks; False where that cannot be.

    Args:
        shares: whether the locks of this process are in Redis.
    """
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.detach()  # from the pool, which would close it
    function = "pg_try_advisory_lock_shared" if shares else "pg_try_advisory_lock"
    if not connection.execute(sa.text(f"SELECT {function}(:lock)"), {"lock": LOCK}).scalar():
        connection.close()
        return False
    _held.append(connection)
    return True
