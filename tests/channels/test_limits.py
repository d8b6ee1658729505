"""Whose request it is, and how often one may ask: counts in this process and in Redis."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from redis_server import redis

from bot import settings
from bot.channels.limits import Limits, TooManyError, address_of

PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # anybody may write that
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),  # the left one is what the customer sent
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
    ],
)
def test_only_a_trusted_proxy_says_whose_request_it_is(peer: str, forwarded: list[str], address: str) -> None:
    assert address_of(peer, forwarded, PROXIES) == address


def test_without_trusted_proxies_nobody_does() -> None:
    assert address_of("127.0.0.1", ["198.51.100.1"], ()) == "127.0.0.1"


# Limits of an hour would begin anew where one ends during a test.
YEAR = 360 * 86400
SETTINGS = settings.read({"BOT_SESSION_LIMIT": "3/year", "BOT_ADDRESS_LIMIT": "5/month; 2/year"}, 5005)


@pytest.fixture(params=["memory", "redis", "redis with a password"])
def lock_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """What endpoints.yml may hold."""
    if request.param == "memory":
        yield None
        return
    password = "p@ss/word: %" if "password" in request.param else ""
    with redis(tmp_path, password) as port:
        more = {"password": password, "key_prefix": "mine"} if password else {}
        yield SimpleNamespace(type="redis", url="127.0.0.1", kwargs={"port": str(port), "db": 3, **more})


async def test_more_than_the_limit_is_refused(lock_store: Any) -> None:
    limits = Limits(SETTINGS, lock_store)
    for _ in range(3):
        await limits.count("session", "a")
    with pytest.raises(TooManyError) as refused:
        await limits.count("session", "a")
    assert 0 < refused.value.seconds <= 2 * YEAR
    await limits.count("session", "b")
    for _ in range(2):
        await limits.count("address", "a")
    with pytest.raises(TooManyError):
        await limits.count("address", "a")


async def test_workers_count_together_where_they_share_redis(lock_store: Any) -> None:
    workers = [Limits(SETTINGS, lock_store) for _ in range(4)]
    for worker in workers[:3]:
        await worker.count("session", "a")
    if lock_store is None:
        await workers[3].count("session", "a")
        return
    with pytest.raises(TooManyError):
        await workers[3].count("session", "a")
