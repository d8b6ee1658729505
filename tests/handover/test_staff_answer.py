"""The whole way over a running `bot run`: asked, silent, answered by the staff in each way, given back."""

import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import sqlite3
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from chatwoot_server import ACCOUNT, INBOX, TOKEN, ChatwootServer
from processes import Running, bot, copy_of_project, free_port
from receivers import Receiver, until

from bot.handover import Desk
from bot.settings.handover import Chatwoot, Handover, Webhook

KEY = bytes(range(40))
SECRET, CHATWOOT_SECRET = "whsec_" + base64.b64encode(KEY).decode(), "chatwoot-secret-1"
WRITTEN = "aardvark-4711"  # what no log may repeat
numbers = itertools.count()


class Supplier:
    """A supplier with a webhook and Chatwoot, and the assistant of theirs."""

    def __init__(self, project: Path, url: str, receiver: Receiver, chatwoot: ChatwootServer) -> None:
        self.project, self.url, self.receiver, self.chatwoot = project, url, receiver, chatwoot
        place = f"sqlite:///{project / 'var' / 'conversations.db'}"
        self.engine = sa.create_engine(place, connect_args={"timeout": 60})
        webhook = Webhook(receiver.url, SECRET)
        self.desk = Desk(
            self.engine, Handover(webhook=webhook, chatwoot=Chatwoot(chatwoot.url, ACCOUNT, INBOX, TOKEN, "x"))
        )

    def post(self, path: str, body: object, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or "null")

    def write(self, conversation: str, text: str) -> list[dict[str, Any]]:
        status, replies = self.post("/webhooks/rest/webhook", {"sender": conversation, "message": text})
        assert status == 200
        return list(replies)

    def asked(self) -> str:
        """A new conversation in which a person was asked for, and whose staff were told."""
        conversation = uuid.uuid4().hex
        self.write(conversation, f"Hello {WRITTEN}")
        self.desk.ask(conversation, "rest", "asked")
        self.told(conversation, "handover.requested")
        until(lambda: self.desk.find(conversation).ticket)
        until(lambda: self.conversation_there(conversation)["status"] == "open")
        return conversation

    def told(self, conversation: str, kind: str) -> dict[str, Any]:
        def found() -> Any:
            mine = (
                each for each in self.receiver.bodies if (each["conversation"], each["type"]) == (conversation, kind)
            )
            return next(mine, None)

        return dict(until(found))

    def conversation_there(self, conversation: str) -> dict[str, Any]:
        return self.chatwoot.conversations[int(self.desk.find(conversation).ticket or 0)]

    def signed(self, body: object, id: str | None = None, at: float | None = None, key: bytes = KEY) -> tuple[int, Any]:
        """A call of the supplier's own inbox, signed by hand."""
        id = id or f"msg_{next(numbers)}"
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = str(int(time.time() if at is None else at))
        digest = hmac.new(key, f"{id}.{timestamp}.".encode() + data, hashlib.sha256).digest()
        signature = "v1,bm90IHRoaXMgb25l v1," + base64.b64encode(digest).decode()
        headers = {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature}
        return self.post("/webhooks/staff/reply", data, headers)

    def from_chatwoot(self, body: object, at: float | None = None, secret: str = CHATWOOT_SECRET) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = str(int(time.time() if at is None else at))
        digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + data, hashlib.sha256).hexdigest()
        headers = {"X-Chatwoot-Timestamp": timestamp, "X-Chatwoot-Signature": f"sha256={digest}"}
        return self.post("/webhooks/staff/chatwoot", data, headers)

    def message(self, conversation: str, text: str | None, **more: Any) -> dict[str, Any]:
        """What Chatwoot sends when a member of staff has written."""
        ticket = int(self.desk.find(conversation).ticket or 0)
        message = {
            "event": "message_created",
            "id": 1000 + next(numbers),
            "content": text,
            "message_type": "outgoing",
            "private": False,
            "content_type": "text",
            "sender": {"id": 3, "name": "A member of staff", "email": "staff@shop.example", "type": "user"},
            "account": {"id": int(ACCOUNT), "name": "Shop"},
            "inbox": {"id": 4, "name": "Website"},
            "conversation": {"id": ticket, "status": "open", "inbox_id": 4},
        }
        return {**message, **more}

    def said(self, conversation: str) -> list[str]:
        """What persons have said to the customer."""
        with self.engine.connect() as connection:
            query = sa.text("SELECT body FROM bot_outbox WHERE conversation = :id AND kind = 'person' ORDER BY created")
            return [json.loads(body)["text"] for (body,) in connection.execute(query, {"id": conversation})]

    def run(self, *arguments: str) -> Any:
        return bot("handover", *arguments, project=self.project)


