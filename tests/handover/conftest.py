"""A desk on a database of its own, SQLite or PostgreSQL, and what was said in its conversations."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from postgres import postgres

from bot.store import Store


@pytest.fixture(scope="session")
def database() -> Iterator[dict[str, str]]:
    with postgres() as settings:
        yield settings


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """That of a tracker store which is new, with our tables."""
    from rasa.core.tracker_store import SQLTrackerStore

    place: dict[str, Any] = {"dialect": "sqlite", "db": str(tmp_path / "conversations.db")}
    if request.param == "postgresql":
        place = dict(request.getfixturevalue("database"))
        place["host"] = place.pop("url")
        made = SQLTrackerStore(**place).engine
        with made.begin() as connection:
            for (table,) in connection.exec_driver_sql(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall():
                connection.exec_driver_sql(f"DROP TABLE {table}")
        made.dispose()
    found = SQLTrackerStore(**place).engine
    Store(found)
    yield found
    found.dispose()


@pytest.fixture
def say(engine: Any) -> Callable[..., None]:
    """Let a customer have said something, and the assistant have answered it."""
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.events import BotUttered, UserUttered

    insert = SQLTrackerStore.SQLEvent.__table__.insert()

    def keep(conversation: str, text: str, id: str, reply: str | None = None, **answer: Any) -> None:
        events = [UserUttered(text, message_id=id, timestamp=time.time())]
        if reply is not None:
            events.append(BotUttered(reply, {"custom": {"answer": {"id": f"a-{id}", **answer}}}, timestamp=time.time()))
        with engine.begin() as connection:
            for event in events:
                row = {"sender_id": conversation, "type_name": event.type_name, "timestamp": event.timestamp}
                connection.execute(insert.values(**row, data=json.dumps(event.as_dict())))

    return keep
