"""Answers what waits in the queue and sends what is in the outbox, beside the webhook in the server's process.

Several workers, in as many processes, share one queue: each leases a conversation, sends what is in its outbox, in
order, and then answers what waits as one turn. Sends of several customers run side by side. The agent answers one turn
at a time, because it keeps its thread busy meanwhile.
"""

import asyncio
import contextlib
import logging
import time
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.channels.whatsapp.answering import CHANNEL, Answering
from bot.channels.whatsapp.errors import GraphError
from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.sending import Seldom, Sending
from bot.errors import origin
from bot.store import Store
from bot.store.queue import LeaseLostError, Queue, Turn

logger = logging.getLogger(__name__)

LEASE, RENEW = 15.0, 5.0  # seconds
LOOK = 1.0  # seconds between two looks for what nobody woke us for: other workers' dead leases, a command's rows
GRACE = 10.0  # seconds for what is under way when the server stops
CLEAN_EVERY, KEPT = 3600.0, 30 * 86400.0  # Meta repeats deliveries for up to 7 days


class Worker:
    """One process's worker of the WhatsApp channel."""

    def __init__(self, app: Any) -> None:
        """Use what the server keeps in `app.ctx`: `agent`, `store`, `desk` and `settings`, whose `whatsapp` is set."""
        self._store: Store = app.ctx.store
        self._queue = Queue(self._store.engine, CHANNEL)
        self._graph = Graph(app.ctx.settings.whatsapp)
        self._sending = Sending(self._queue, self._graph, app.ctx.settings.whatsapp)
        self._answering = Answering(app.ctx)
        self._one_turn = asyncio.Lock()
        self._due = asyncio.Event()
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._reading: set[asyncio.Task[None]] = set()
        self._seldom = Seldom()
        self._stopping = False
        self._cleaned = 0.0

    async def run(self) -> None:
        """Work until `stop`; then finish what is under way, for some seconds, and give back what is left."""
        try:
            while not self._stopping:
                self._due.clear()
                wait = self._look()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._due.wait(), wait)
        finally:
            await self._finish()

    def wake(self) -> None:
        """Look at the queue now: something came in."""
        self._due.set()

    def stop(self) -> None:
        """Let `run` end."""
        self._stopping = True
        self.wake()

    async def _finish(self) -> None:
        tasks = [*self._serving.values(), *self._reading]
        if tasks:
            _, left = await asyncio.wait(tasks, timeout=GRACE)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        await self._graph.close()

    def _look(self) -> float:
        try:
            self._clean()
            return self._begin()
        except Exception as error:  # of the database, most likely, which will be there again
            self._seldom(logging.ERROR, f"The queue of WhatsApp cannot be read: {origin(error)}")
            return LOOK

    def _begin(self) -> float:
        """Begin with what is due, as far as there is room; the seconds until it is worth another look."""
        if pause := self._sending.pause():
            return min(LOOK, pause)
        while len(self._serving) < self._sending.at_once:
            conversation = self._queue.lease(LEASE)
            if conversation is None:
                due = self._queue.next_due()
                return LOOK if due is None else min(LOOK, max(0.0, due - time.time()))
            if conversation not in self._serving:  # a lease of our own may have run out while the process was busy
                task = asyncio.create_task(self._serve(conversation))
                self._serving[conversation] = task
        return LOOK

    def _clean(self) -> None:
        if time.monotonic() >= self._cleaned:
            self._cleaned = time.monotonic() + CLEAN_EVERY
            self._queue.clean(time.time() - KEPT)

    async def _serve(self, conversation: str) -> None:
        """Do what is due in a conversation that we hold."""
        keeping = asyncio.create_task(self._keep(conversation))
        try:
            await self._work(conversation)
            self._queue.release(conversation)
        except LeaseLostError:
            self._lost(conversation)
        except asyncio.CancelledError:
            self._queue.release(conversation)
            raise
        except Exception as error:  # it is tried again when the lease has run out, here or by another worker
            self._seldom(logging.ERROR, f"Conversation {conversation} cannot be looked after: {origin(error)}")
        finally:
            keeping.cancel()
            del self._serving[conversation]
            self.wake()

    def _lost(self, conversation: str) -> None:
        try:
            if not self._queue.is_erased(conversation):
                logger.warning("Conversation %s is another worker's now.", conversation)
                return
            # Rasa, which knows no leases, may have kept a turn of it since.
            self._store.forget(conversation)
            logger.warning("Conversation %s was erased while it was answered.", conversation)
        except sa.exc.SQLAlchemyError as error:
            logger.error("What came of erased conversation %s may still be there: %s", conversation, origin(error))

    async def _keep(self, conversation: str) -> None:
        """Renew the lease; whoever works finds out by itself that it is lost."""
        while True:
            await asyncio.sleep(RENEW)
            try:
                self._queue.renew(conversation, LEASE)
            except LeaseLostError:
                return
            except sa.exc.SQLAlchemyError as error:
                self._seldom(logging.ERROR, f"A lease cannot be renewed: {origin(error)}")

    async def _work(self, conversation: str) -> None:
        while True:
            outgoing = self._queue.next_send(conversation)
            if outgoing is not None:
                await self._sending.send(outgoing)
            elif self._queue.is_sending(conversation) or not await self._answer(conversation):
                return

    async def _answer(self, conversation: str) -> bool:
        """Answer what waits; False where nothing does."""
        async with self._one_turn:
            # Not before: what comes while others are answered belongs to the same turn.
            turn = None if self._stopping else self._queue.turn(conversation)
            if turn is None:
                return False
            self._show_as_read(conversation, turn)
            bodies = await self._answering.bodies(conversation, turn)
            self._queue.answered(conversation, turn, bodies)
        return True

    def _show_as_read(self, conversation: str, turn: Turn) -> None:
        if self._answering.desk.is_silent(conversation):
            return
        task = asyncio.create_task(self._read(turn.messages[-1].id))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, message: str) -> None:
        try:
            await self._graph.read_and_type(message)
        except GraphError as error:  # the answer itself is what counts
            self._seldom(logging.WARNING, f"Messages are not shown as read on WhatsApp. {error}")
