"""The database of an endpoints file, for commands that look at conversations while the server runs or does not."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.errors import BotError


class DatabaseError(BotError):
    """The conversations cannot be reached; the message says why."""


@contextmanager
def engine_of(endpoints_file: Path, writes: bool = False) -> Iterator[Any]:
    """An engine on the conversations of an endpoints file, in which there are some.

    Args:
        writes: whether it may write; else SQLite's file is opened for reading alone.

    Raises:
        DatabaseError: there are no conversations yet, they are of another kind, or they cannot be read.
    """
    import sqlalchemy as sa  # type: ignore[import-untyped]
    from rasa.utils.endpoints import read_endpoint_config

    try:
        store = read_endpoint_config(str(endpoints_file), "tracker_store")
    except Exception as error:  # of YAML, or of a variable that is not set
        raise DatabaseError(f"{endpoints_file} cannot be used: {error}") from error
    if store is None or (store.type or "").lower() != "sql":
        raise DatabaseError(f"{endpoints_file} names no tracker_store of type SQL, which holds the conversations.")
    place = store.url or store.kwargs.get("db") or "memory"
    try:
        engine = _engine(store, writes)
        if not sa.inspect(engine).has_table("events"):
            raise DatabaseError(f"There are no conversations yet in {place}.")
        yield engine
    except (sa.exc.SQLAlchemyError, ValueError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".")
        raise DatabaseError(f"The conversations in {place} cannot be read: {reason}.") from error


def _engine(store: Any, writes: bool) -> Any:
    """An engine for the store of an endpoints file. Rasa's own would create what is missing, and wait for ever."""
    import sqlalchemy as sa
    from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs, validate_port
    from sqlalchemy.pool import NullPool  # type: ignore[import-untyped]

    settings = {name: store.kwargs.get(name) for name in ("username", "password", "query")}
    dialect, database = store.kwargs.get("dialect", "sqlite"), store.kwargs.get("db", "rasa.db")
    if dialect == "sqlite":
        if not database or not Path(database).exists():
            raise DatabaseError(f"There are no conversations yet: there is no {database or 'file of them'}.")
        where = f"file:{quote(str(Path(database).resolve()))}?mode={'rw' if writes else 'ro'}"
        return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(where, uri=True), poolclass=NullPool)
    url = sa.engine.make_url(
        SQLTrackerStore.get_db_url(dialect, store.url, validate_port(store.kwargs.get("port")), database, **settings)
    )
    options = create_engine_kwargs(url)
    if url.get_backend_name() == "postgresql":
        options["connect_args"] = {**options.get("connect_args", {}), "connect_timeout": 10}
    return sa.create_engine(url, **options)
