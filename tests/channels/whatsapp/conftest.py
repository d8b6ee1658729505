"""A stand-in for Meta that reports no statuses and has no pair limit, and customers on a new database."""

from collections.abc import Iterator
from typing import Any

import pytest
from customers import Customers

from bot.simulator import GraphServer


@pytest.fixture
def meta() -> Iterator[GraphServer]:
    with GraphServer(statuses=False, pair_seconds=0) as found:
        yield found


@pytest.fixture
def customers(place: dict[str, Any], meta: GraphServer) -> Iterator[Customers]:
    found = Customers(meta, place)
    yield found
    found.engine.dispose()
