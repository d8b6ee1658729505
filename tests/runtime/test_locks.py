"""Two workers never have the same conversation at once."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from processes import free_port
from rasa.core.lock_store import LockError
from rasa.utils.endpoints import EndpointConfig
from redis import ConnectionError as RedisConnectionError
from redis import Redis
from redis_server import redis

from bot.runtime.locks import RedisLocks, lock_store

WORKERS, TASKS, ROUNDS = 3, 4, 40


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with redis(tmp_path) as port:
        yield port


def locks(port: int) -> Any:
    return lock_store(EndpointConfig("127.0.0.1", type="redis", port=port))


def _work(port: int) -> None:
    """Add to a number as a conversation is stored: read, wait, write."""
    store, client = locks(port), Redis(port=port)

    async def add() -> None:
        for _ in range(ROUNDS):
            async with store.lock("c", 120, wait_time_in_seconds=0.001):
                found = int(client.get("number") or 0)
                await asyncio.sleep(0)
                client.set("number", found + 1)

    async def all_of_them() -> None:
        await asyncio.gather(*(add() for _ in range(TASKS)))

    asyncio.run(asyncio.wait_for(all_of_them(), 300))


def test_one_has_a_conversation_at_a_time(port: int) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:  # each with its own connection and loop, as a process has
        for done in [pool.submit(_work, port) for _ in range(WORKERS)]:
            done.result()
    assert int(Redis(port=port).get("number")) == WORKERS * TASKS * ROUNDS


async def test_a_lock_is_waited_for_and_then_given_up(port: int) -> None:
    one, other = locks(port), locks(port)
    async with one.lock("c"):
        with pytest.raises(LockError, match="locked"):
            async with other.lock("c", 0.2, wait_time_in_seconds=0.05):
                raise AssertionError
        async with other.lock("d", 0.2):
            pass
    async with other.lock("c", 0.2):
        pass


async def test_one_whose_time_is_over_frees_nobody_elses(port: int, caplog: pytest.LogCaptureFixture) -> None:
    one, other = locks(port), locks(port)
    async with one.lock("c", 0.1):
        await asyncio.sleep(0.2)
        held = other.lock("c")
        await held.__aenter__()
    assert "longer than a lock lasts" in caplog.text
    with pytest.raises(LockError):
        async with one.lock("c", 0.1, wait_time_in_seconds=0.02):
            raise AssertionError
    other.delete_lock("c")
    async with one.lock("c", 0.1):
        pass
    await held.__aexit__(None, None, None)


async def test_each_assistant_has_its_own_locks_in_a_redis_of_several(port: int) -> None:
    one, other = (
        lock_store(EndpointConfig("127.0.0.1", type="redis", port=port, key_prefix=prefix)) for prefix in ("one", "two")
    )
    async with one.lock("c"), other.lock("c", 0.2, wait_time_in_seconds=0.05):
        pass


def test_a_redis_that_is_not_there_is_noticed_at_once() -> None:
    with pytest.raises(RedisConnectionError):
        locks(free_port())


def test_without_redis_rasas_own_locks_do() -> None:
    assert not isinstance(lock_store(None), RedisLocks)
