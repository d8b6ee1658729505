"""The webhooks: what happened, signed over the exact bytes, again and again until it is acknowledged."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.simulator.account import Account
from bot.simulator.errors import SimulatorError
from bot.simulator.faults import Chance

GATHER = 0.05  # seconds in which a delivery waits for more, where deliveries are batched
MOST_REPEATS = 3  # of one and the same event
AGENT = "facebookexternalua"


@dataclass
class Event:
    """Something to tell of: a message, a status update or an error.

    Attributes:
        kind: the key below `value`: messages, statuses or errors.
        contact: who it is about, as webhooks say it.
        customer: whose events keep their order as long as nothing goes wrong.
    """

    kind: str
    body: dict[str, Any]
    contact: dict[str, Any] | None
    customer: str
    attempts: int = 0
    repeats: int = 0


@dataclass(frozen=True)
class Acknowledgement:
    """What came of one delivery.

    Attributes:
        at: when it was delivered, in seconds since 1970.
        seconds: until the answer was there.
        status: of HTTP; 0: there was no answer.
        ids: of the messages in it.
    """

    at: float
    seconds: float
    status: int
    ids: tuple[str, ...]


def encode(payload: dict[str, Any]) -> bytes:
    """JSON as Meta writes it: everything beyond ASCII escaped, and slashes."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode()


def sign(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Deliverer:
    """Delivers events over several connections; lives in the server's event loop."""

    def __init__(self, account: Account, chance: Chance, lanes: int, retry: tuple[float, float], seconds: float):
        """Prepare; nothing is delivered before `start` and `subscribe`.

        Args:
            lanes: deliveries under way at once at most.
            retry: seconds until the second attempt, and the longest between two; they double in between.
            seconds: how long an acknowledgement is waited for.
        """
        self.account, self.chance, self.retry, self.seconds = account, chance, retry, seconds
        self.urls: tuple[str, ...] = ()
        self.lanes: list[asyncio.Queue[list[Event]]] = [asyncio.Queue() for _ in range(lanes)]
        self.acknowledgements: list[Acknowledgement] = []
        self.open = 0  # events that are not acknowledged yet
        self.tasks: list[asyncio.Task[None]] = []
        self.session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Begin to deliver."""
        timeout = aiohttp.ClientTimeout(total=self.seconds)
        self.session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        self.tasks = [asyncio.create_task(self._lane(lane)) for lane in self.lanes]

    async def stop(self) -> None:
        """End; what was not acknowledged is forgotten."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.session:
            await self.session.close()

    async def subscribe(self, urls: Sequence[str]) -> None:
        """Verify addresses as Meta does when they are set; deliveries go to one of them each.

        Raises:
            SimulatorError: one does not answer the challenge.
        """
        assert self.session is not None
        for url in urls:
            challenge = str(secrets.randbelow(10**10))
            query = {
                "hub.mode": "subscribe",
                "hub.challenge": challenge,
                "hub.verify_token": self.account.verify_token,
            }
            try:
                async with self.session.get(url, params=query, allow_redirects=False) as response:
                    status, text = response.status, await response.text()
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                raise SimulatorError(
                    f"The webhook {url} cannot be reached: {error or type(error).__name__}."
                ) from error
            if status != 200 or text != challenge:
                advice = (
                    "Was the bot started with the variables shown, without which WhatsApp is off?"
                    if status == 404
                    else "Has the bot the same WHATSAPP_VERIFY_TOKEN?"
                )
                raise SimulatorError(
                    f"The webhook {url} does not verify: it answers {status}, without the challenge. {advice}"
                )
        self.urls = tuple(urls)
        self.account.callback = urls[0]

    def put(self, events: list[Event]) -> None:
        """Deliver events; several together are one delivery."""
        if not self.urls:
            raise SimulatorError("No webhook is subscribed, so that nobody hears of this.")
        self.open += len(events)
        self._queue(events)

    def _queue(self, events: list[Event]) -> None:
        # The same customer, the same lane: so the order holds. No hash(), which differs from run to run.
        place = sum(events[0].customer.encode()) % len(self.lanes)
        self.lanes[place].put_nowait(events)

    async def _lane(self, lane: "asyncio.Queue[list[Event]]") -> None:
        faults, chance = self.chance.faults, self.chance
        while True:
            events = await lane.get()
            if faults.delay:
                await asyncio.sleep(chance.random.uniform(0, faults.delay))
            if faults.batch > 1:
                await asyncio.sleep(GATHER)
                room = chance.random.randint(1, faults.batch)
                while len(events) < room and not lane.empty():
                    events = events + lane.get_nowait()
            late = [event for event in events if chance.happens(faults.reorder)]
            for event in late:
                self._later(event, chance.random.uniform(0.05, 0.5))
            events = [event for event in events if event not in late]
            if events:
                await self._deliver(events)

    def _later(self, event: Event, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._queue, [event])

    async def _deliver(self, events: list[Event]) -> None:
        if await self._post(events):
            for event in events:
                if event.repeats < MOST_REPEATS and self.chance.happens(self.chance.faults.repeat):
                    event.repeats += 1
                    self.open += 1
                    self._later(event, self.chance.random.uniform(0, 0.5))
            self.open -= len(events)  # not before: `settle` looks at it from another thread
            return
        for event in events:  # each by itself, so that it comes with others the next time
            first, longest = self.retry
            pause = min(longest, first * 2**event.attempts)
            event.attempts += 1
            self._later(event, pause * self.chance.random.uniform(0.5, 1.0))

    async def _post(self, events: list[Event]) -> bool:
        """Deliver once; whether it was acknowledged."""
        assert self.session is not None
        body = encode(self._payload(events))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "X-Hub-Signature-256": sign(self.account.app_secret, body),
        }
        status, at, begun = 0, time.time(), time.monotonic()
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            url = self.chance.random.choice(self.urls)
            async with self.session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                status = response.status
        ids = tuple(event.body["id"] for event in events if event.kind == "messages")
        self.acknowledgements.append(Acknowledgement(at, time.monotonic() - begun, status, ids))
        return status == 200

    def _payload(self, events: list[Event]) -> dict[str, Any]:
        """Events in as many entries and changes as chance will have it; each change has one kind."""
        changes: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        for event in events:
            if not changes or event.kind not in changes[-1]["value"] or self.chance.random.random() < 0.4:
                changes.append({"value": self._value(), "field": "messages"})
                if not entries or self.chance.random.random() < 0.5:
                    entries.append({"id": self.account.account_id, "changes": []})
                entries[-1]["changes"].append(changes[-1])
            value = changes[-1]["value"]
            if event.contact and event.contact not in value.setdefault("contacts", []):
                value["contacts"].append(event.contact)
            value.setdefault(event.kind, []).append(event.body)
        return {"object": "whatsapp_business_account", "entry": entries}

    def _value(self) -> dict[str, Any]:
        metadata = {
            "display_phone_number": self.account.number,
            "phone_number_id": self.account.phone_number_id,
        }
        return {"messaging_product": "whatsapp", "metadata": metadata}
