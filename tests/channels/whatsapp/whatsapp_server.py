"""The webhook over real HTTP, beside a database of its own and without an assistant: nothing is answered."""

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import Response, request
from payloads import NUMBER, SECRET, VERIFY, signed
from processes import free_port
from rasa.core.channels.channel import register
from rasa.core.tracker_store import SQLTrackerStore
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels import whatsapp
from bot.runtime.server import LARGEST_REQUEST
from bot.settings import read
from bot.store import Store


class Idle:
    """In the worker's place: it counts how often it was woken."""

    def __init__(self, app: Any) -> None:
        self.woken = 0
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        await self._stopping.wait()

    def wake(self) -> None:
        self.woken += 1

    def stop(self) -> None:
        self._stopping.set()


class Served:
    """A running webhook, its database and its worker."""

    def __init__(self, address: str, store: Store, app: Any) -> None:
        self.address = address
        self.store = store
        self.app = app

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> Response:
        """Send a body, signed unless headers are given."""
        return request(f"{self.address}/webhook", "POST", body, signed(body) if headers is None else headers)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.store.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query).fetchall()]

    @property
    def bodies(self) -> list[str]:
        """What waits to be answered."""
        return [body for (body,) in self.rows("SELECT body FROM bot_inbox WHERE done = 0 ORDER BY at, created")]

    @property
    def woken(self) -> int:
        thread, done = self.app.ctx.whatsapp, threading.Event()
        thread._call(done.set)  # after all that it was told before
        assert done.wait(120)
        woken: int = thread.worker.woken
        return woken


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """A webhook that runs in a thread."""
    app = Sanic(f"whatsapp-{uuid.uuid4().hex}", configure_logging=False)
    app.config.update(REQUEST_MAX_SIZE=LARGEST_REQUEST)
    engine = SQLTrackerStore(dialect="sqlite", db=str(folder / "conversations.db")).engine
    app.ctx.store = Store(engine)
    on = {"WHATSAPP_PHONE_NUMBER_ID": NUMBER, "WHATSAPP_APP_SECRET": SECRET, "WHATSAPP_VERIFY_TOKEN": VERIFY}
    app.ctx.settings = read({**on, "WHATSAPP_ACCESS_TOKEN": "token"}, 5005)
    port, loop, started = free_port(), asyncio.new_event_loop(), threading.Event()
    ended = asyncio.Event()

    async def serve() -> None:
        server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        await server.startup()
        TouchUp._registry.clear()  # Sanic rewrites its own methods at a start, and cannot twice in one process
        await server.before_start()
        await server.start_serving()
        await server.after_start()
        started.set()
        await ended.wait()
        await server.before_stop()
        server.close()
        await server.wait_closed()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whatsapp, "Worker", Idle)
        register([whatsapp.WhatsAppInput()], app, "/webhooks/")
        thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
        thread.start()
        assert started.wait(120)
        yield Served(f"http://127.0.0.1:{port}/webhooks/whatsapp", app.ctx.store, app)
        loop.call_soon_threadsafe(ended.set)
        thread.join(120)
        assert not thread.is_alive()
    engine.dispose()
