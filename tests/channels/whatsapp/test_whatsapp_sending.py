"""What goes to Meta arrives in order and once where that can be known; what does not go is lost in no case."""

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from customers import NUMBER, Customers, settings_of
from processes import free_port
from stand_in import days_ago

from bot.channels.whatsapp import errors, graph, sending
from bot.channels.whatsapp.errors import GraphError, error_of
from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.sending import Sending
from bot.simulator import GraphServer
from bot.store.inbox import Receipt
from bot.store.queue import Outgoing

OTHER = "4915187654321"
TEMPLATE = ("we_answered", "en")


@pytest.fixture
def place(tmp_path: Path) -> dict[str, Any]:
    return {"dialect": "sqlite", "db": str(tmp_path / "conversations.db")}


@pytest.fixture
def with_template(tmp_path: Path, meta: GraphServer) -> Iterator[Customers]:
    found = Customers(meta, {"dialect": "sqlite", "db": str(tmp_path / "conversations.db")}, TEMPLATE)
    yield found
    found.engine.dispose()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting that is long for a test is shorter."""
    monkeypatch.setattr(sending, "UNCLEAR", 0.5)
    monkeypatch.setattr(sending, "REFUSED", 0.5)


def row(customers: Customers, what: str, id: str | None = None) -> Any:
    where = "WHERE id = :id" if id else "WHERE kind = 'reply'"
    return customers.value(f"SELECT {what} FROM bot_outbox {where} ORDER BY created DESC", **({"id": id} if id else {}))


# What does not go at once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [131000, 2, 80007, 130429, "reset", "broken"])
async def test_what_fails_for_a_time_is_sent_again(customers: Customers, fault: int | str) -> None:
    customers.meta.fail(fault, times=2)
    async with customers.working():
        customers.write("hello")
        await customers.seen()
        await customers.until_sent()
    assert customers.said() == ["You said: hello"]
    assert row(customers, "sends") == 3


async def test_while_meta_cannot_be_reached_nothing_is_lost(customers: Customers) -> None:
    settings = customers.app.ctx.settings
    settings.whatsapp = replace(settings.whatsapp, url=f"http://127.0.0.1:{free_port()}/v25.0")
    async with customers.working():
        customers.write("hello")
        # Surely unsent, and tried again ('sending' while it is being tried).
        await customers.until("SELECT sends > 1 AND state = 'queued' FROM bot_outbox", 1)
    settings.whatsapp = settings_of(customers.meta)
    async with customers.working():
        assert (await customers.seen()).text == "You said: hello"


async def test_what_may_have_gone_is_not_sent_again_once_meta_says_that_it_went(
    customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "UNCLEAR", 50.0)  # so that Meta says it in time, however slow this machine is
    customers.meta.fail("lost")
    async with customers.working():
        customers.write("hello")
        shown = await customers.seen()
        assert shown.callback
        customers.queue.sent(shown.callback, shown.id)  # the webhook of the status
        customers.pass_a_minute()
        customers.write("and then?")
        await customers.seen()
        await customers.until_sent()
    assert customers.said() == ["You said: hello", "You said: and then?"]
    assert row(customers, "sends", shown.callback) == 1


async def test_what_may_have_gone_is_sent_again_and_counted_where_nobody_says(
    customers: Customers, caplog: pytest.LogCaptureFixture
) -> None:
    customers.meta.fail("lost")
    async with customers.working():
        customers.write("hello")
        await customers.until_sent()
    assert customers.said() == ["You said: hello"] * 2
    assert row(customers, "sends") == 2
    assert f"Sent again, outbox {customers.phone().last.callback}" in caplog.text


async def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(
    customers: Customers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(graph, "TIMEOUT", httpx.Timeout(0.5))
    customers.meta.fail("stall")
    async with customers.working():
        customers.write("hello")
        assert (await customers.seen()).text == "You said: hello"
    assert "Sent again" in caplog.text
    assert "cannot be looked after" not in caplog.text


# Pace ---------------------------------------------------------------------------------------------------------


async def test_a_customer_gets_ten_messages_a_minute_and_what_waits_meanwhile_is_one_turn(customers: Customers) -> None:
    async with customers.working():
        conversation = customers.write("hello")
        for _ in range(12):
            customers.put(conversation, "notice", text="A notice.")
        for _ in range(10):
            await customers.seen()
        customers.write("one")
        customers.write("other", number=OTHER)
        await customers.seen(OTHER)  # nobody else waits
        customers.write("two")
        await asyncio.sleep(1.2)
        assert len(customers.said()) == 10
        customers.pass_a_minute()
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
        await customers.until_sent()
    assert customers.said()[-1] == "You said: hello\none\ntwo"


async def test_the_pair_limit_makes_one_customer_wait_six_seconds_and_nobody_else(customers: Customers) -> None:
    answered: list[float] = []

    async def note(_: str) -> None:
        answered.append(time.time())

    customers.agent.after = note
    customers.meta.fail(131056, to=NUMBER)
    async with customers.working():
        customers.write("hello")
        await customers.until("SELECT count(*) FROM bot_outbox WHERE error IS NOT NULL", 1)
        assert row(customers, "due") >= answered[0] + 6  # it was refused later than that
        customers.write("hello", number=OTHER)
        await customers.seen(OTHER)
        customers.change("UPDATE bot_outbox SET due = 0")
        customers.change("UPDATE bot_customers SET due = 0 WHERE due IS NOT NULL")
        await customers.seen()


async def one(customers: Customers, number: str = NUMBER) -> Outgoing:
    """Something to send, in a conversation that is leased."""
    conversation = customers.write("hello", number=number)
    customers.put(conversation, "notice", text="A notice.")
    while customers.queue.lease(60) != conversation:
        await asyncio.sleep(0.05)
    found = customers.queue.next_send(conversation)
    assert found
    return found


async def test_too_much_from_the_number_slows_everything_down(customers: Customers) -> None:
    client = Graph(customers.app.ctx.settings.whatsapp)
    process = Sending(customers.queue, client, customers.app.ctx.settings.whatsapp)
    first, second = await one(customers), await one(customers, OTHER)
    process._slowed = 6  # Meta did so often, so that the pause outlasts this test
    before = process.at_once
    customers.meta.fail(130429)
    await process.send(first)
    assert process.pause() > 0
    assert process.at_once < before
    await process.send(second)
    assert customers.said(OTHER) == []
    assert row(customers, "state", second.id) == "queued"
    await client.close()


class Busy(BaseHTTPRequestHandler):
    """Something before Meta that asks to come back in a while."""

    def do_POST(self) -> None:
        body = json.dumps({"error": {"code": 131016, "message": "busy"}}).encode()
        self.send_response(503)
        self.send_header("Retry-After", "40")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


async def test_it_waits_for_as_long_as_it_is_asked_to(customers: Customers) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        settings = replace(settings_of(customers.meta), url=f"http://127.0.0.1:{server.server_port}/v25.0")
        client, outgoing = Graph(settings), await one(customers)
        before = time.time()
        await Sending(customers.queue, client, settings).send(outgoing)
        after = time.time()
        await client.close()
    finally:
        server.shutdown()
    assert before + 40 <= row(customers, "due", outgoing.id) <= after + 40


# The 24-hour window -------------------------------------------------------------------------------------------


async def silent_for(customers: Customers, days: float) -> str:
    """A conversation in which the customer last wrote days ago."""
    conversation = customers.write("hello")
    await customers.seen()
    await customers.until_sent()
    customers.change("UPDATE bot_customers SET heard = :then", then=days_ago(days))
    customers.phone().heard = days_ago(days)
    return conversation


async def test_after_a_day_what_a_person_says_is_held_until_the_customer_writes(customers: Customers) -> None:
    async with customers.working():
        conversation = await silent_for(customers, 1.01)
        held = customers.put(conversation, "person", text="Good morning.")
        await customers.until("SELECT state FROM bot_outbox WHERE id = :id", "held", id=held)
        customers.write("anybody there?")
        await customers.seen()
        await customers.seen()
    assert customers.said()[1:] == ["Good morning.", "You said: anybody there?"]


async def test_after_a_day_a_reply_has_failed(customers: Customers) -> None:
    customers.write("hello", at=days_ago(1.01))
    async with customers.working():
        await customers.until("SELECT state FROM bot_outbox", "failed")
    assert customers.said() == []
    assert row(customers, "body") is None


@pytest.mark.parametrize("known", [True, False])
async def test_after_a_day_the_template_goes_once_and_the_rest_when_the_customer_writes(
    with_template: Customers, known: bool
) -> None:
    customers = with_template
    async with customers.working():
        conversation = await silent_for(customers, 1.01)
        if not known:  # here it seems open, and Meta refuses
            customers.change("UPDATE bot_customers SET heard = :now", now=time.time())
        for text in ("Good morning.", "It is Monday."):
            customers.put(conversation, "person", text=text)
        await customers.until("SELECT count(*) FROM bot_outbox WHERE state = 'held'", 2)
        assert (await customers.seen()).template == TEMPLATE
        customers.write("yes?")
        for _ in range(3):
            await customers.seen()
        await customers.until_sent()
    assert customers.said()[2:] == ["Good morning.", "It is Monday.", "You said: yes?"]


async def test_what_meta_finds_too_late_afterwards_is_held_as_well(with_template: Customers) -> None:
    customers = with_template
    async with customers.working():
        conversation = customers.write("hello")
        await customers.seen()
        id = customers.put(conversation, "person", text="Good morning.")
        shown = await customers.seen()
        await customers.until_sent()
        late = Receipt(id, shown.id, "131047 Re-engagement message")
        customers.queue.deliver((), [late])
        await customers.until("SELECT state FROM bot_outbox WHERE id = :id", "held", id=id)
        assert (await customers.seen()).template == TEMPLATE
        customers.queue.deliver((), [late])  # which Meta repeats
        assert row(customers, "state", id) == "held"


# What Meta refuses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "names"),
    [(190, "WHATSAPP_ACCESS_TOKEN"), (10, "WHATSAPP_ACCESS_TOKEN"), (131031, "WhatsApp Manager"), (33, "PHONE_NUMBER")],
)
async def test_a_refused_account_is_one_loud_line_and_nothing_is_lost(
    customers: Customers, caplog: pytest.LogCaptureFixture, code: int, names: str
) -> None:
    customers.meta.fail_always(code)
    numbers = [f"49153000000{place:02}" for place in range(5)]
    async with customers.working():
        for number in numbers:
            customers.write("hello", number=number)
        await customers.until("SELECT sends > 2 FROM bot_outbox ORDER BY sends DESC", 1)
        customers.meta.fail_always(None)
        for number in numbers:
            assert (await customers.seen(number)).text == "You said: hello"
    loud = [record.getMessage() for record in caplog.records if record.levelno == logging.CRITICAL]
    assert len(loud) == 1
    assert names in loud[0]
    assert "bot whatsapp check" in loud[0]
    assert "EAA" not in caplog.text
    assert not any(number in caplog.text for number in numbers)


@pytest.mark.parametrize("code", [131026, 131051, 131009, 100, 131008, 131053])
async def test_what_cannot_be_delivered_holds_nothing_else_up(
    customers: Customers, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    async with customers.working():
        conversation = customers.write("hello")
        await customers.seen()
        customers.meta.fail(code)
        lost = customers.put(conversation, "person", text="aardvark-4711")
        customers.put(conversation, "person", text="Good morning.")
        assert (await customers.seen()).text == "Good morning."
        await customers.until("SELECT state FROM bot_outbox WHERE id = :id", "failed", id=lost)
    assert f"Meta's code {code}" in row(customers, "error", lost)
    assert f"Meta's code {code}" in caplog.text
    assert "aardvark" not in caplog.text
    assert NUMBER not in caplog.text


async def test_a_receipt_that_is_refused_does_not_matter(customers: Customers) -> None:
    phone = customers.phone()
    async with customers.working():
        customers.write("hello")
        phone._ids.clear()  # Meta does not know the message
        await customers.seen()
        await customers.until_sent()
    assert phone.read == set()


# Errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, None, errors.TokenError),
        (401, 190, errors.TokenError),
        (400, 250, errors.TokenError),
        (429, None, errors.SlowDownError),
        (429, 123, errors.SlowDownError),
        (500, 123, errors.TemporaryError),
        (502, None, errors.UnclearError),
        (200, None, errors.UnclearError),
        (400, None, errors.RequestError),
        (404, 132001, errors.TemplateError),
        (400, 130497, errors.UndeliverableError),
    ],
)
def test_errors_are_told_apart_by_code_and_else_by_status(status: int, code: int | None, kind: type) -> None:
    body = None if code is None else {"error": {"code": code}}
    assert type(error_of(status, body, {}, 0.0)) is kind


def test_every_error_says_what_it_means() -> None:
    def kinds(kind: type[GraphError]) -> Iterator[type[GraphError]]:
        yield kind
        for each in kind.__subclasses__():
            yield from kinds(each)

    assert all("advice" in vars(kind) for kind in kinds(GraphError))
    assert str(errors.TokenError(190)).startswith("Meta's code 190: ")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("40", 40), ("Thu, 01 Jan 1970 00:00:50 GMT", 40), ("soon", 0), ("-1", 0), ("", 0), ("999999999", 3600)],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float) -> None:
    assert error_of(503, {"error": {"code": 2}}, {"retry-after": header}, 10.0).wait == seconds


async def test_what_the_check_asks_meta(meta: GraphServer) -> None:
    client = Graph(settings_of(meta))
    assert (await client.about_number(prove_secret=True))["display_phone_number"] == meta.account.display_phone_number
    await client.close()
    wrong = Graph(replace(settings_of(meta), app_secret="of another app"))
    assert await wrong.about_number()
    with pytest.raises(errors.RequestError):
        await wrong.about_number(prove_secret=True)
    await wrong.close()
    elsewhere = Graph(replace(settings_of(meta), phone_number_id="1"))
    with pytest.raises(errors.NumberError, match="WHATSAPP_PHONE_NUMBER_ID"):
        await elsewhere.about_number()
    await elsewhere.close()
