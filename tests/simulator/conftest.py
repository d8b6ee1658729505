"""Meta's stand-in, and a bot that only notes what comes."""

from collections.abc import Iterator

import pytest
from graph_client import NUMBER, Bot, Requests

from bot.simulator import GraphServer, Phone


@pytest.fixture
def bot() -> Iterator[Bot]:
    bot = Bot()
    yield bot
    bot.close()


@pytest.fixture
def meta(bot: Bot) -> Iterator[GraphServer]:
    """A server whose webhook is the bot's; nothing slows sends down."""
    with GraphServer(pair_seconds=0, throughput=0, statuses=False, retry=(0.02, 0.1), webhook_seconds=60) as meta:
        meta.subscribe(bot.url)
        yield meta


@pytest.fixture
def phone(meta: GraphServer) -> Phone:
    """A customer who has just written."""
    phone = meta.phone(NUMBER)
    phone.send("Hello")
    return phone


@pytest.fixture
def requests(meta: GraphServer) -> Requests:
    return Requests(meta)
