"""Workers that are killed lose nothing: every message is answered, in order; twice only what was on its way to Meta."""

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from customers import Customers, settings_of
from processes import environment

from bot.runtime.archive import ROOT
from bot.simulator import GraphServer

HERE = Path(__file__).parent
SEED = 6


one_database = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


class Process:
    """A worker's process, for as long as a test lasts."""

    def __init__(self, place: dict[str, Any], meta: GraphServer, at: str | None = None, unclear: float = 2.0) -> None:
        settings = asdict(settings_of(meta))
        given = json.dumps({"place": place, "whatsapp": settings, "at": at, "unclear": unclear})
        path = {"PYTHONPATH": f"{ROOT}:{HERE}"}
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(HERE / "crashing.py"), given],
            env=environment(ROOT) | path,
            stdout=subprocess.PIPE,
        )

    async def ready(self) -> None:
        assert self.process.stdout
        assert await asyncio.to_thread(self.process.stdout.readline) == b"Ready\n"

    async def dead(self) -> None:
        assert await asyncio.to_thread(self.process.wait, 120) < 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@asynccontextmanager
async def process(
    place: dict[str, Any], meta: GraphServer, at: str | None = None, unclear: float = 2.0
) -> AsyncIterator[Process]:
    found = Process(place, meta, at, unclear)
    try:
        await found.ready()
        yield found
    finally:
        found.kill()


def asked(customers: Customers) -> int:
    return int(customers.value("SELECT count(*) FROM events WHERE type_name = 'user'"))


@one_database
@pytest.mark.parametrize("at", ["answering", "saved", "sending"])
async def test_a_worker_that_dies_is_followed_by_another_and_the_customer_gets_one_answer(
    customers: Customers, place: dict[str, Any], at: str
) -> None:
    async with process(place, customers.meta, at) as dying:
        customers.write("hello", "there")
        await dying.dead()
    customers.write("and now?")
    async with process(place, customers.meta):
        assert (await customers.seen()).text == "You said: hello\nthere"
        assert (await customers.seen()).text == "You said: and now?"
        await customers.until_sent()
    assert len(customers.said()) == 2
    assert asked(customers) == 2  # what was answered before is not asked again


@one_database
async def test_what_was_sent_at_the_kill_is_sent_again_and_counted(customers: Customers, place: dict[str, Any]) -> None:
    async with process(place, customers.meta, "sent") as dying:
        customers.write("hello")
        await dying.dead()
    async with process(place, customers.meta):
        await customers.until_sent()
    assert customers.said() == ["You said: hello"] * 2
    assert customers.value("SELECT sends FROM bot_outbox") == 2


@one_database
async def test_what_was_sent_at_the_kill_is_not_sent_again_when_its_status_comes(
    customers: Customers, place: dict[str, Any]
) -> None:
    async with process(place, customers.meta, "sent") as dying:
        customers.write("hello")
        await dying.dead()
    shown = customers.phone().last
    assert shown.callback
    customers.write("and now?")
    async with process(place, customers.meta, unclear=50.0):
        # The status comes after the next worker has found it, and in time however slow this machine is.
        await customers.until("SELECT count(*) FROM bot_outbox WHERE state = 'sending' AND due > updated", 1)
        customers.queue.sent(shown.callback, shown.id)
        customers.pass_a_minute()
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
        await customers.until_sent()
    assert customers.said() == ["You said: hello", "You said: and now?"]


async def test_however_often_workers_are_killed_everything_is_answered_in_order(
    customers: Customers, place: dict[str, Any]
) -> None:
    chance = random.Random(SEED)
    numbers = [f"49154000000{number:02}" for number in range(15)]
    workers = 1 if place["dialect"] == "sqlite" else 2
    processes = [Process(place, customers.meta) for _ in range(workers)]
    try:
        await asyncio.gather(*(each.ready() for each in processes))
        for round in range(4):
            for number in numbers:
                customers.write(f"message {round}", number=number)
            await asyncio.sleep(chance.uniform(0.8, 1.5))
            processes[0].kill()
            processes = [*processes[1:], Process(place, customers.meta)]
            await processes[-1].ready()
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
        await customers.until("SELECT count(*) FROM bot_outbox WHERE state <> 'sent'", 0)
    finally:
        for each in processes:
            each.kill()
    twice = customers.value("SELECT sum(sends - 1) FROM bot_outbox")
    screens = [customers.said(number) for number in numbers]
    assert sum(len(screen) - len(set(screen)) for screen in screens) <= twice
    for screen in screens:
        once = "\n".join(dict.fromkeys(screen)).replace("You said: ", "")
        assert once.split("\n") == [f"message {round}" for round in range(4)]
