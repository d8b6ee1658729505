from collections.abc import Iterator
from typing import Any

import pytest

from bot.store import Store


@pytest.fixture
def engines(place: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Those of two processes."""
    from rasa.core.tracker_store import SQLTrackerStore

    found = SQLTrackerStore(**place).engine, SQLTrackerStore(**place).engine
    Store(found[0])
    yield found
    for engine in found:
        engine.dispose()
