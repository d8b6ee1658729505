"""A worker between a queue and a stand-in for Meta, without the webhook: what customers write is put into the queue."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from stand_in import Recorder, StandIn, context

from bot.channels.whatsapp.worker import Worker
from bot.settings import WhatsApp
from bot.simulator import GraphServer, Phone, Shown
from bot.store.queue import Arrived, Queue, put

NUMBER = "4915112345678"


def settings_of(meta: GraphServer, template: tuple[str, str] | None = None) -> WhatsApp:
    """The settings with which a bot talks to a stand-in for Meta."""
    account = meta.account
    return WhatsApp(
        account.phone_number_id, account.access_token, account.app_secret, account.verify_token, meta.url, template
    )


class Customers:
    """What customers do and see, and what is in the database."""

    def __init__(self, meta: GraphServer, place: dict[str, Any], template: tuple[str, str] | None = None) -> None:
        self.meta = meta
        self.app = SimpleNamespace(ctx=context(place, settings_of(meta, template)))
        self.engine = self.app.ctx.store.engine
        self.queue = Queue(self.engine, "whatsapp")
        self.workers: list[Worker] = []

    @property
    def agent(self) -> StandIn:
        found: StandIn = self.app.ctx.agent
        return found

    @property
    def desk(self) -> Recorder:
        found: Recorder = self.app.ctx.desk
        return found

    @asynccontextmanager
    async def working(self, workers: int = 1) -> AsyncIterator[None]:
        """While so many workers run; whatever one raises fails the test."""
        self.workers = [Worker(self.app) for _ in range(workers)]
        running = [asyncio.create_task(worker.run()) for worker in self.workers]
        try:
            yield
        finally:
            for worker in self.workers:
                worker.stop()
            await asyncio.gather(*running)

    def phone(self, number: str = NUMBER) -> Phone:
        return self.meta.phone(number)

    def write(self, *texts: str, number: str = NUMBER, at: float | None = None, **body: Any) -> str:
        """Write messages; the conversation."""
        bodies = [{"kind": "text", "text": text, **body} for text in texts] or [{"text": "", **body}]
        return self.arrive(*bodies, number=number, at=at)

    def arrive(self, *bodies: dict[str, Any], number: str = NUMBER, at: float | None = None) -> str:
        """Write messages of any kind, in one delivery; the conversation."""
        phone, at = self.phone(number), at or time.time()
        messages = [Arrived(f"wamid.{uuid.uuid4().hex}", (f"wa:{number}",), number, at, body) for body in bodies]
        phone.heard = max(phone.heard or 0.0, at)
        phone.sent += [message.id for message in messages]
        phone._ids.update(message.id for message in messages)
        self.queue.accept(messages)
        for worker in self.workers:
            worker.wake()
        query = "SELECT conversation FROM bot_identities WHERE identity = :identity"
        return str(self.value(query, identity=f"wa:{number}"))

    def put(self, conversation: str, kind: str, **body: Any) -> str:
        """Put something into the outbox as another process does; its id."""
        with self.engine.begin() as connection:
            return put(connection, conversation, kind, body, time.time())

    async def seen(self, number: str = NUMBER, seconds: float = 120) -> Shown:
        """The next message that a customer sees."""
        return await asyncio.to_thread(self.phone(number).wait, seconds)

    def said(self, number: str = NUMBER) -> list[str]:
        """All that a customer saw."""
        return [shown.text for shown in self.phone(number).screen]

    def value(self, query: str, **values: Any) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(sa.text(query), values).scalar()

    def change(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), values)

    def pass_a_minute(self) -> None:
        """Whatever went out did so a minute earlier, and whatever waits has waited a minute longer."""
        self.change("UPDATE bot_outbox SET updated = updated - 60, due = due - 60")
        self.change("UPDATE bot_customers SET due = due - 60 WHERE due IS NOT NULL")

    async def until(self, query: str, wanted: Any, seconds: float = 120, **values: Any) -> None:
        """Return when the database says so."""
        end = time.monotonic() + seconds
        while (found := self.value(query, **values)) != wanted:
            assert time.monotonic() < end, f"{query}: {found}, not {wanted}"
            await asyncio.sleep(0.02)

    async def until_sent(self, state: str = "sent") -> None:
        """Return when nothing waits any more, and all that went out is in one state."""
        await self.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
        await self.until("SELECT count(*) FROM bot_outbox WHERE state <> :state", 0, state=state)
