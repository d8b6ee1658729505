"""A desk on a database of its own, SQLite or PostgreSQL, and what was said in its conversations."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from stores import engine_of

from bot.store import Store


@pytest.fixture
def engine(place: dict[str, Any]) -> Iterator[Any]:
    """That of a tracker store which is new, with our tables."""
    found = engine_of(place)
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