@pytest.fixture(scope="module")
def supplier(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supplier]:
    folder, port = tmp_path_factory.mktemp("handover"), free_port()
    project = copy_of_project(folder / "project", model)
    with Receiver() as receiver, ChatwootServer() as chatwoot:
        environment = {
            "BOT_HANDOVER_WEBHOOK_URL": receiver.url,
            "BOT_HANDOVER_WEBHOOK_SECRET": SECRET,
            "CHATWOOT_URL": chatwoot.url,
            "CHATWOOT_ACCOUNT_ID": ACCOUNT,
            "CHATWOOT_INBOX_IDENTIFIER": INBOX,
            "CHATWOOT_ACCESS_TOKEN": TOKEN,
            "CHATWOOT_WEBHOOK_SECRET": CHATWOOT_SECRET,
            "BOT_ADDRESS_LIMIT": "100000/minute",
        }
        log = folder / "log"
        with Running("run", "--model", str(model), "--port", str(port), project=project, log=log, **environment) as run:
            run.wait_for("Ready")
            yield Supplier(project, f"http://127.0.0.1:{port}", receiver, chatwoot)
            assert run.interrupt() == 0
            assert "Traceback" not in run.output
            for secret in (WRITTEN, SECRET, CHATWOOT_SECRET, TOKEN):
                assert secret not in run.output
        assert chatwoot.refusals == []


def test_asked_silent_answered_and_given_back(supplier: Supplier) -> None:
    conversation = supplier.asked()
    transcript = supplier.told(conversation, "handover.requested")["transcript"]
    assert [each["from"] for each in transcript] == ["customer", "assistant"]
    assert transcript[1]["answer"]["kind"] == "smalltalk"

    assert supplier.write(conversation, f"Are you there? {WRITTEN}") == []
    (message,) = supplier.told(conversation, "message")["transcript"]
    assert message["text"] == f"Are you there? {WRITTEN}"
    until(lambda: supplier.conversation_there(conversation)["messages"][1:])
    assert supplier.conversation_there(conversation)["messages"][1]["content"] == message["text"]

    assert supplier.signed({"conversation": conversation, "text": "Here I am", "name": "Staff"}) == (204, None)
    (reply,) = supplier.write(conversation, "How nice")
    assert (reply["from"], reply["text"], reply["name"]) == ("person", "Here I am", "Staff")

    assert supplier.signed({"conversation": conversation, "return": True}) == (204, None)
    supplier.told(conversation, "handover.returned")
    notice, answer = supplier.write(conversation, "Hello again")
    assert notice["from"] == "notice"
    assert answer["custom"]["answer"]["kind"] == "smalltalk"
    until(lambda: supplier.conversation_there(conversation)["status"] == "resolved")


def test_an_emergency_is_answered_and_told_also_while_a_person_has_the_conversation(supplier: Supplier) -> None:
    conversation = supplier.asked()
    (reply,) = supplier.write(conversation, "I have chest pain and cannot breathe")
    assert reply["custom"]["answer"]["kind"] == "emergency"
    until(lambda: "emergency" in [b["reason"] for b in supplier.receiver.bodies if b["conversation"] == conversation])
    assert supplier.write(conversation, "Hello?") == []


# Our own webhook --------------------------------------------------------------------------------------------------


def test_the_same_call_again_counts_once(supplier: Supplier) -> None:
    conversation = supplier.asked()
    for _ in range(3):
        assert supplier.signed({"conversation": conversation, "text": "Once"}, id="the same " + conversation)[0] == 204
    assert supplier.said(conversation) == ["Once"]


def test_only_calls_signed_with_the_secret_and_lately_are_taken(supplier: Supplier) -> None:
    conversation = supplier.asked()
    body = {"conversation": conversation, "text": "No"}
    for status, answer in (
        supplier.signed(body, key=b"another key, of thirty-two bytes!"),
        supplier.signed(body, at=time.time() - 301),
        supplier.signed(body, at=time.time() + 360),  # the longer on its way, the less ahead
        supplier.signed(b"no JSON " * 100, key=b"x"),  # which is not looked at
        supplier.post("/webhooks/staff/reply", body),
        supplier.post("/webhooks/staff/reply", body, {"webhook-id": "1", "webhook-timestamp": "now"}),
        supplier.post(
            "/webhooks/staff/reply",
            body,
            {"webhook-id": "1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1, v1,ä"},
        ),
    ):
        assert (status, answer["error"]["code"]) == (401, "bad_signature")
    assert supplier.signed(body, at=time.time() - 240)[0] == 204
    assert supplier.said(conversation) == ["No"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"conversation": "nobody's"}, 404, "unknown_conversation"),
        ({"conversation": ""}, 400, "bad_request"),
        ({"conversation": 7}, 400, "bad_request"),
        ({"conversation": "x" * 256}, 400, "bad_request"),
        ({"conversation": "a\0b"}, 400, "bad_request"),
        ({"text": None}, 400, "bad_request"),
        ({"text": ["Hello"]}, 400, "bad_request"),
        ({"text": " "}, 422, "unfit_text"),
        ({"text": "x" * 4097}, 422, "unfit_text"),
        ({"text": "x" * 70_000}, 413, "body_too_large"),
        ({"name": 7}, 400, "bad_request"),
        ({"name": "x" * 81}, 422, "unfit_text"),
        ({"return": True}, 400, "bad_request"),
        ({"return": "yes"}, 400, "bad_request"),
    ],
)
def test_a_call_that_cannot_be_done_is_refused_in_a_sentence(
    supplier: Supplier, change: dict[str, Any], status: int, code: str
) -> None:
    found, answer = supplier.signed({"conversation": "nobody's", "text": "Hello", **change})
    assert (found, answer["error"]["code"]) == (status, code)
    assert answer["error"]["message"].endswith((".", "}."))


