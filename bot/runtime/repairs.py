"""Repairs of Rasa 3.6.21's hot path: each does the same as what it replaces, once instead of on every message."""

import contextlib
import functools
import sqlite3
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]


def apply() -> None:
    """Put the repairs in place. Rasa must be importable."""
    import rasa.core.actions.action
    import rasa.core.tracker_store
    import rasa.shared.core.events
    import rasa.utils.endpoints

    from bot.runtime import actions

    _compile_the_action_response_schema(rasa.core.actions.action.RemoteAction)
    _remember_event_types(rasa.shared.core.events.Event)
    _keep_sqlite_open(rasa.core.tracker_store)
    _calculate_on_one_core()
    actions.serve_in_process(rasa.utils.endpoints.EndpointConfig)


def _compile_the_action_response_schema(remote_action: Any) -> None:
    """Rasa checks the constant schema itself, then the response, on every custom action call."""
    from jsonschema import validators
    from jsonschema.exceptions import best_match

    schema = remote_action.action_response_format_spec()
    validator_class = validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)

    def _validate_action_result(self: Any, result: dict[str, Any]) -> bool:
        error = best_match(validator.iter_errors(result))
        if error is None:
            return True
        error.message += f". The answer of custom action '{self.name()}' does not have the form that Rasa asks for."
        raise error

    remote_action._validate_action_result = _validate_action_result


def _remember_event_types(event: Any) -> None:
    """Rasa walks over all subclasses of Event for every stored event of a conversation."""
    event.resolve_by_type = staticmethod(functools.cache(event.resolve_by_type))


def _keep_sqlite_open(tracker_store: Any) -> None:
    """Rasa opens the SQLite file anew for every load and save, and commits with a journal file made and removed.

    A connection is kept, as SQLAlchemy 2 does of itself, and commits append to a write-ahead log: as durable, and
    one wait for the disk instead of several. A database in memory is left alone, and so is every other dialect.
    """
    from sqlalchemy.engine.url import make_url  # type: ignore[import-untyped]
    from sqlalchemy.pool import QueuePool  # type: ignore[import-untyped]

    original = tracker_store.create_engine_kwargs

    def create_engine_kwargs(url: Any) -> dict[str, Any]:
        kwargs: dict[str, Any] = original(url)
        place = make_url(url)
        if place.get_backend_name() != "sqlite" or place.database in (None, "", ":memory:"):
            return kwargs
        kept = {"poolclass": QueuePool, "connect_args": {"check_same_thread": False}}
        return {**kwargs, **kept, "pool_events": [(_write_ahead, "connect")]}

    tracker_store.create_engine_kwargs = create_engine_kwargs


def _write_ahead(connection: sqlite3.Connection, _: Any) -> None:
    # Where the file system cannot, or another process holds the file, the journal stays as it was.
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")


def _calculate_on_one_core() -> None:
    """NumPy shares each multiplication out over all cores, and waits for the slowest.

    A message's are too small to gain by it. On a machine whose cores are busy with anything else, a second worker
    for one, the waiting takes longer than all the rest of understanding a message.
    """
    threadpool_limits(1, user_api="blas")
