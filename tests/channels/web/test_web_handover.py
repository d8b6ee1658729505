"""A person has the conversation: what a browser gets then, on a server that runs, from staff in another process."""

import json
import sqlite3
import uuid
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import KEY, UNLIMITED, WRITTEN, Browser, request
from processes import Running, copy_of_project, free_port
from staff import AWAY, Staff

# What the staff are told waits: nobody listens at that address.
ALWAYS = {
    "BOT_HANDOVER_HOURS": "Mon-Sun 0:00-24:00",
    "BOT_HANDOVER_WEBHOOK_URL": "http://127.0.0.1:9",
    "BOT_HANDOVER_WEBHOOK_SECRET": f"whsec_{b64encode(KEY.encode()).decode()}",
}
EMERGENCY = "My chest hurts and I cannot breathe"


@pytest.fixture(scope="module")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("handover") / "project", model)


class Server:
    """`bot run` with staff; it can be killed and started again on its database."""

    def __init__(self, project: Path, model: Path) -> None:
        self.project, self.model = project, model
        self.database = project / "var" / "conversations.db"
        self.start()
        self.staff = Staff(self.database, KEY)

    def start(self) -> None:
        port = free_port()
        arguments = ("run", "--model", str(self.model), "--port", str(port))
        given = {**UNLIMITED, **ALWAYS}
        self.running = Running(*arguments, project=self.project, log=self.project / f"{port}.log", **given)
        self.address = f"http://127.0.0.1:{port}"
        self.running.wait_for("Ready")

    def kill(self) -> None:
        self.running.process.kill()
        self.running.process.wait()

    def change_reply(self, message: str, **answer: object) -> None:
        """Change the payload of the stored reply to a message."""
        with sqlite3.connect(self.database, timeout=60) as connection:
            rows = connection.execute("SELECT id, type_name, data FROM events ORDER BY id").fetchall()
            asked = next(row[0] for row in rows if json.loads(row[2]).get("message_id") == message)
            id, _, data = next(row for row in rows if row[0] > asked and row[1] == "bot")
            event = json.loads(data)
            event["data"]["custom"]["answer"] |= answer
            connection.execute("UPDATE events SET data = ? WHERE id = ?", (json.dumps(event), id))


@pytest.fixture(scope="module")
def server(model: Path, project: Path) -> Iterator[Server]:
    found = Server(project, model)
    yield found
    found.kill()
    for log in project.glob("*.log"):
        assert "Traceback" not in log.read_text()
        assert WRITTEN not in log.read_text()


def said(browser: Browser) -> list[tuple[str, str]]:
    return [(message["from"], message["text"]) for message in browser.history()]


def new_id() -> str:
    return str(uuid.uuid4())


def test_messages_go_to_the_person_and_get_no_reply(server: Server) -> None:
    browser, number = Browser(server.address), new_id()
    first = browser.send("hello")
    assert "handover" not in first.data
    server.staff.asked(browser.token)
    text = f"are you there, {WRITTEN}?"
    sent = browser.send(text, number)
    assert (sent.status, sent.data) == (200, {"id": number, "text": text, "reply": None, "handover": "asked"})
    assert browser.send(text, number).body == sent.body, "once more: the same"
    assert [each[1] for each in said(browser)] == ["hello", first.data["reply"]["text"], text]
    assert browser.history()[-1]["passed_on"] is True
    assert server.staff.told(browser.token) == [text]
    server.staff.say(browser.token, "Yes.")
    assert browser.send("good").data["handover"] == "taken"


def test_what_it_tells_of_health_is_remembered(server: Server) -> None:
    browser = Browser(server.address)
    server.staff.asked(browser.token)
    browser.send("I have a pacemaker")
    server.staff.give_back(browser.token)
    reply = browser.say("Can I use the pad?")
    assert reply["answer"]["verdict"] == "confirm_first"


def test_an_emergency_is_answered_all_the_same(server: Server) -> None:
    browser = Browser(server.address)
    server.staff.asked(browser.token)
    sent = browser.send(EMERGENCY).data
    assert (sent["reply"]["answer"]["kind"], sent["handover"]) == ("emergency", "asked")
    assert server.staff.told(browser.token) == [EMERGENCY]
    assert [("passed_on" in each, each["from"]) for each in browser.history()] == [
        (False, "customer"),
        (False, "assistant"),
    ]


