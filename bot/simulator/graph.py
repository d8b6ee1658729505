"""The server that plays graph.facebook.com, in a thread of its own."""

import asyncio
import contextlib
import re
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import TimeoutError as LateError
from typing import Any, Self

from aiohttp import web

from bot.simulator.account import Account, unknown
from bot.simulator.errors import GraphError, SimulatorError, in_webhook, invalid
from bot.simulator.faults import BROKEN, KINDS, LOST, RESET, STALL, Chance, Faults
from bot.simulator.pace import Pace
from bot.simulator.phone import Phone, new_id
from bot.simulator.sending import Read, Sending, read
from bot.simulator.webhooks import Acknowledgement, Deliverer, Event

VERSION = "v25.0"
LARGEST = 1024 * 1024  # bytes of a request


class GraphServer:
    """Meta, on 127.0.0.1, for as long as the `with` block lasts.

    Attributes:
        account: what is set up; may be changed while it runs.
        phones: of all customers, by number.
        requests: every request to /messages that could be read: its payload and the status that it was answered with;
            0: there was no answer.
        acknowledgements: of every delivery of a webhook.
        late: report 131026 and 131047 as Meta mostly does: the send is accepted, and a status update says 'failed'.
        statuses: whether status updates are delivered.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        account: Account | None = None,
        faults: Faults | None = None,
        late: bool = False,
        statuses: bool = True,
        pair_seconds: float = 6.0,
        pair_burst: int = 45,
        throughput: int = 80,
        lanes: int = 8,
        retry: tuple[float, float] = (0.2, 5.0),
        webhook_seconds: float = 10.0,
    ) -> None:
        """Prepare a server; it listens within `with`, or from `start` to `stop`.

        Args:
            port: 0 for a free one.
            pair_seconds: between two messages to one customer; 0: as fast as one likes.
            pair_burst: so many may come at once, and are paid for afterwards.
            throughput: messages a second in all; 0: any number.
            lanes: deliveries of webhooks under way at once.
            retry: seconds to the second attempt of a delivery, and the longest pause (Meta goes on for days).
            webhook_seconds: how long an acknowledgement is waited for.
        """
        self.port = port
        self.account = account or Account()
        self.late, self.statuses = late, statuses
        self.phones: dict[str, Phone] = {}
        self.requests: list[tuple[dict[str, Any], int]] = []
        self.pace = Pace(pair_seconds, pair_burst, throughput)
        self._chance = Chance(faults or Faults())
        self._changed = threading.Condition(threading.RLock())
        self._loop = asyncio.new_event_loop()
        self._deliverer = Deliverer(self.account, self._chance, lanes, retry, webhook_seconds)
        self._told: list[Event] = []
        self._held: list[Event] | None = None
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None

    # Life -----------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen.

        Raises:
            SimulatorError: the port cannot be used.
        """
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulated Meta", daemon=True)
        self._thread.start()
        try:
            self._run(self._start(), 30)
        except OSError as error:
            self.stop()
            raise SimulatorError(f"Port {self.port} cannot be used: {error.strerror}. Choose another.") from None

    def stop(self) -> None:
        """Cut all connections; what was not acknowledged is forgotten."""
        if self._thread is None:
            return
        self._run(self._stop(), 30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._thread = None

    async def _start(self) -> None:
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        await self._deliverer.start()

    async def _stop(self) -> None:
        await self._deliverer.stop()
        if self._runner:
            await self._runner.cleanup()

    def _run(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except LateError:
            future.cancel()
            raise SimulatorError(f"It took longer than {seconds:g} s.") from None

    @property
    def faults(self) -> Faults:
        """What goes wrong by chance; may be changed while it runs."""
        return self._chance.faults

    @property
    def url(self) -> str:
        """What WHATSAPP_API_URL is set to."""
        return f"http://127.0.0.1:{self.port}/{VERSION}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a bot talks to this server."""
        return {
            "WHATSAPP_API_URL": self.url,
            "WHATSAPP_PHONE_NUMBER_ID": self.account.phone_number_id,
            "WHATSAPP_ACCESS_TOKEN": self.account.access_token,
            "WHATSAPP_APP_SECRET": self.account.app_secret,
            "WHATSAPP_VERIFY_TOKEN": self.account.verify_token,
        }

    # What a test or a person does -----------------------------------------------------------------------------

    def subscribe(self, *urls: str, seconds: float = 0.0) -> None:
        """Set the webhook's address, or several of which each delivery takes one, verified as Meta does.

        Args:
            seconds: how long to go on trying.

        Raises:
            SimulatorError: it does not verify.
        """
        end = time.monotonic() + seconds
        while True:
            try:
                self._run(self._deliverer.subscribe(urls), 60)
                return
            except SimulatorError:
                if time.monotonic() >= end:
                    raise
            time.sleep(0.25)

    def phone(self, number: str, name: str = "A customer", user_id: str | None = None, hidden: bool = False) -> Phone:
        """A customer's phone, made when there is none of this number yet.

        Args:
            number: digits.
            user_id: the business-scoped id, such as DE.1234; None: webhooks tell the number alone.
            hidden: the customer has a username, and webhooks tell the id alone.
        """
        if hidden and not user_id:
            raise SimulatorError("A customer whose number is hidden needs a user_id.")
        with self._changed:
            if number not in self.phones:
                self.phones[number] = Phone(self.account, self._changed, self._tell, number, name, user_id, hidden)
            return self.phones[number]

    def fail(self, fault: int | str, times: int = 1, to: str | None = None) -> None:
        """Let the next sends fail.

        Args:
            fault: one of Meta's codes; or 'reset': the connection is cut before the send is read, 'lost': it is
                accepted and the answer lost, 'stall': no answer comes, 'broken': 502 with a page of HTML.
            to: of this customer only.
        """
        self._check(fault)
        with self._changed:
            self._chance.ordered += [(fault, to)] * times

    def fail_always(self, fault: int | str | None) -> None:
        """Let every send and receipt fail from now on; None: no longer."""
        if fault is not None:
            self._check(fault)
        self._chance.always = fault

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What the phones do within comes in one delivery."""
        with self._changed:
            self._held = []
        try:
            yield
        finally:
            with self._changed:
                events, self._held = self._held, None
            if events:
                self._call(lambda: self._deliverer.put(events))

    def repeat(self, *ids: str) -> None:
        """Deliver messages once more that were delivered before, in one delivery."""
        with self._changed:
            events = [event for event in self._told if event.body["id"] in ids]
        if not events:
            raise SimulatorError("There is no such message to repeat.")
        self._call(lambda: self._deliverer.put(events))

    def error_notice(self, code: int = 131000) -> None:
        """Deliver an error that is about no message."""
        self._tell(Event("errors", in_webhook(code), None, ""))

    def settle(self, seconds: float = 60) -> None:
        """Return when everything has been acknowledged.

        Raises:
            SimulatorError: something has not been in time.
        """
        end = time.monotonic() + seconds
        while self._deliverer.open:
            if time.monotonic() > end:
                raise SimulatorError(f"{self._deliverer.open} events were not acknowledged within {seconds:g} s.")
            time.sleep(0.02)

    @property
    def acknowledgements(self) -> list[Acknowledgement]:
        """What came of every delivery until now."""
        return list(self._deliverer.acknowledgements)

    # Events ---------------------------------------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        with self._changed:
            if event.kind == "messages":
                self._told.append(event)
            if self._held is not None and threading.current_thread() is not self._thread:
                self._held.append(event)
                return
        self._call(lambda: self._deliverer.put([event]))

    def _call(self, work: Callable[[], None]) -> None:
        """Run something in the loop and wait for it, except from within the loop."""
        if threading.current_thread() is self._thread:
            work()
            return

        async def wrapped() -> None:
            work()

        self._run(wrapped(), 30)

    @staticmethod
    def _check(fault: int | str) -> None:
        if isinstance(fault, str) and fault not in KINDS:
            raise SimulatorError(f"There is no fault {fault!r}; there are codes, and {', '.join(KINDS)}.")

    # Requests -------------------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._route(request)
        except GraphError as error:
            return web.json_response(error.body, status=error.status)

    async def _route(self, request: web.Request) -> web.StreamResponse:
        match = re.fullmatch(r"v\d+\.\d+/(.+)", request.match_info["path"])
        if not match:
            raise GraphError(2500, message=f"Unknown path components: /{request.match_info['path']}")
        path, header = match[1], request.headers.get("Authorization", "")
        if request.method == "GET":
            return web.json_response(self.account.node(path, dict(request.query), header))
        if request.method != "POST" or not path.endswith("/messages"):
            raise unknown(path.split("/")[0], request.method.lower())
        if self._chance.always == RESET:
            return self._cut(request)
        query = dict(request.query)
        self.account.authorize(header, query.pop("appsecret_proof", None))
        if path != f"{self.account.phone_number_id}/messages":
            raise unknown(path.split("/")[0], "post")
        if query:
            raise invalid(f"Unknown parameter {next(iter(query))}.")
        if request.content_type != "application/json":
            raise invalid("The body must be of type application/json.")
        try:
            payload = await request.json()
        except ValueError:
            raise invalid("The body is no JSON.") from None
        try:
            response = await self._take(request, payload)
        except GraphError as error:
            self.requests.append((payload, error.status))
            raise
        self.requests.append((payload, response.status if response.status != 499 else 0))
        return response

    async def _take(self, request: web.Request, payload: Any) -> web.StreamResponse:
        asked = read(payload)
        if isinstance(asked, Read):
            fault = self._chance.always
            if fault is None:
                return self._receipt(asked)
        else:
            fault = self._chance.of_send(asked.to)
        if isinstance(fault, int):
            raise GraphError(fault)
        if fault == RESET:
            return self._cut(request)
        if fault == BROKEN:
            return web.Response(status=502, text="<html><body>Bad Gateway</body></html>", content_type="text/html")
        if fault == STALL:
            await asyncio.sleep(120)
            return self._cut(request)
        if isinstance(asked, Read):  # lost
            self._receipt(asked)
            return self._cut(request)
        response = self._send(asked)
        return self._cut(request) if fault == LOST else response

    @staticmethod
    def _cut(request: web.Request) -> web.Response:
        """Reset the connection; the response goes nowhere."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=499)

    def _receipt(self, asked: Read) -> web.Response:
        with self._changed:
            for phone in self.phones.values():
                if phone.wrote(asked.message):
                    phone.mark(asked.message, asked.typing)
                    return web.json_response({"success": True})
        raise GraphError(131009, "The message_id is of no message that was received.")

    def _send(self, asked: Sending) -> web.Response:
        """Accept a message, or raise GraphError."""
        if asked.to == self.account.number:
            raise GraphError(131021)
        text = self._template_text(asked) if asked.template else None
        phone = self._find(asked.to)
        refused = 131026 if phone is None or not phone.reachable else None
        if phone and refused is None and asked.template is None and not phone.is_open:
            refused = 131047
        if refused and not (self.late and phone):
            raise GraphError(refused)
        assert phone is not None
        if asked.context and not (phone.wrote(asked.context) or phone.shows(asked.context)):
            raise GraphError(131009, "The message_id of the context is of no message in this chat.")
        if asked.reaction:
            if not phone.wrote(asked.reaction[0]):
                raise GraphError(131009, "The message_id of the reaction is of no message in this chat.")
            text = asked.reaction[1]
        self.pace.count(phone.number)
        id = new_id()
        if refused:
            self._tell(phone.status(id, "failed", asked.callback, in_webhook(refused)))
        else:
            phone.show(asked, id, text)
            if self.statuses and self._deliverer.urls:
                for status in ("sent", "delivered", "read") if phone.reads else ("sent", "delivered"):
                    self._tell(phone.status(id, status, asked.callback))
        contact = {"input": asked.addressed}
        contact["user_id" if asked.to == phone.user_id else "wa_id"] = asked.to
        message = {"id": id} | ({"message_status": "accepted"} if asked.template else {})
        return web.json_response({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})

    def _template_text(self, asked: Sending) -> str:
        assert asked.template is not None
        text = self.account.templates.get(asked.template)
        name, language = asked.template
        if text is None:
            raise GraphError(132001, f"template name ({name}) does not exist in {language}")
        if self.account.template_status != "APPROVED":
            raise GraphError(132015)
        places = set(re.findall(r"\{\{(\w+)\}\}", text))
        if len(places) != len(asked.parameters):
            raise GraphError(
                132000,
                f"body: number of localizable_params ({len(asked.parameters)}) does not match the expected"
                f" number of params ({len(places)})",
            )
        for place, value in enumerate(asked.parameters, 1):
            text = text.replace("{{" + str(place) + "}}", value)
        return text

    def _find(self, to: str) -> Phone | None:
        with self._changed:
            return next((phone for phone in self.phones.values() if to in (phone.number, phone.user_id)), None)