@pytest.mark.parametrize("body", [b"", b"hello", b'{"conversation": "', b"\xff", b"[" * 60_000, b"[]", b"null", b"7"])
def test_a_signed_body_that_is_no_object_is_refused(supplier: Supplier, body: bytes) -> None:
    for status, answer in (supplier.signed(body), supplier.from_chatwoot(body)):
        assert (status, answer["error"]["code"]) == (400, "bad_request")


def test_other_methods_are_refused(supplier: Supplier) -> None:
    for path in ("reply", "chatwoot"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{supplier.url}/webhooks/staff/{path}", timeout=30)
        assert refused.value.code == 405


# Chatwoot ---------------------------------------------------------------------------------------------------------


def test_what_staff_write_in_chatwoot_reaches_the_customer_once(supplier: Supplier) -> None:
    conversation = supplier.asked()
    message = supplier.message(conversation, "Good morning")
    for _ in range(3):
        assert supplier.from_chatwoot(message) == (204, None)
    (reply,) = supplier.write(conversation, "Morning")
    assert (reply["text"], reply["name"]) == ("Good morning", "A member of staff")


def test_nothing_else_in_chatwoot_reaches_the_customer(supplier: Supplier) -> None:
    conversation = supplier.asked()
    no = supplier.message(conversation, "No")
    for other in (
        {**no, "private": True},
        {key: value for key, value in no.items() if key != "private"},
        {**no, "message_type": "incoming"},
        {**no, "message_type": "activity"},
        {**no, "event": "message_updated"},
        {**no, "event": ["message_created"]},
        {**no, "sender": {"id": 1, "name": "Bot", "type": "agent_bot"}},
        {**no, "sender": None},
        {**no, "conversation": {"id": 999_999}},
        {**no, "conversation": 7},
        {**no, "account": {"id": 8}},
        {"event": "webwidget_triggered"},
        {},
    ):
        assert supplier.from_chatwoot(other) == (204, None), other
    assert supplier.said(conversation) == []
    assert supplier.desk.find(conversation).state == "asked"


def test_what_cannot_be_sent_is_refused_so_that_chatwoot_says_so(supplier: Supplier) -> None:
    conversation = supplier.asked()
    for text in (None, "", "x" * 4097):
        status, answer = supplier.from_chatwoot(supplier.message(conversation, text))
        assert status == 422
        assert answer["error"]["message"].endswith(".")
    assert supplier.said(conversation) == []


@pytest.mark.parametrize(
    "event", [{"event": "conversation_resolved"}, {"event": "conversation_status_changed", "status": "resolved"}]
)
def test_resolved_in_chatwoot_it_is_given_back(supplier: Supplier, event: dict[str, Any]) -> None:
    conversation = supplier.asked()
    about = {"id": int(supplier.desk.find(conversation).ticket or 0), "account": {"id": int(ACCOUNT)}}
    assert supplier.from_chatwoot({**about, "event": "conversation_status_changed", "status": "open"})[0] == 204
    assert supplier.desk.is_silent(conversation)
    for _ in range(2):
        assert supplier.from_chatwoot({**about, **event})[0] == 204
    supplier.told(conversation, "handover.returned")
    assert not supplier.desk.is_silent(conversation)
    assert len(supplier.write(conversation, "Hello")) == 2


def test_chatwoot_shows_its_secret(supplier: Supplier) -> None:
    conversation = supplier.asked()
    message = supplier.message(conversation, "No")
    refused = [
        supplier.from_chatwoot(message, secret="another"),
        supplier.from_chatwoot(message, at=time.time() - 301),
        supplier.from_chatwoot(b"no JSON", secret="another"),
        supplier.post("/webhooks/staff/chatwoot", message),
        supplier.post("/webhooks/staff/chatwoot?secret=another", message),
        supplier.post("/webhooks/staff/chatwoot?secret=", message),
        # A signature that is wrong is not mended by the address.
        supplier.post(
            f"/webhooks/staff/chatwoot?secret={CHATWOOT_SECRET}", message, {"X-Chatwoot-Signature": "sha256=00"}
        ),
    ]
    for status, answer in refused:
        assert (status, answer["error"]["code"]) == (401, "bad_signature")
    assert supplier.said(conversation) == []
    # Older versions do not sign.
    assert supplier.post(f"/webhooks/staff/chatwoot?secret={CHATWOOT_SECRET}", message)[0] == 204
    assert supplier.said(conversation) == ["No"]


# The command ------------------------------------------------------------------------------------------------------


def test_a_supplier_without_an_inbox_answers_on_the_command_line(supplier: Supplier) -> None:
    conversation = supplier.asked()
    supplier.write(conversation, f"Anybody? {WRITTEN}\x1b[31m")
    listed = supplier.run("list")
    assert listed.returncode == 0, listed.stderr
    (line,) = (line for line in listed.stdout.splitlines() if f" {conversation[:8]} " in line)
    assert "rest" in line
    assert "waits" in line
    assert line.rstrip().endswith(" 1")
    assert len(line.rstrip()) <= 80
    shown = supplier.run("show", conversation)
    assert f"Anybody? {WRITTEN}" in shown.stdout
    assert shown.stdout.startswith(f"{conversation}, rest, since ")
    assert "\x1b" not in shown.stdout

    assert supplier.run("reply", conversation, "[bold]Hello[/bold]", "--name", "Staff").returncode == 0
    (reply,) = supplier.write(conversation, "Hi")
    assert (reply["text"], reply["name"]) == ("[bold]Hello[/bold]", "Staff")
    assert "with Staff" in supplier.run("list").stdout

    returned = supplier.run("return", conversation[:8])
    assert (returned.returncode, returned.stdout) == (0, f"The assistant answers again in {conversation}.\n")
    supplier.told(conversation, "handover.returned")
    assert [each.get("from") for each in supplier.write(conversation, "Hello")] == ["notice", None]
    assert f" {conversation[:8]} " not in supplier.run("list").stdout
    again = supplier.run("return", conversation)
    assert (again.returncode, again.stdout) == (
        0,
        f"The assistant answers in {conversation} already: no person has it.\n",
    )


@pytest.mark.parametrize(
    ("hours", "said"), [(23, "Sent. "), (25, "Kept: the customer last wrote more than 24 hours ago")]
)
def test_what_waits_for_a_customer_on_whatsapp_is_not_called_sent(supplier: Supplier, hours: int, said: str) -> None:
    conversation = uuid.uuid4().hex
    supplier.desk.ask(conversation, "whatsapp", "asked")
    customer = {"id": conversation, "heard": time.time() - hours * 3600}
    with supplier.desk.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO bot_customers (conversation, address, heard, leased, created, updated)"
                " VALUES (:id, '4915100000000', :heard, 0, :heard, :heard)"
            ),
            customer,
        )
    done = supplier.run("reply", conversation, "Hello")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(said)


