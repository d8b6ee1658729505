"""The loop of the server: gives conversations back when their time comes, and tells the staff what is to be told."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import httpx

from bot.errors import origin
from bot.handover import chatwoot, mail, notices, webhook
from bot.handover.desk import Desk, UnknownHandoverError
from bot.handover.events import CourierError
from bot.handover.notices import Notice

logger = logging.getLogger(__name__)

POLL = 0.5  # seconds
AFTER_A_FAULT = 5.0
CLEAN_EVERY = 3600.0
AT_ONCE = 4  # notices of one way
LONGEST = 60.0  # seconds of one try
GRACE = 10.0  # seconds for what is under way when the server stops
# What is said where a model was trained before the domain had these.
FALLBACK: dict[str, list[dict[str, Any]]] = {
    "utter_handover_returned": [{"text": "The assistant answers here again."}],
    "utter_handover_nobody": [
        {"text": "Nobody could take over so far; your request stays with them. You can go on asking me."}
    ],
}


async def run(desk: Desk, words: Callable[[str], str]) -> None:
    """Look after handovers until this is cancelled. Several workers may do so at once.

    Args:
        words: the canned response of a name.
    """
    couriers = _Couriers(desk)
    cleaned = -CLEAN_EVERY
    try:
        while True:
            try:
                if time.monotonic() - cleaned >= CLEAN_EVERY:
                    desk.clean(time.time())
                    cleaned = time.monotonic()
                desk.hand_back(words)
                couriers.send_out()
            except Exception as error:  # every driver has exceptions of its own; nothing is lost meanwhile
                logger.error("Handovers could not be looked after: %s", origin(error))
                await asyncio.sleep(AFTER_A_FAULT)
            await asyncio.sleep(POLL)
    finally:
        await couriers.stop()


class _Couriers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._client = httpx.AsyncClient(timeout=15.0, follow_redirects=False)
        self._running: dict[str, set[asyncio.Task[None]]] = {way: set() for way in desk.ways}

    def send_out(self) -> None:
        """Begin what is due, as far as there is room."""
        for way, running in self._running.items():
            room = AT_ONCE - len(running)
            for notice in notices.claim(self._desk.engine, way, room) if room else ():
                task = asyncio.create_task(self._send(notice))
                running.add(task)
                task.add_done_callback(running.discard)

    async def stop(self) -> None:
        """Stop when what is under way has gone; what takes too long goes again after its lease."""
        tasks = [task for running in self._running.values() for task in running]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._client.aclose()

    async def _send(self, notice: Notice) -> None:
        engine = self._desk.engine
        try:
            try:
                async with asyncio.timeout(LONGEST):
                    await self._hand_over(notice)
            except CourierError as error:
                notices.put_off(engine, notice, str(error))
            except (OSError, httpx.HTTPError) as error:  # their texts may hold what a server said of us
                notices.put_off(engine, notice, type(error).__name__)
            except UnknownHandoverError:
                notices.put_off(engine, notice, "the conversation was erased")
            else:
                notices.sent(engine, notice)
        except Exception as error:
            logger.error("A notice about conversation %s failed: %s", notice.conversation, origin(error))

    async def _hand_over(self, notice: Notice) -> None:
        desk, settings = self._desk, self._desk.settings
        if notice.way == "webhook" and settings.webhook:
            await webhook.deliver(self._client, settings.webhook, desk.engine, notice)
        elif notice.way == "email" and settings.email:
            await asyncio.to_thread(mail.deliver, settings.email, desk.engine, notice)
        elif notice.way == "chatwoot" and settings.chatwoot:
            ticket = desk.find(notice.conversation).ticket
            inbox = chatwoot.Inbox(self._client, settings.chatwoot)

            def keep(number: str) -> None:
                desk.keep_ticket(notice.conversation, number)

            await inbox.deliver(desk.engine, notice, ticket, keep)
