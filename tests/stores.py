"""Engines of databases of a test's own."""

from typing import Any

import sqlalchemy as sa


def engine_of(place: dict[str, Any]) -> Any:
    """That of a tracker store; on SQLite whoever waits for another to write does so for a minute, since tests stall."""
    from rasa.core.tracker_store import SQLTrackerStore

    engine = SQLTrackerStore(**place).engine
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 60000"))
        engine.dispose()  # of the connection that was made before
    return engine
