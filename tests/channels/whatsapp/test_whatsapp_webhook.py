"""Meta's webhook over HTTP: who may deliver, what is kept, and what each event changes."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser import request
from payloads import FIXTURES, SECRET, VERIFY, fixture, only, signed, text
from rasa.shared.core.events import BotUttered, UserUttered
from whatsapp_server import Served, served

from bot.channels.whatsapp import LARGEST_BODY
from bot.store.queue import Queue

WRITTEN = "aardvark-4711"  # what no log may repeat
ANSWER = {"id": "a1", "kind": "mechanism", "verdict": "supported"}


@pytest.fixture
def webhook(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


def deliver(webhook: Served, delivery: object) -> int:
    return webhook.post(json.dumps(delivery).encode()).status


def answered(webhook: Served) -> str:
    """A customer's message is answered, with what Meta then knows as wamid.OUT1; the id of the reply's row."""
    assert deliver(webhook, text("hello", "wamid.IN0")) == 200
    queue = Queue(webhook.store.engine, "whatsapp")
    with webhook.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE bot_customers SET due = 0")
    conversation = queue.lease(30)
    assert conversation
    turn = queue.turn(conversation)
    assert turn
    events = UserUttered("hello", message_id=turn.id), BotUttered("Hello.", {"custom": {"answer": ANSWER}})
    with webhook.store.engine.begin() as connection:
        for event in events:
            connection.exec_driver_sql(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, 0, ?)",
                (conversation, event.type_name, json.dumps(event.as_dict())),
            )
    queue.answered(conversation, turn, [{"message": {}, "answer": "a1"}])
    while (outgoing := queue.next_send(conversation)) is None:
        pass
    queue.sending(outgoing)
    queue.sent(outgoing.id, "wamid.OUT1")
    queue.release(conversation)
    return outgoing.id


def test_meta_may_set_the_address(webhook: Served) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = request(f"{webhook.address}/webhook?{urlencode(asked)}")
    assert (answer.status, answer.body) == (200, b"1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert request(f"{webhook.address}/").data == {"status": "ok"}


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "\udcff".encode("utf-8", "surrogateescape")},
        {"hub.verify_token": f"{VERIFY} "},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": "1" * 300},
    ],
)
def test_nobody_else_may(webhook: Served, changed: dict[str, str]) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444", **changed}
    answer = request(f"{webhook.address}/webhook?{urlencode(asked)}")
    assert (answer.status, answer.body) == (403, b"")
    assert request(f"{webhook.address}/webhook").status == 403


def test_a_delivery_is_kept_and_the_worker_woken(webhook: Served) -> None:
    for _ in range(2):
        assert deliver(webhook, fixture("batch")) == 200
    assert [json.loads(body)["text"] for body in webhook.bodies] == ["first", "second", "third", "mine"]
    assert webhook.woken == 2


@pytest.mark.parametrize("name", sorted(file.stem for file in FIXTURES.glob("*.json")))
def test_every_event_is_acknowledged(webhook: Served, name: str) -> None:
    answer = webhook.post((FIXTURES / f"{name}.json").read_bytes())
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha256=ÿ"},
        {"X-Hub-Signature": "sha1=0"},
    ],
)
def test_what_is_not_signed_is_not_read(webhook: Served, headers: dict[str, str]) -> None:
    body = json.dumps(text(WRITTEN, "wamid.X")).encode()
    answer = webhook.post(body, headers)
    assert (answer.status, answer.body) == (401, b"")
    assert webhook.post(body, signed(body, "another secret")).status == 401
    assert webhook.post(body + b" ", signed(body)).status == 401
    assert webhook.post(b"{", headers).status == 401, "no word of what is wrong with it"
    assert webhook.rows("SELECT * FROM bot_inbox") == []
    assert webhook.woken == 0


def test_metas_largest_delivery_is_taken_and_no_larger_one(webhook: Served) -> None:
    delivery = text("hello", "wamid.1")
    only(delivery)["padding"] = ""
    only(delivery)["padding"] = "a" * (LARGEST_BODY - len(json.dumps(delivery)))
    assert deliver(webhook, delivery) == 200
    only(delivery)["id"] = "wamid.2"
    only(delivery)["padding"] += "a"
    assert deliver(webhook, delivery) == 413
    assert len(webhook.bodies) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"object": "page"}', b"[" * 200_000])
def test_what_is_signed_and_unknown_is_acknowledged(webhook: Served, body: bytes) -> None:
    assert webhook.post(body).status == 200
    assert webhook.rows("SELECT * FROM bot_inbox") == []


def test_nothing_that_was_written_is_logged(webhook: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("text", "order", "unsupported", "flow_reply", "value_errors", "failed", "other_number", "group_text"):
        raw = (FIXTURES / f"{name}.json").read_text()
        delivery = json.loads(raw)
        message = (delivery["entry"][0]["changes"][0]["value"].get("messages") or [{}])[0]
        for part in (message, message.get("text"), message.get("order")):
            if isinstance(part, dict):
                part.update(body=WRITTEN, text=WRITTEN) if part is not message else part.update(note=WRITTEN)
        assert deliver(webhook, delivery) == 200
    deliver(webhook, {"object": WRITTEN})
    with webhook.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE bot_inbox RENAME TO hidden")
    assert deliver(webhook, text(WRITTEN, "wamid.2", "15550004711")) == 503
    ours = "\n".join(each.getMessage() for each in caplog.records if each.name.startswith(("bot", "sanic")))
    assert "a message of the type order" in ours
    assert "130429 Rate limit hit" in ours
    for secret in (WRITTEN, "15550001111", "15550004711", SECRET):
        assert secret not in ours


def test_when_the_database_fails_meta_is_to_try_again(webhook: Served) -> None:
    delivery = text("hello", "wamid.1")
    with webhook.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE bot_inbox RENAME TO hidden")
    assert deliver(webhook, delivery) == 503
    assert webhook.rows("SELECT * FROM bot_customers") == [], "nothing is half kept"
    with webhook.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO bot_inbox")
    assert deliver(webhook, delivery) == 200
    assert len(webhook.bodies) == 1


def test_a_reaction_to_an_answer_is_a_rating(webhook: Served) -> None:
    answered(webhook)
    (conversation,) = {found for (found,) in webhook.rows("SELECT conversation FROM bot_customers")}

    def react(id: str, emoji: str | None, message: str = "wamid.OUT1") -> str | None:
        delivery = fixture("reaction")
        only(delivery).update(id=id, reaction={"message_id": message} | ({"emoji": emoji} if emoji else {}))
        assert deliver(webhook, delivery) == 200
        found = webhook.store.ratings(conversation).get("a1")
        return found.rating if found else None

    assert react("wamid.R1", "👍🏽") == "up"
    (rating,) = webhook.store.ratings(conversation).values()
    assert (rating.answer, rating.question) == (ANSWER, "hello")
    assert react("wamid.R2", "👎") == "down"
    assert react("wamid.R1", "👍🏽") == "down", "a repeat of the earlier one"
    assert react("wamid.R3", None) is None
    assert react("wamid.R4", "❤️") == "up"
    assert react("wamid.R5", "😂") is None, "it took the place of the heart"
    assert react("wamid.R6", "👍", "wamid.UNKNOWN") is None
    assert webhook.bodies == [], "there is no reply"


def test_statuses_reach_the_outbox(webhook: Served, caplog: pytest.LogCaptureFixture) -> None:
    reply = answered(webhook)
    for name in ("sent", "delivered", "read"):
        delivery = fixture(name)
        only(delivery)["biz_opaque_callback_data"] = reply
        assert deliver(webhook, delivery) == 200
    assert webhook.rows("SELECT state, error FROM bot_outbox") == [("sent", None)]
    for _ in range(2):
        only(delivery)["id"] = "wamid.OUT2"
        assert deliver(webhook, delivery) == 200
    assert webhook.rows("SELECT message, error FROM bot_outbox") == [("wamid.OUT1", "twice")]
    assert sum(f"message {reply} of the outbox twice" in each.getMessage() for each in caplog.records) == 1
    failed = fixture("failed")
    only(failed)["biz_opaque_callback_data"] = reply
    assert deliver(webhook, failed) == 200
    assert webhook.rows("SELECT state, error FROM bot_outbox") == [("failed", "131026 Message undeliverable")]


def test_edits_and_deletions_of_what_waits(webhook: Served) -> None:
    assert deliver(webhook, fixture("text")) == 200
    assert deliver(webhook, fixture("edit")) == 200
    assert [json.loads(body)["text"] for body in webhook.bodies] == ["does it help sore knees?"]
    revoke = fixture("revoke")
    only(revoke)["id"] = "wamid.IN3"
    assert deliver(webhook, revoke) == 200
    assert webhook.bodies == []


def test_a_change_of_number_keeps_the_conversation(webhook: Served) -> None:
    assert deliver(webhook, fixture("text")) == 200
    assert deliver(webhook, fixture("number_changed")) == 200
    assert webhook.rows("SELECT address FROM bot_customers") == [("15550003333",)]
    named = {identity for (identity,) in webhook.rows("SELECT identity FROM bot_identities WHERE conversation <> ''")}
    assert named == {"user:US.30000000000000000003", "wa:15550003333"}
    assert deliver(webhook, text("still me", "wamid.IN3", "15550003333")) == 200
    assert len(webhook.rows("SELECT DISTINCT conversation FROM bot_inbox")) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_there_is_no_other_way_in(webhook: Served, method: str) -> None:
    assert request(f"{webhook.address}/webhook", method, b"{}").status == 405
    assert request(f"{webhook.address}/other", "POST", b"{}").status == 404
