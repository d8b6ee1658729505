"""How often one conversation and one address may ask, counted by all workers together where they share Redis."""

import ipaddress
import math
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from bot.settings import Network, Settings

# How often the chat widget may look for what a person has said: every 5 seconds in two windows, and some fifty
# customers at one address. Counted apart, so that looking takes nothing from asking.
NEWS, NEWS_ADDRESS = "30/minute", "600/minute"


class TooManyError(Exception):
    """A limit is reached; `seconds` from now on there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Limits:
    """The limits of the settings, with their counts."""

    def __init__(self, settings: Settings, lock_store: Any) -> None:
        """Count in Redis where a lock_store of endpoints.yml is one, and else in this process.

        Args:
            lock_store: rasa.utils.endpoints.EndpointConfig, or None.
        """
        self._limiter = SlidingWindowCounterRateLimiter(_storage(lock_store))
        self._limits: dict[str, list[RateLimitItem]] = {
            "session": parse_many(settings.session_limit),
            "address": parse_many(settings.address_limit),
            "session_news": parse_many(NEWS),
            "address_news": parse_many(NEWS_ADDRESS),
        }

    async def count(self, kind: str, who: str) -> None:
        """Count a request of a conversation ('session') or of an 'address'; with '_news', one for news alone.

        Raises:
            TooManyError: there were too many; this one is not counted.
        """
        for limit in self._limits[kind]:
            if not await self._limiter.hit(limit, kind, who):
                window = await self._limiter.get_window_stats(limit, kind, who)
                raise TooManyError(max(1, math.ceil(window.reset_time - time.time())))


def _storage(lock_store: Any) -> Storage:
    if lock_store is None or (lock_store.type or "").lower() != "redis":
        return MemoryStorage()
    # As rasa.core.lock_store.RedisLockStore takes them.
    given = dict(lock_store.kwargs)
    user, password = (quote(str(given.get(name) or ""), safe="") for name in ("username", "password"))
    secret = f"{user}:{password}@" if password else ""
    scheme = "rediss" if given.get("use_ssl") else "redis"
    place = f"{lock_store.url or 'localhost'}:{given.get('port', 6379)}/{given.get('db', 1)}"
    tls = {name: given[name] for name in ("ssl_certfile", "ssl_keyfile", "ssl_ca_certs") if given.get(name)}
    options = {**tls, "socket_timeout": float(given.get("socket_timeout", 10))}
    prefix = f"{given['key_prefix']}:limits" if given.get("key_prefix") else "bot:limits"
    return RedisStorage(f"async+{scheme}://{secret}{place}", implementation="redispy", key_prefix=prefix, **options)


def address_of(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Whose request it is: the address nearest to us that is no trusted proxy; of IPv6 the network of 64 bits.

    Args:
        peer: who opened the connection.
        forwarded: the X-Forwarded-For headers. What stands left of an untrusted address anybody may have written.
    """
    hops = [hop.strip() for header in forwarded for hop in header.split(",")]
    address = _parsed(peer)
    while address is not None and hops and any(address in network for network in proxies):
        before = _parsed(hops.pop())
        if before is None:
            break
        address = before
    if address is None:
        return peer
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
