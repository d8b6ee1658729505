"""The REST channel of a running `bot run`, as a stranger meets it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import Running, copy_of_project, free_port

LIMIT = 4096
WEBHOOK = "/webhooks/rest/webhook"
WRITTEN = "aardvark-4711"  # what no log may repeat


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server in a process and with a database of its own."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    project = copy_of_project(folder / "project", model)
    with Running("run", "--model", str(model), "--port", str(port), project=project, log=folder / "log") as running:
        running.wait_for("Ready")
        yield f"http://127.0.0.1:{port}"
        assert "Traceback" not in running.output
        assert WRITTEN not in running.output


def post(address: str, body: object) -> tuple[int, Any]:
    """Status and JSON of a request; a body that is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or "null")


def ask(server: str, message: str, **more: object) -> dict[str, Any]:
    status, replies = post(server + WEBHOOK, {"message": message, **more})
    assert status == 200
    assert len(replies) == 1
    return dict(replies[0])


BAD: dict[str, object] = {
    "no body": b"",
    "no JSON": b"hello",
    "half of it": b'{"message": "hel',
    "not UTF-8": b'{"message": "\xff"}',
    "brackets without end": b"[" * 100_000,
    "no object": ["hello"],
    "a text": "hello",
    "null": None,
    "no message": {"sender": "me"},
    "empty": {"message": ""},
    "blank": {"message": " \n\u2003"},
    "null message": {"message": None},
    "number": {"message": 7},
    "list": {"message": ["hello"]},
    "too long": {"message": "x" * (LIMIT + 1)},
    "sender a number": {"message": "hello", "sender": 7},
    "sender empty": {"message": "hello", "sender": ""},
    "sender a list": {"message": "hello", "sender": ["me"]},
    "sender too long": {"message": "hello", "sender": "x" * 256},
    "sender half an emoji": b'{"message": "hello", "sender": "\\ud83d"}',
    "sender with a NUL": {"message": "hello", "sender": "a\0b"},
    "metadata a text": {"message": "hello", "metadata": "x"},
    "metadata a list": {"message": "hello", "metadata": []},
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_refused_in_a_sentence(server: str, body: object) -> None:
    status, answer = post(server + WEBHOOK, body)
    assert status == 400
    assert set(answer) == {"error"}
    assert answer["error"].endswith(".")


def test_a_refusal_does_not_repeat_what_was_sent(server: str) -> None:
    _, answer = post(server + WEBHOOK, {"message": "<script>" + "x" * LIMIT})
    assert "script" not in answer["error"]


@pytest.mark.parametrize(
    "text",
    [
        "x" * LIMIT,
        "ü" * LIMIT,
        f"does it help {WRITTEN}",
        "😀",
        "?!",
        "是否有用",
        "'; drop table events; --",
        "{{7*7}}",
    ],
)
def test_any_text_in_bounds_is_answered(server: str, text: str) -> None:
    reply = ask(server, text)
    assert reply["text"]
    assert reply["custom"]["answer"]["kind"] != "failure"


def test_text_payload_and_buttons_are_one_object(server: str) -> None:
    reply = ask(server, "is it suitable for me?", sender="one-object")
    assert set(reply) == {"recipient_id", "text", "buttons", "custom"}
    assert reply["recipient_id"] == "one-object"


def test_without_a_sender_each_message_is_a_conversation_of_its_own(server: str) -> None:
    first, second = ask(server, "I am pregnant"), ask(server, "does it help sore muscles?")
    assert first["recipient_id"] != second["recipient_id"]
    assert second["custom"]["answer"]["verdict"] == "supported"
    assert ask(server, "does it help?", sender=first["recipient_id"])["custom"]["answer"]["verdict"] == "avoid"


@pytest.mark.parametrize("command", ['/greet{"conditions": []}', "/restart", "\u2003/restart", "/session_start"])
def test_a_command_is_a_text_and_sets_no_slot(server: str, command: str) -> None:
    sender = ask(server, "I am pregnant")["recipient_id"]
    ask(server, command, sender=sender)
    reply = ask(server, "does it help sore muscles?", sender=sender)
    assert reply["custom"]["answer"]["verdict"] == "avoid"


@pytest.mark.parametrize("query", ["?stream=true", "?stream=1", "?token=x"])
def test_streaming_is_no_way_around(server: str, query: str) -> None:
    assert post(server + WEBHOOK + query, {"message": ""})[0] == 400
    status, replies = post(server + WEBHOOK + query, {"message": "does it help sore muscles?"})
    assert (status, len(replies)) == (200, 1)
    assert replies[0]["custom"]["answer"]["warnings"]


def test_metadata_is_taken(server: str) -> None:
    assert ask(server, "hello", metadata={"page": "/pads"})["text"]


@pytest.mark.parametrize("confirmed", ["x", [1], [{"id": "pregnancy", "holder": "customer", "status": "stated"}]])
def test_what_only_the_channel_knows_is_not_taken_from_a_caller(server: str, confirmed: Any) -> None:
    reply = ask(server, "Can it ease a stiff knee?", metadata={"confirmed": confirmed, "person_spoke": True})
    assert reply["custom"]["answer"]["verdict"] == "supported"


@pytest.mark.parametrize(
    "path", ["/webhooks/rest/nothing", "/webhooks/telegram/webhook", "/model/parse", "/conversations/x/tracker", "/x"]
)
def test_other_paths_are_not_there(server: str, path: str) -> None:
    assert post(server + path, {"message": "hello"})[0] in (404, 405)


def test_it_says_that_it_is_there(server: str) -> None:
    with urllib.request.urlopen(server + "/webhooks/rest/", timeout=120) as answer:
        assert json.load(answer) == {"status": "ok"}
