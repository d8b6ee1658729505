"""One message of a conversation at a time, over all processes that share a Redis."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore, RedisLockStore
from redis.exceptions import LockNotOwnedError

logger = logging.getLogger(__name__)

# Rasa's own keep other things under the store's prefix.
PREFIX = "conversation:"


class RedisLocks(RedisLockStore):  # type: ignore[misc]
    """Rasa's store with the lock of redis-py, which Redis itself gives to one alone.

    Rasa's own reads the list of who waits, and writes it back with one more: two processes that do so at once both
    get the lock, and what the one stores of a conversation the other does not see. Whoever waits here asks again and
    again, so that among processes the order is not kept.
    """

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[None]:
        """Have the lock of a conversation.

        Args:
            lock_lifetime: seconds after which others get it, whatever has become of the holder, and for which it is
                waited for.
            wait_time_in_seconds: between two attempts.

        Raises:
            LockError: others had it all the time.
        """
        # Not by thread: the tasks of a process share one.
        lock = self.red.lock(self._key(conversation_id), timeout=lock_lifetime, thread_local=False)
        end = time.monotonic() + lock_lifetime
        while not lock.acquire(blocking=False):
            if time.monotonic() > end:
                raise LockError(f"Conversation {conversation_id} was locked for {lock_lifetime:.0f} seconds.")
            await asyncio.sleep(wait_time_in_seconds)
        try:
            yield
        finally:
            try:
                lock.release()
            except LockNotOwnedError:
                logger.warning("Conversation %s was locked for longer than a lock lasts.", conversation_id)

    def delete_lock(self, conversation_id: str) -> None:
        """Take the lock from whoever has it."""
        self.red.delete(self._key(conversation_id))

    def _key(self, conversation: str) -> str:
        return f"{self.key_prefix}{PREFIX}{conversation}"


def lock_store(endpoint: Any) -> LockStore:
    """The lock store of an endpoints file.

    Args:
        endpoint: rasa.utils.endpoints.EndpointConfig, or None.

    Raises:
        redis.exceptions.RedisError: it cannot be reached.
    """
    if endpoint is not None and endpoint.type == "redis":
        store = RedisLocks(host=endpoint.url, **endpoint.kwargs)
        store.red.ping()
        return store
    return LockStore.create(endpoint)
