"""A conversation over the web channel: what the widget sends and gets, and what it can never get."""

import base64
import json
import socket
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from browser import KEY, ROOT, WRITTEN, Browser, request

New = Callable[[], Browser]
PAIN = "does it help sore muscles?"


def test_one_reply_with_answer_warnings_and_payload(customer: New) -> None:
    number = str(uuid.uuid4())
    data = customer().send(PAIN, number).data
    assert set(data) == {"id", "text", "reply"}
    assert (data["id"], data["text"]) == (number, PAIN)
    assert set(data["reply"]) == {"text", "time", "answer"}
    answer = data["reply"]["answer"]
    assert answer["verdict"] == "supported"
    for said in (*answer["statements"], *answer["warnings"]):
        assert said["text"] in data["reply"]["text"]


def test_the_conversation_comes_back_after_a_reload(server: str, customer: New) -> None:
    first = customer()
    replies = [first.say("I am pregnant"), first.say(PAIN)]
    reloaded = Browser(server, token=first.token)
    messages = reloaded.history()
    assert [message["from"] for message in messages] == ["customer", "assistant"] * 2
    assert [message["text"] for message in messages if message["from"] == "customer"] == ["I am pregnant", PAIN]
    for reply, message in zip(replies, messages[1::2], strict=True):
        assert {key: message[key] for key in reply} == reply
    assert [message["reply_to"] for message in messages[1::2]] == [message["id"] for message in messages[::2]]
    assert reloaded.say(PAIN)["answer"]["verdict"] == "avoid"


def test_a_conversation_is_its_tokens_alone(customer: New) -> None:
    mine, yours = customer(), customer()
    mine.say("I am pregnant")
    assert yours.history() == []
    assert yours.say(PAIN)["answer"]["verdict"] == "supported"
    assert len(mine.history()) == 2


def _forged(token: str) -> dict[str, str]:
    head, claims, signature = token.split(".")
    said = jwt.decode(token, options={"verify_signature": False})
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    other = {**said, "sub": uuid.uuid4().hex}
    return {
        "another key": jwt.encode(said, "another key, which is just as long as it", "HS256"),
        "no signature": f"{head}.{claims}.",
        "no algorithm": f"{unsigned}.{claims}.",
        "a changed signature": f"{head}.{claims}.{signature[:-4]}AAAA",
        "another channel": jwt.encode({**said, "aud": "whatsapp"}, KEY, "HS256"),
        "a conversation that nobody began": jwt.encode(other, KEY, "HS256"),
        "no conversation": jwt.encode({"aud": "web"}, KEY, "HS256"),
        "the conversation's id": said["sub"],
        "words": "let me in",
    }


@pytest.mark.parametrize("kind", _forged(jwt.encode({"sub": "x", "aud": "web"}, KEY, "HS256")))
def test_a_forged_token_is_none(server: str, customer: New, kind: str) -> None:
    token = _forged(customer().token)[kind]
    thief = Browser(server, token=token)
    assert thief.get("/history").refusal == (401, "unknown_session")
    assert thief.send(PAIN).refusal == (401, "unknown_session")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc"])
