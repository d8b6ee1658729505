from collections.abc import Iterator
from typing import Any

import pytest
from stores import engine_of

from bot.store import Store


@pytest.fixture
def engines(place: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Those of two processes."""
    found = engine_of(place), engine_of(place)
    Store(found[0])
    yield found
    for engine in found:
        engine.dispose()
