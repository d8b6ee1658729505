"""The stand-in for Meta, as slow as Meta is, and the customers who write."""

import asyncio
import bisect
import json
import random
import threading
import time
from dataclasses import dataclass

from aiohttp import web

from benchmarks.reliability.plan import Message, Plan
from bot.simulator.faults import Faults
from bot.simulator.graph import GraphServer

LATENCY = (0.08, 0.3)  # seconds that a request to Meta takes
BATCH = 6  # messages and status updates in a delivery
LANES = 16  # deliveries at once


@dataclass(frozen=True)
class Written:
    """A message that was written, with Meta's id, between two times."""

    message: Message
    id: str
    began: float
    ended: float


class Meta(GraphServer):
    """Takes its time over each request, and sees whether anybody waits for the answer.

    Attributes:
        untaken: ids of messages that were accepted from a worker that was gone when it was told so.
    """

    def __init__(self, seed: int) -> None:
        """Prepare a server; see GraphServer."""
        super().__init__(faults=Faults(seed=seed, batch=BATCH), lanes=LANES)
        self.untaken: set[str] = set()
        self._seed = seed
        self._latency = random.Random(seed)

    async def _route(self, request: web.Request) -> web.StreamResponse:
        try:
            await request.read()
        except ConnectionError:  # the worker was killed while it wrote
            return web.Response(status=499)
        await asyncio.sleep(self._latency.uniform(*LATENCY) / 2)
        response = await super()._route(request)
        await asyncio.sleep(self._latency.uniform(*LATENCY) / 2)
        if request.transport is None or request.transport.is_closing():
            body = json.loads(response.text) if isinstance(response, web.Response) and response.text else {}
            self.untaken.update(message["id"] for message in body.get("messages", ()))
        return response

    def write(self, plan: Plan, began: float, stop: threading.Event) -> list[Written]:
        """Write and repeat all messages of a plan at their times; what was written, in its order."""
        chance = random.Random(self._seed)
        for place, number in enumerate(sorted({message.number for message in plan.messages})):
            # Meta tells an id beside the number for more and more customers.
            self.phone(number, user_id=f"US.{13491208655302741918 + place}" if place % 2 else None)
        written: list[Written] = []
        repeats: list[tuple[float, str]] = []
        waiting = list(reversed(plan.messages))
        while (waiting or repeats) and not stop.is_set():
            due = began + min(waiting[-1].at if waiting else plan.span * 2, repeats[0][0] if repeats else plan.span * 2)
            stop.wait(max(0.0, due - time.time()))
            if repeats and began + repeats[0][0] <= time.time():
                # With another customer's message first, which decides about the connection that both take.
                self.repeat(chance.choice(written).id, repeats.pop(0)[1])
            elif waiting and began + waiting[-1].at <= time.time():
                message = waiting.pop()
                before = time.time()
                id = self.phone(message.number).send(message.text)
                written.append(Written(message, id, before, time.time()))
                if message.repeated is not None:
                    bisect.insort(repeats, (message.at + message.repeated, id))
        return written