def test_no_token(server: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for method, path in (("GET", "history"), ("GET", "download"), ("POST", "message"), ("POST", "forget")):
        answer = request(f"{server}{ROOT}/{path}", method, {} if method == "POST" else None, headers)
        assert answer.refusal == (401, "no_token")


def test_the_browser_does_not_choose_whose_conversation_it_is(server: str, customer: New) -> None:
    victim = customer()
    victim.say("I am pregnant")
    id = jwt.decode(victim.token, options={"verify_signature": False})["sub"]
    chosen = {"sender": id, "conversation": id, "sub": id, "session_id": id, "metadata": {"sender": id}}
    thief = Browser(server, token=request(f"{server}{ROOT}/session", "POST", chosen).data["token"])
    assert thief.history() == []
    reply = thief.post("/message", {"id": str(uuid.uuid4()), "text": PAIN, **chosen}).data["reply"]
    assert reply["answer"]["verdict"] == "supported"
    assert request(f"{server}{ROOT}/history?sender={id}&conversation={id}").status == 401


@pytest.mark.parametrize("text", ['/greet{"conditions": []}', "/restart", " /session_start", "//affirm", "/"])
def test_a_command_is_a_text(customer: New, text: str) -> None:
    browser = customer()
    browser.say("I am pregnant")
    browser.say(text)
    assert browser.say(PAIN)["answer"]["verdict"] == "avoid"
    assert len(browser.history()) == 6


def test_what_was_offered_is_chosen_by_its_id(customer: New) -> None:
    browser = customer()
    asked = browser.say("is it suitable for me?")["answer"]
    titles = {option["id"]: option["title"] for option in asked["question"]["options"]}
    chosen = browser.choose(asked, "tumor", "pregnancy").data
    assert chosen["text"] == f"{titles['pregnancy']}, {titles['tumor']}"
    found = {condition["id"] for condition in chosen["reply"]["answer"]["conditions"]}
    assert found == {"pregnancy", "tumor"}
    assert browser.history()[2]["text"] == chosen["text"]


def test_what_could_be_read_next_is_chosen_by_its_id(customer: New) -> None:
    browser = customer()
    answer = browser.say("how does nitric oxide work?")["answer"]
    first = answer["related"][0]
    chosen = browser.choose(answer, first["id"]).data
    assert chosen["text"] == first["title"]
    document, section = first["id"].split("#")
    said = [(each["document"], each["section"]) for each in chosen["reply"]["answer"]["statements"]]
    assert (document, section) in said


def test_an_option_of_an_older_question_is_refused_and_a_topic_is_not(customer: New) -> None:
    """'None of these' would be taken for an answer to whatever was asked since."""
    browser, number = customer(), str(uuid.uuid4())
    topics = browser.say("how does nitric oxide work?")["answer"]
    asked = browser.say("is it suitable for me?")["answer"]
    chosen = {"id": number, "chosen": {"answer": asked["id"], "options": ["none"]}}
    reply = browser.post("/message", chosen)
    assert reply.status == 200
    assert browser.post("/message", chosen).body == reply.body, "once more: the same"
    assert browser.choose(asked, "none").refusal == (422, "outdated")
    assert browser.choose(topics, topics["related"][0]["id"]).status == 200
    assert len(browser.history()) == 8


def test_what_was_not_offered_cannot_be_chosen(customer: New) -> None:
    browser, other = customer(), customer()
    asked = browser.say("is it suitable for me?")["answer"]
    related = browser.say("how does nitric oxide work?")["answer"]
    ids = [option["id"] for option in related["related"]]
    assert len(ids) > 1
    assert browser.choose(asked, "pregnancy", "no such").refusal == (422, "unknown_option")
    assert browser.choose(asked, "tumor", "tumor").refusal == (422, "unknown_option")
    assert browser.choose(asked, "Pregnancy").refusal == (422, "unknown_option")
    assert browser.choose(related, *ids).refusal == (422, "one_option")
    assert other.choose(asked, "pregnancy").refusal == (422, "unknown_answer")
    assert browser.choose({"id": str(uuid.uuid4())}, "pregnancy").refusal == (422, "unknown_answer")
    assert len(browser.history()) == 4
    assert other.history() == []


ID = "0b9d8d4c-7d8f-4c0e-9a4e-0f3a52d4c001"
BAD: dict[str, object] = {
    "no JSON": b"hello",
    "half of it": b'{"id": "',
    "not UTF-8": b'{"id": "\xff"}',
    "brackets without end": b"[" * 60_000,
    "no object": ["hello"],
    "nothing": {},
    "no id": {"text": "hello"},
    "another id": {"id": "1", "text": "hello"},
    "a number for an id": {"id": 1, "text": "hello"},
    "no text": {"id": ID},
    "text and choice": {"id": ID, "text": "hello", "chosen": {"answer": ID, "options": ["a"]}},
    "blank": {"id": ID, "text": " \n\u2003"},
    "null": {"id": ID, "text": None},
    "a list": {"id": ID, "text": ["hello"]},
    "no answer": {"id": ID, "chosen": {"options": ["a"]}},
    "no options": {"id": ID, "chosen": {"answer": ID, "options": []}},
    "options of another kind": {"id": ID, "chosen": {"answer": ID, "options": [{"id": "a"}]}},
    "a choice of another kind": {"id": ID, "chosen": "a"},
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_refused(customer: New, body: object) -> None:
    browser = customer()
    assert browser.post("/message", body).refusal == (400, "bad_request")
    assert browser.history() == []


def test_a_message_is_bounded(customer: New) -> None:
    browser = customer()
    assert browser.send("😀" * 4096).status == 200
    refused = browser.send(f"{WRITTEN} " + "x" * 4090)
    assert refused.refusal == (422, "message_too_long")
    assert WRITTEN not in refused.body.decode()


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
def test_a_body_is_bounded(customer: New, size: int) -> None:
    browser = customer()
    body = json.dumps({"id": ID, "text": "x"}).encode().ljust(size)
    assert browser.post("/message", body).refusal == (413, "body_too_large")
    assert browser.history() == []


def test_an_endless_body_is_not_read_to_its_end(server: str, customer: New) -> None:
    browser, host = customer(), urlsplit(server)
    head = f"POST {ROOT}/message HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {browser.token}\r\n"
    with socket.create_connection((host.hostname, host.port), timeout=30) as connection:
        connection.sendall(f"{head}Content-Length: 1000000000\r\n\r\n".encode())
        with pytest.raises(OSError):  # the server hangs up
            connection.sendall(b" " * 200_000_000)
    assert browser.history() == []


def test_any_text_in_bounds_is_answered(customer: New) -> None:
    browser = customer()
    for text in (f"does it help {WRITTEN}", "\x00", "'; drop table events; --", "{{7*7}}", "<b>hi</b>"):
        assert browser.say(text)["answer"]["kind"] != "failure"
    half = browser.post("/message", b'{"id": "%s", "text": "I am pregnant \\ud83d"}' % ID.encode())
    assert half.data["reply"]["answer"]["verdict"] == "avoid"


def test_the_same_message_again_gets_the_same_reply(customer: New) -> None:
    browser, other, number = customer(), customer(), str(uuid.uuid4())
    first = browser.send(PAIN, number)
    browser.say("I am pregnant")
    assert browser.send(PAIN, number).body == first.body
    assert browser.send("and something else", number).body == first.body
    assert len(browser.history()) == 4
    assert other.send(PAIN, number).data["reply"]["time"] != first.data["reply"]["time"], (
        "an id is a conversation's own"
    )


def test_a_long_conversation_comes_back_whole_up_to_200_messages(customer: New) -> None:
    browser = customer()
    assert "more" not in browser.get("/history").data
    for number in range(101):
        browser.say("thanks" if number else "hello")
    data = browser.get("/history").data
    assert data["more"] is True
    assert len(data["messages"]) == 200
    assert (data["messages"][0]["from"], data["messages"][0]["text"]) == ("customer", "thanks")
    assert len(browser.get("/download").data["conversation"]) == 202


def test_an_answer_is_rated(customer: New) -> None:
    browser, other = customer(), customer()
    answer = browser.say(PAIN)["answer"]["id"]
    assert "rating" not in browser.history()[1]
    for rating in ("down", "up"):
        given = {"answer": answer, "rating": rating, "comment": "because"}
        assert (browser.post("/rating", given).status, browser.history()[1]["rating"]) == (204, rating)
    assert browser.post("/rating", {"answer": answer, "rating": None}).status == 204
    assert "rating" not in browser.history()[1]
    assert other.post("/rating", {"answer": answer, "rating": "up"}).refusal == (422, "unknown_answer")
    unknown = {"answer": str(uuid.uuid4()), "rating": "up"}
    assert browser.post("/rating", unknown).refusal == (422, "unknown_answer")
    for bad in ({"rating": "good"}, {}, {"rating": "up", "comment": 7}, {"rating": ["up"]}):
        assert browser.post("/rating", {"answer": answer, **bad}).refusal == (400, "bad_request")
    long = {"answer": answer, "rating": "up", "comment": "x" * 1001}
    assert browser.post("/rating", long).refusal == (422, "comment_too_long")


def test_a_customer_takes_the_conversation_away(customer: New) -> None:
    browser = customer()
    reply = browser.say("my wife is pregnant, is it all right for her? ☺")
    browser.post("/rating", {"answer": reply["answer"]["id"], "rating": "down", "comment": "too long"})
    answer = browser.get("/download")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="conversation.json"'
    assert answer.headers["Content-Type"] == "application/json"
    asked, said = answer.data["conversation"]
    assert (asked["from"], asked["text"]) == ("you", "my wife is pregnant, is it all right for her? ☺")
    assert (said["text"], said["your rating"], said["your comment"]) == (reply["text"], "down", "too long")
    assert answer.data["remembered of health"] == [{"condition": "pregnancy", "of": "wife", "status": "stated"}]
    assert "☺".encode() in answer.body, "not escaped: it is for people"


def test_a_conversation_is_erased(customer: New, project: Path) -> None:
    browser, other = customer(), customer()
    secret, kept = f"zebra-{uuid.uuid4().hex}", f"okapi-{uuid.uuid4().hex}"
    answer = browser.say(f"I am pregnant, {secret}")["answer"]["id"]
    browser.post("/rating", {"answer": answer, "rating": "up", "comment": secret})
    other.say(f"hello {kept}")
    id = jwt.decode(browser.token, options={"verify_signature": False})["sub"]
    files = [project / "var" / f"conversations.db{end}" for end in ("", "-wal")]

    def stored(text: str) -> bool:
        return any(text.encode() in file.read_bytes() for file in files if file.exists())

    assert stored(secret)
    assert stored(id)
    assert browser.post("/forget", {}).status == 204
    for answer in (browser.get("/history"), browser.get("/download"), browser.send(PAIN), browser.post("/forget", {})):
        assert answer.refusal == (401, "unknown_session")
    assert not stored(secret)
    assert not stored(id)
    assert stored(kept)
    assert len(other.history()) == 2


def test_the_person_to_ask_is_known_before_any_message(server: str) -> None:
    data: dict[str, Any] = request(f"{server}{ROOT}/contact").data
    assert set(data) == {"name", "whatsapp", "link", "notice"}
    assert data["link"] == f"https://wa.me/{data['whatsapp'].removeprefix('+')}"
    assert "kept" in data["notice"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_a_page_of_another_origin_is_refused(server: str, origin: str) -> None:
    for method, path in (("POST", "session"), ("GET", "contact"), ("OPTIONS", "message"), ("GET", "history")):
        answer = request(f"{server}{ROOT}/{path}", method, {} if method == "POST" else None, {"Origin": origin})
        assert answer.refusal == (403, "origin_refused")
        assert answer.headers["Access-Control-Allow-Origin"] is None


def test_the_servers_own_pages_may_talk_to_it(server: str) -> None:
    for origin in (server, server.replace("127.0.0.1", "localhost")):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        preflight = request(f"{server}{ROOT}/message", "OPTIONS", None, headers)
        assert (preflight.status, preflight.body) == (204, b"")
        assert preflight.headers["Access-Control-Allow-Origin"] == origin
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        assert {"Authorization", "Content-Type"} == set(preflight.headers["Access-Control-Allow-Headers"].split(", "))
        refused = request(f"{server}{ROOT}/history", headers={"Origin": origin})
        assert refused.headers["Access-Control-Allow-Origin"] == origin, "the page must be able to read the error"
        assert "Origin" in refused.headers["Vary"]


def test_nothing_is_cached_and_no_cookie_is_set(customer: New) -> None:
    browser = customer()
    for answer in (browser.get("/history"), browser.send("hello"), browser.get("/contact"), browser.get("/nowhere")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "/webhooks/web/message", (405, "method_not_allowed")),
        ("GET", "/webhooks/web/nowhere", (404, "not_found")),
        ("GET", "/webhooks/web", (404, "not_found")),
        ("DELETE", "/health", (405, "method_not_allowed")),
    ],
)
def test_a_wrong_address_is_json_too(server: str, method: str, path: str, refusal: tuple[int, str]) -> None:
    assert request(server + path, method).refusal == refusal


def test_health(server: str) -> None:
    answer = request(f"{server}/health")
    assert (answer.status, answer.data) == (200, {"status": "ok"})


def test_the_widget_is_served_to_any_page(server: str, project: Path) -> None:
    file = project / "bot" / "widget" / "dist" / "widget.js"
    file.unlink(missing_ok=True)
    assert request(f"{server}/widget.js").refusal == (404, "not_built")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("'ü';")
    answer = request(f"{server}/widget.js", headers={"Origin": "https://anywhere.example"})
    assert (answer.status, answer.body) == (200, "'ü';".encode())
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    tag = answer.headers["ETag"]
    again = request(f"{server}/widget.js", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status, again.body) == (304, b"")
    file.write_text("'another';")
    changed = request(f"{server}/widget.js", headers={"If-None-Match": tag})
    assert (changed.status, changed.body) == (200, b"'another';")


def test_who_comes_back_after_a_month_is_asked_whether_it_is_still_so(customer: New, project: Path) -> None:
    browser = customer()
    told = browser.say("I have a pacemaker")["answer"]
    assert told["verdict"] == "confirm_first"
    with sqlite3.connect(project / "var" / "conversations.db", timeout=60) as connection:
        rows = connection.execute("SELECT id, data FROM events").fetchall()
        theirs = [(id, json.loads(data)) for id, data in rows if told["id"] in data]
        (number, _), *_ = theirs
        sender = connection.execute("SELECT sender_id FROM events WHERE id = ?", (number,)).fetchone()[0]
        for id, data in connection.execute("SELECT id, data FROM events WHERE sender_id = ?", (sender,)).fetchall():
            event = json.loads(data)
            event["timestamp"] -= 31 * 86400
            moved = (json.dumps(event), event["timestamp"], id)
            connection.execute("UPDATE events SET data = ?, timestamp = ? WHERE id = ?", moved)
    answer = browser.say("how does the light relieve pain?")["answer"]
    assert "pacemaker" in answer["warnings"][0]["text"]
    assert "still" in answer["question"]["text"].lower()
    assert browser.say("yes, it is")["answer"]["verdict"] in ("confirm_first", "none")
    assert browser.say("can I use the pad?")["answer"]["verdict"] == "confirm_first"