def test_the_history_has_what_persons_and_notices_say_in_order(server: Server) -> None:
    browser = Browser(server.address)
    hello = browser.say("hello")["text"]
    server.staff.asked(browser.token)
    browser.send("one")
    server.staff.say(browser.token, "two", name="A person")
    browser.send("three")
    server.staff.say(browser.token, "four")
    back = server.staff.give_back(browser.token)
    thanks = browser.say("thanks")["text"]
    assert said(browser) == [
        ("customer", "hello"),
        ("assistant", hello),
        ("customer", "one"),
        ("person", "two"),
        ("customer", "three"),
        ("person", "four"),
        ("notice", back),
        ("customer", "thanks"),
        ("assistant", thanks),
    ]
    two, four = (each for each in browser.history() if each["from"] == "person")
    assert (two["name"], "name" in four) == ("A person", False)
    assert two["id"] != four["id"]
    downloaded = browser.get("/download").data["conversation"]
    assert [each["text"] for each in downloaded] == [each[1] for each in said(browser)]
    assert {**downloaded[3], "time": ""} == {"time": "", "from": "person", "name": "A person", "text": "two"}


def test_news_tell_that_there_is_something_to_read_and_who_has_the_conversation(server: Server) -> None:
    browser, other = Browser(server.address), Browser(server.address)
    assert browser.get("/news").data == {"news": 0}
    server.staff.asked(browser.token, AWAY)
    assert browser.get("/news").data == {"news": 0, "handover": "away"}
    server.staff.say(browser.token, "Hello.")
    assert browser.get("/news").data == {"news": 1, "handover": "taken"}
    history = browser.get("/history").data
    assert (history["news"], history["handover"]) == (1, "taken")
    server.staff.give_back(browser.token)
    assert browser.get("/news").data == {"news": 2}
    assert other.get("/news").data == {"news": 0}, "of another conversation"
    assert request(f"{server.address}/webhooks/web/news").refusal == (401, "no_token")


def test_who_is_away_does_not_silence_the_assistant(server: Server) -> None:
    browser = Browser(server.address)
    server.staff.asked(browser.token, AWAY)
    assert browser.send("hello").data["reply"]["text"]


def test_a_handover_that_a_crash_has_lost_is_asked_for_again_by_the_same_message(server: Server) -> None:
    """Rasa had the reply, and nobody was told; what has come of it since is not undone."""
    browser, number = Browser(server.address), new_id()
    browser.send("hello", number)
    server.change_reply(number, handover="asked")
    again = browser.send("hello", number)
    assert again.data["handover"] == "asked"
    assert again.data["reply"]["answer"]["handover"] == "asked"
    server.staff.give_back(browser.token)
    assert "handover" not in browser.send("hello", number).data


def test_a_message_that_was_stored_and_not_passed_on_is_passed_on_by_the_same_message(server: Server) -> None:
    browser, number, text = Browser(server.address), new_id(), f"lost {new_id()}"
    server.staff.asked(browser.token)
    browser.send(text, number)
    with sqlite3.connect(server.database, timeout=60, isolation_level=None) as connection:
        connection.execute("DELETE FROM bot_notices WHERE body LIKE ?", (f"%{text}%",))
    assert server.staff.told(browser.token) == []
    server.kill()
    server.start()
    again = Browser(server.address, token=browser.token)
    for _ in range(2):
        assert again.send(text, number).data["reply"] is None
    assert server.staff.told(browser.token) == [text]
    assert said(again) == [("customer", text)]


def test_forgetting_erases_what_persons_said_and_tells_nobody(server: Server) -> None:
    browser = Browser(server.address)
    server.staff.asked(browser.token)
    browser.send("hello")
    server.staff.say(browser.token, "Hello.")
    assert server.staff.kept(browser.token) > 0
    assert browser.post("/forget", {}).status == 204
    assert server.staff.kept(browser.token) == 0
    assert browser.get("/news").refusal == (401, "unknown_session")


def test_looking_for_news_takes_nothing_from_asking(project: Path, model: Path, tmp_path: Path) -> None:
    """Every five seconds in two windows; who looks more often waits."""
    port = free_port()
    given = {"BOT_SECRET_KEY": KEY, "BOT_SESSION_LIMIT": "2/year", "BOT_ADDRESS_LIMIT": "3/year"}
    arguments = ("run", "--model", str(model), "--port", str(port))
    with Running(*arguments, project=project, log=tmp_path / "log", **given) as running:
        running.wait_for("Ready")
        browser = Browser(f"http://127.0.0.1:{port}")
        looks: list[Any] = [browser.get("/news") for _ in range(24)]
        assert {look.status for look in looks} == {200}
        assert [browser.get("/history").status for _ in range(3)] == [200, 200, 429]
        refused = next(look for look in (browser.get("/news") for _ in range(100)) if look.status != 200)
        assert refused.refusal == (429, "too_many_requests")
        assert int(refused.headers["Retry-After"]) > 0
