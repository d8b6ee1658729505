"""Two workers on PostgreSQL and Redis: whichever is asked, a person has the conversation, and all comes once."""

import base64
import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from browser import KEY, Browser, request
from processes import Running, bot, free_port
from receivers import Receiver, until
from redis_server import redis
from workers import workers

from bot.channels import tokens
from bot.handover import signing

SECRET = "whsec_" + base64.b64encode(bytes(range(40))).decode()
AT_ONCE = 8


class Supplier:
    """A supplier whose staff are told by a webhook, and the two workers of theirs."""

    def __init__(self, address: str, running: Running, project: Path, receiver: Receiver, engine: Any) -> None:
        self.address, self.running, self.project, self.receiver = address, running, project, receiver
        self.engine = engine

    def asked(self) -> tuple[Browser, str]:
        """A customer who has asked for a person, and the conversation."""
        browser = Browser(self.address)
        sent = browser.send("I want to talk to a person").data
        assert (sent["reply"]["answer"]["handover"], sent["handover"]) == ("asked", "asked")
        return browser, tokens.conversation_of(browser.token, "web", KEY)

    def staff(self, body: dict[str, Any], id: str | None = None) -> int:
        """A call of the supplier's own inbox."""
        data, id = json.dumps(body).encode(), id or uuid.uuid4().hex
        headers = signing.headers(SECRET, id, int(time.time()), data)
        return request(f"{self.address}/webhooks/staff/reply", "POST", data, headers).status

    def told(self, conversation: str, kind: str) -> list[dict[str, Any]]:
        """What the staff were told of a conversation, when nothing waits any more."""
        query = "SELECT count(*) FROM bot_notices WHERE conversation = :id AND state = 'queued'"
        until(lambda: self.value(query, conversation) == 0)
        mine = [each for each in self.receiver.bodies if each["conversation"] == conversation]
        return [each for each in mine if each["type"] == kind]

    def passed_on(self, conversation: str) -> list[str]:
        """The customer's messages that the staff were told."""
        return [each["text"] for told in self.told(conversation, "message") for each in told["transcript"]]

    def value(self, query: str, conversation: str) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(sa.text(query), {"id": conversation}).scalar()


@pytest.fixture(scope="module")
def supplier(model: Path, database: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supplier]:
    folder, port = tmp_path_factory.mktemp("workers"), free_port()
    with redis(folder) as redis_port, Receiver() as receiver:
        # Slow enough for the other worker to look meanwhile.
        receiver.answer = lambda call: (time.sleep(0.3), (204, None))[1]  # type: ignore[func-returns-value]
        given = {"BOT_HANDOVER_WEBHOOK_URL": receiver.url, "BOT_HANDOVER_WEBHOOK_SECRET": SECRET}
        with workers(model, database, redis_port, folder, port, **given) as running:
            running.wait_for("Ready")
            place = "postgresql+psycopg2://{username}@{url}:{port}/{db}".format(**database)
            engine = sa.create_engine(place)
            yield Supplier(f"http://127.0.0.1:{port}", running, folder / "project", receiver, engine)
            engine.dispose()
            assert running.interrupt(60) == 0
            assert "Traceback" not in running.output


def everywhere(browser: Browser, path: str) -> Any:
    """What both workers answer. A customer may look for news 30 times a minute."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda _: browser.get(path).data, range(AT_ONCE)))
    assert all(each == found[0] for each in found), found
    return found[0]


def test_a_person_takes_over_and_gives_back_whichever_worker_is_asked(supplier: Supplier) -> None:
    browser, conversation = supplier.asked()
    assert everywhere(browser, "/news") == {"news": 0, "handover": "asked"}
    assert supplier.staff({"conversation": conversation, "text": "Hello.", "name": "Service"}) == 204
    assert everywhere(browser, "/news") == {"news": 1, "handover": "taken"}
    for _ in range(6):
        assert browser.send("one more").data["reply"] is None
    assert supplier.passed_on(conversation) == ["one more"] * 6
    assert bot("handover", "return", conversation, project=supplier.project).returncode == 0
    until(lambda: browser.get("/history").data["news"] == 2)
    assert everywhere(browser, "/news") == {"news": 2}
    history = everywhere(browser, "/history")["messages"]
    assert [each["text"] for each in history if each["from"] == "person"] == ["Hello."]
    assert len([each for each in history if each["from"] == "notice"]) == 1
    assert browser.say("does it help against joint pain?")["text"]
    assert len(supplier.told(conversation, "handover.requested")) == 1
    assert len(supplier.told(conversation, "handover.returned")) == 1


def test_a_message_that_comes_several_times_at_once_is_passed_on_once(supplier: Supplier) -> None:
    browser, conversation = supplier.asked()
    for number in (str(uuid.uuid4()) for _ in range(10)):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            bodies = {answer.body for answer in pool.map(lambda _: browser.send("me", number), range(AT_ONCE))}  # noqa: B023
        assert len(bodies) == 1
    assert supplier.passed_on(conversation) == ["me"] * 10
    assert len([each for each in browser.history() if each["text"] == "me"]) == 10


def test_what_staff_send_several_times_at_once_reaches_the_customer_once(supplier: Supplier) -> None:
    browser, conversation = supplier.asked()
    for id in (uuid.uuid4().hex for _ in range(10)):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            body = {"conversation": conversation, "text": id}
            assert {*pool.map(lambda _: supplier.staff(body, id), range(AT_ONCE))} == {204}  # noqa: B023
    assert everywhere(browser, "/news") == {"news": 10, "handover": "taken"}
    back = {"conversation": conversation, "return": True}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert {*pool.map(lambda _: supplier.staff(back), range(AT_ONCE))} == {204}
    until(lambda: supplier.told(conversation, "handover.returned"))
    assert everywhere(browser, "/news") == {"news": 11}
    assert len(supplier.told(conversation, "handover.returned")) == 1


def test_many_customers_ask_at_once_and_the_staff_are_told_of_each_once(supplier: Supplier) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = list(pool.map(lambda _: supplier.asked()[1], range(2 * AT_ONCE)))
    for conversation in asked:
        assert len(supplier.told(conversation, "handover.requested")) == 1


def test_when_the_time_is_over_it_is_given_back_once(supplier: Supplier) -> None:
    asked = [supplier.asked() for _ in range(10)]
    for _, conversation in asked:
        supplier.staff({"conversation": conversation, "text": "One moment."})
    with supplier.engine.begin() as connection:  # all at once, so that both workers find them
        for _, conversation in asked:
            connection.execute(
                sa.text("UPDATE bot_handovers SET ends = 1 WHERE conversation = :id"), {"id": conversation}
            )
    for browser, conversation in asked:
        until(lambda: browser.get("/history").data["news"] == 2)  # noqa: B023
        assert everywhere(browser, "/news") == {"news": 2}
        assert len(supplier.told(conversation, "handover.expired")) == 1
