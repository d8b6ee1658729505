"""One message, one reply, recorded once: when it is sent again, at the same time, too late, or to a new server."""

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, UNLIMITED, WRITTEN, Browser, request
from processes import Running, copy_of_project, free_port

QUESTION = f"does it help sore muscles of {WRITTEN}?"


class Actions(ThreadingHTTPServer):
    """An action server that answers when it is told to, and can fail."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.may_answer, self.asked = threading.Event(), threading.Event()
        self.status, self.answered = 200, 0

    def again(self) -> None:
        self.may_answer.set()
        self.asked.clear()
        self.status = 200


class Handler(BaseHTTPRequestHandler):
    server: Actions

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer: dict[str, Any] = {"events": [], "responses": []}
        status = 200
        if not call["next_action"].startswith("action_validate"):
            self.server.asked.set()
            self.server.may_answer.wait(60)
            self.server.answered += 1
            said = {"id": str(uuid.uuid4()), "kind": "smalltalk", "number": self.server.answered}
            answer["responses"] = [{"text": f"Reply {self.server.answered}", "custom": {"answer": said}}]
            answer["events"] = [{"event": "followup", "name": "action_listen"}]
            status = self.server.status
        body = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # whoever asked was killed meanwhile

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def actions() -> Iterator[Actions]:
    with Actions() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def ready(actions: Actions) -> None:
    actions.again()


class Server:
    """`bot run` with that action server; it can be killed and started again on its database."""

    def __init__(self, project: Path, model: Path, actions: Actions) -> None:
        self.project, self.model = project, model
        endpoints = project / "bot" / "endpoints.yml"
        url = f"http://127.0.0.1:{actions.server_port}/webhook"
        endpoints.write_text(endpoints.read_text().replace("inproc:actions", url))
        self.start()

    def start(self) -> None:
        port = free_port()
        arguments = ("run", "--model", str(self.model), "--port", str(port))
        given = {**UNLIMITED, "BOT_REPLY_SECONDS": "12"}
        self.running = Running(*arguments, project=self.project, log=self.project / f"{port}.log", **given)
        self.address = f"http://127.0.0.1:{port}"
        self.running.wait_for("Ready")

    def kill(self) -> None:
        self.running.process.kill()
        self.running.process.wait()

    def stored(self, text: str) -> int:
        """How many messages of customers with a text are in the database."""
        with sqlite3.connect(self.project / "var" / "conversations.db", timeout=60) as connection:
            query = "select count(*) from events where type_name = 'user' and data like ?"
            return int(connection.execute(query, (f'%"text": "{text}", "parse%',)).fetchone()[0])


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory, actions: Actions) -> Iterator[Server]:
    found = Server(copy_of_project(tmp_path_factory.mktemp("retries") / "project", model), model, actions)
    yield found
    found.kill()
    for log in found.project.glob("*.log"):
        assert WRITTEN not in log.read_text()


def test_a_reply_that_takes_too_long_is_there_when_asked_for_again(server: Server, actions: Actions) -> None:
    browser, number = Browser(server.address), str(uuid.uuid4())
    actions.may_answer.clear()
    late = browser.send(QUESTION, number)
    assert late.refusal == (504, "too_late")
    assert late.data["error"]["contact"]["whatsapp"], "a person to ask instead"
    assert browser.send(QUESTION, number).refusal == (504, "too_late")
    actions.may_answer.set()
    reply = browser.say(QUESTION, number)
    assert [message["text"] for message in browser.history()] == [QUESTION, reply["text"]]


def test_the_same_message_at_the_same_time_is_answered_once(server: Server, actions: Actions) -> None:
    browser, number = Browser(server.address), str(uuid.uuid4())
    before = actions.answered
    actions.may_answer.clear()
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(browser.send, QUESTION, number) for _ in range(8)]
        assert actions.asked.wait(60)
        actions.may_answer.set()
        bodies = {answer.result().body for answer in sent}
    assert len(bodies) == 1
    assert actions.answered == before + 1
    assert len(browser.history()) == 2


def test_different_messages_at_the_same_time_are_all_answered(server: Server) -> None:
    browser = Browser(server.address)
    with ThreadPoolExecutor(5) as pool:
        sent = [pool.submit(browser.send, f"{QUESTION} {number}") for number in range(5)]
        texts = {answer.result().data["reply"]["text"] for answer in sent}
    assert len(texts) == 5
    history = browser.history()
    assert len(history) == 10
    assert [message["reply_to"] for message in history[1::2]] == [message["id"] for message in history[::2]]


def test_a_turn_that_fails_says_so_names_a_person_and_stays_the_same(server: Server, actions: Actions) -> None:
    browser, number = Browser(server.address), str(uuid.uuid4())
    actions.status = 500
    failed = browser.send(QUESTION, number)
    answer = failed.data["reply"]["answer"]
    assert (answer["kind"], bool(answer["contact"]["whatsapp"])) == ("failure", True)
    assert answer["contact"]["whatsapp"] in failed.data["reply"]["text"]
    actions.status = 200
    assert browser.send(QUESTION, number).body == failed.body
    assert browser.send(QUESTION).data["reply"]["answer"]["kind"] == "smalltalk"
    messages = browser.history()
    assert [message["text"] for message in messages[::2]] == [QUESTION, QUESTION]
    assert messages[0]["id"] == messages[1]["reply_to"] == number
    assert messages[1]["answer"] == answer


def test_a_message_whose_own_events_could_not_be_kept(server: Server) -> None:
    """Then the failure has it."""
    browser, number = Browser(server.address), str(uuid.uuid4())
    browser.say("hello")
    with sqlite3.connect(server.project / "var" / "conversations.db", timeout=60, isolation_level=None) as other:
        other.execute(
            "create trigger refuse before insert on events when new.type_name = 'user'"
            " begin select raise(abort, 'no'); end"
        )
        try:
            failed = browser.send(QUESTION, number)
        finally:
            other.execute("drop trigger refuse")
    assert failed.data["reply"]["answer"]["kind"] == "failure"
    assert browser.send(QUESTION, number).body == failed.body
    browser.say("thanks")
    messages = browser.history()
    assert [message["text"] for message in messages[::2]] == ["hello", QUESTION, "thanks"]
    assert messages[3]["reply_to"] == messages[2]["id"] == number


def test_an_erased_conversation_stays_erased_when_a_message_was_under_way(server: Server, actions: Actions) -> None:
    browser, text = Browser(server.address), f"sore muscles {uuid.uuid4().hex}"
    actions.may_answer.clear()
    with ThreadPoolExecutor(3) as pool:
        pool.submit(browser.send, text)
        assert actions.asked.wait(60)
        forgetting = pool.submit(browser.post, "/forget", {})
        pool.submit(browser.send, text)
        actions.may_answer.set()
        assert forgetting.result().status == 204
    assert browser.get("/history").refusal == (401, "unknown_session")
    assert server.stored(text) == 0


def test_health_says_that_the_store_cannot_be_read(server: Server) -> None:
    with sqlite3.connect(server.project / "var" / "conversations.db", timeout=60, isolation_level=None) as other:
        other.execute("alter table events rename to hidden")
        try:
            assert request(f"{server.address}/health").refusal == (503, "no_store")
            browser = Browser(server.address)
            assert browser.get("/history").refusal == (500, "failed")
            assert browser.say(QUESTION)["answer"]["kind"] == "failure"
        finally:
            other.execute("alter table hidden rename to events")
    assert request(f"{server.address}/health").status == 200


def test_a_message_is_answered_once_over_restarts(server: Server, actions: Actions) -> None:
    browser, number, cut = Browser(server.address), str(uuid.uuid4()), str(uuid.uuid4())
    first = browser.send(QUESTION, number)
    actions.asked.clear()
    actions.may_answer.clear()
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(browser.send, "thank you", cut)
        assert actions.asked.wait(60)
        server.kill()
        assert isinstance(lost.exception(), OSError)
    actions.may_answer.set()
    server.start()
    again = Browser(server.address, token=browser.token)
    assert again.send(QUESTION, number).body == first.body
    assert len(again.history()) == 2
    reply = again.say("thank you", cut)
    assert again.say("thank you", cut) == reply
    assert [message["text"] for message in again.history()[::2]] == [QUESTION, "thank you"]


def test_a_customer_who_leaves_has_still_told_us(server: Server, actions: Actions) -> None:
    browser, number = Browser(server.address), str(uuid.uuid4())
    actions.may_answer.clear()
    body = {"id": number, "text": "I am pregnant"}
    with pytest.raises(OSError):
        request(server.address + ROOT + "/message", "POST", body, {"Authorization": f"Bearer {browser.token}"}, 0.5)
    actions.may_answer.set()
    assert browser.say("I am pregnant", number)["text"]
    assert len(browser.history()) == 2