def test_a_mistake_on_the_command_line_ends_in_a_sentence(supplier: Supplier) -> None:
    done = supplier.run("reply", "nobody", "Hello")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line == "No person was asked for in a conversation 'nobody': bot handover list shows where one was."


def test_before_the_first_conversation_the_command_says_so(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    done = bot("handover", "list", project=project)
    assert done.returncode == 1
    assert "There are no conversations yet" in done.stderr
    assert not (project / "var").exists()


def test_without_a_webhook_or_chatwoot_the_routes_are_not_there(model: Path, tmp_path: Path) -> None:
    project, port = copy_of_project(tmp_path / "project", model), free_port()
    key = {
        "BOT_SECRET_KEY": "k" * 32,
        "BOT_ALLOWED_ORIGINS": "https://shop.example",
        "BOT_HANDOVER_HOURS": "Sun 0:00-0:01",
    }
    command = ("run", "--public", "--model", str(model), "--port", str(port))
    with Running(*command, project=project, log=tmp_path / "log", **key, BOT_ADDRESS_LIMIT="3/minute") as running:
        running.wait_for("Ready")
        with contextlib.closing(sqlite3.connect(project / "var" / "conversations.db")) as connection:
            assert connection.execute("SELECT count(*) FROM bot_handovers").fetchone() == (0,)
        there = Supplier.post
        server = Supplier(project, f"http://127.0.0.1:{port}", Receiver(), ChatwootServer())
        for path in ("reply", "chatwoot"):
            status, answer = there(server, f"/webhooks/staff/{path}", {"conversation": "c", "text": "Hello"})
            assert (status, answer["error"]["code"]) == (404, "not_found")
        assert running.interrupt() == 0
