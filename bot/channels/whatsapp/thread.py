"""The worker's own thread: the webhook acknowledges while an answer is made or the database waits for its disk."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable

from bot.channels.whatsapp.worker import Worker
from bot.errors import origin

logger = logging.getLogger(__name__)


class WorkerThread:
    """A worker on an event loop of its own. All methods are called from the server's thread."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._loop = asyncio.new_event_loop()
        # Should the server not stop it, the process ends all the same: what is under way is found again.
        self._thread = threading.Thread(target=self._run, name="whatsapp", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now: something came in."""
        self._call(self.worker.wake)

    async def stop(self) -> None:
        """Return when the worker has finished what is under way."""
        self._call(self.worker.stop)
        await asyncio.to_thread(self._thread.join)

    def _call(self, method: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the worker has ended, and said so
            self._loop.call_soon_threadsafe(method)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self.worker.run())
        except Exception as error:
            logger.error(
                "WhatsApp messages are not answered any more, until the server is started again: %s", origin(error)
            )
        finally:
            self._loop.close()
