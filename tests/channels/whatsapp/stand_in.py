"""A small assistant in place of the trained one, where a promise is not about answers, and a server's `app.ctx`.

It repeats what was said, and keeps it in Rasa's own tracker store, as the trained one does.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered

from bot.handover import Desk
from bot.settings import Handover, WhatsApp
from bot.store import Store

DOMAIN = Path(__file__).parents[3] / "bot" / "domain"


def responses() -> dict[str, Any]:
    """Those of the project's domain."""
    found: dict[str, Any] = {}
    for file in DOMAIN.glob("*.yml"):
        found |= yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {}
    return found


class StandIn:
    """An agent.

    Attributes:
        asked: text and metadata of every message.
        before, after: run in a message before anything was done, and after the reply was saved.
        answer: more of the payload of every reply.
    """

    model_id = "stand-in"

    def __init__(self, tracker_store: SQLTrackerStore) -> None:
        self.tracker_store = tracker_store
        self.domain = SimpleNamespace(responses=responses())
        self.lock_store = InMemoryLockStore()
        self.processor = self
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.before: Callable[[str], Awaitable[None]] | None = None
        self.after: Callable[[str], Awaitable[None]] | None = None
        self.answer: dict[str, Any] = {}

    def held(self) -> tuple[asyncio.Event, asyncio.Event]:
        """Have messages wait: what says that one does, and what lets it go on."""
        answering, go_on = asyncio.Event(), asyncio.Event()

        async def wait(_: str) -> None:
            answering.set()
            await go_on.wait()

        self.before = wait
        return answering, go_on

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            if self.before:
                await self.before(message.text)
            tracker = await self.log_message(message)
            said = {"text": f"You said: {message.text}", "document": "stand-in", "section": "all"}
            answer = {
                "id": str(uuid.uuid4()),
                "kind": "mechanism",
                "verdict": "none",
                "statements": [said],
                **self.answer,
            }
            text = "\n".join(statement["text"] for statement in answer["statements"])
            tracker.update(BotUttered(text, {"custom": {"answer": answer}}))
            await message.output_channel.send_response(message.sender_id, {"text": text, "custom": {"answer": answer}})
            await self.save_tracker(tracker)
        if self.after:
            await self.after(message.text)

    # What the silent assistant calls of Rasa's processor.

    async def log_message(self, message: UserMessage, should_save_tracker: bool = False) -> Any:
        self.asked.append((message.text, message.metadata or {}))
        tracker = await self.get_tracker(message.sender_id)
        parsed = {"text": message.text, "intent": {"name": None}, "entities": []}
        tracker.update(
            UserUttered(message.text, parse_data=parsed, message_id=message.message_id, input_channel="whatsapp")
        )
        return tracker

    async def run_action_extract_slots(self, _: Any, tracker: Any) -> Any:
        return tracker

    async def get_tracker(self, sender: str) -> Any:
        return await self.tracker_store.get_or_create_tracker(sender, append_action_listen=False)

    async def save_tracker(self, tracker: Any) -> None:
        await self.tracker_store.save(tracker)


class Recorder(Desk):
    """A desk that notes what it is told; whether a person has a conversation is said by the test."""

    def __init__(self, engine: Any, settings: Handover) -> None:
        super().__init__(engine, settings)
        self.silent = False
        self.forwarded: dict[str, str] = {}
        self.asked: list[str] = []

    def is_silent(self, conversation: str) -> bool:
        return self.silent

    def forward(self, conversation: str, message: str, text: str) -> None:
        self.forwarded.setdefault(message, text)

    def ask(self, conversation: str, channel: str, reason: str) -> None:
        self.asked.append(reason)


def context(place: dict[str, Any], settings: WhatsApp) -> SimpleNamespace:
    """What the server keeps in `app.ctx`, on the database of a tracker store."""
    tracker_store = SQLTrackerStore(domain=Domain.empty(), **place)
    store = Store(tracker_store.engine)
    return SimpleNamespace(
        agent=StandIn(tracker_store),
        store=store,
        desk=Recorder(store.engine, Handover()),
        settings=SimpleNamespace(whatsapp=settings, handover=Handover()),
    )


def days_ago(days: float) -> float:
    return time.time() - days * 86400
