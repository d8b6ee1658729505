"""`bot whatsapp simulate`, played from a pipe, with a bot that answers in the same words."""

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from graph_client import Bot
from processes import Running, bot, free_port

from bot.simulator import Account, Shown
from bot.simulator.terminal import Terminal, formatted, picture


class Parrot(Bot):
    """Says what it hears, with two buttons, to whoever said it."""

    def __init__(self, port: int) -> None:
        super().__init__()
        account = Account()
        self.answered: set[str] = set()
        self.messages = f"http://127.0.0.1:{port}/v25.0/{account.phone_number_id}/messages"
        self.headers = {"Authorization": f"Bearer {account.access_token}"}

    def took(self, body: bytes) -> None:
        threading.Thread(target=self.answer, args=(json.loads(body),)).start()

    def answer(self, payload: dict[str, Any]) -> None:
        values = [change["value"] for entry in payload["entry"] for change in entry["changes"]]
        for message in [message for value in values for message in value.get("messages", [])]:
            if message["id"] in self.answered or message["type"] in ("reaction", "system"):
                continue
            self.answered.add(message["id"])
            text = message.get("text", {}).get("body") or json.dumps(message[message["type"]])[:900]
            replies = [{"type": "reply", "reply": {"id": each, "title": each.title()}} for each in ("more", "less")]
            content = {"type": "button", "body": {"text": f"*You* said: {text}"}, "action": {"buttons": replies}}
            request = {"messaging_product": "whatsapp", "to": message["from"], "type": "interactive"}
            for _ in range(3):
                said = {**request, "interactive": content}
                answer = httpx.post(self.messages, json=said, headers=self.headers, timeout=60)
                if answer.status_code == 200:
                    break


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def parrot(port: int) -> Iterator[Parrot]:
    parrot = Parrot(port)
    yield parrot
    parrot.close()


def play(port: int, parrot: Parrot, *lines: str, options: tuple[str, ...] = ()) -> tuple[int, str, str]:
    """What became of lines typed at a phone: exit code, output, errors.

    Without Meta's pace: the parrot does not wait for its turn.
    """
    done = bot(
        *("whatsapp", "simulate", "--port", str(port), "--webhook", parrot.url, "--no-pace", "--wait", "60", *options),
        stdin="".join(f"{line}\n" for line in lines),
    )
    return done.returncode, done.stdout, done.stderr


def test_every_line_gets_its_reply(port: int, parrot: Parrot) -> None:
    lines = ["Hello", "/2", "/image A knee", "/react 1 👍", "/customer 2", "Me too", "/customer 1", "/1"]
    code, output, _ = play(port, parrot, *lines)
    assert code == 0, output
    before = -1
    for expected in (
        f"WHATSAPP_API_URL='http://127.0.0.1:{port}/v25.0'",
        "> Hello",
        "You said: Hello",
        "/1  More",
        "/2  Less",
        "> /2",
        '"title": "Less"',
        "> /image A knee",
        '"caption": "A knee"',
        "> /customer 2",
        "You said: Me too",
        "> /1",
        '"title": "More"',
    ):
        place = output.find(expected, before + 1)
        assert place > before, f"{expected!r} is missing, or not in its place: {output}"
        before = place
    kinds = [message["type"] for message in parrot.values()]
    assert kinds == ["text", "interactive", "image", "reaction", "text", "interactive"]


def test_faults_of_the_command_line_lose_nothing(port: int, parrot: Parrot) -> None:
    options = ("--repeat", "0.5", "--reorder", "0.3", "--batch", "5", "--delay", "0.1", "--seed", "2")
    code, output, _ = play(port, parrot, *(f"Message {place}" for place in range(6)), options=options)
    assert code == 0, output
    assert all(f"You said: Message {place}" in output for place in range(6))


def test_a_failed_send_a_closed_window_and_no_reply(port: int, parrot: Parrot) -> None:
    code, output, _ = play(port, parrot, "/fail 131000", "Hello")
    assert (code, "You said: Hello" in output) == (0, True)
    parrot.answered = set()
    parrot.is_mute = True
    code, _, error = play(port, parrot, "Hello", options=("--wait", "1"))
    assert (code, error.strip()) == (1, "No reply came within 1 s.")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/dance", "There is no /dance. /help lists what there is."),
        ("/1", "The phone 4915100000000 shows no buttons."),
        ("/react 1 x", "Write the number of one of the bot's messages, and an emoji: /react 1 👍"),
        ("/fail", "Write /fail CODE."),
        ("/customer x", "Write /customer N."),
    ],
)
def test_a_mistake_is_one_sentence(port: int, parrot: Parrot, line: str, sentence: str) -> None:
    code, _, error = play(port, parrot, line)
    assert (code, error.strip()) == (1, sentence)


def test_a_port_in_use_and_a_webhook_that_does_not_verify(port: int, parrot: Parrot, tmp_path: Path) -> None:
    own = parrot.url.rsplit(":", 1)[1].split("/")[0]
    done = bot("whatsapp", "simulate", "--port", own)
    assert done.returncode == 1
    assert f"Port {own} cannot be used" in done.stderr
    parrot.challenge = "no"
    arguments = ("whatsapp", "simulate", "--port", str(port), "--webhook", parrot.url)
    with Running(*arguments, project=Path.cwd(), log=tmp_path / "log") as running:
        running.wait_for("does not verify")
        running.wait_for("Has the bot the same WHATSAPP_VERIFY_TOKEN?")
        parrot.challenge = None
        running.wait_for("It does.")
    parrot.challenge = "no"
    with Running(*arguments, project=Path.cwd(), log=tmp_path / "log") as running:
        running.wait_for("does not verify")
        assert running.interrupt() == 130
        assert "Traceback" not in running.output


def test_marks_are_shown_as_whatsapp_shows_them() -> None:
    text = formatted("*Bold _both_* and ~struck~, `code*s*`, 2*3*4, snake_case_name, * no *\n> quoted *x*")
    assert text.plain == "Bold both and struck, code*s*, 2*3*4, snake_case_name, * no *\n> quoted x"
    styles = {text.plain[span.start : span.end]: str(span.style) for span in text.spans if str(span.style)}
    assert styles["Bold "] == "bold"
    assert styles["both"] == "bold italic"
    assert styles["struck"] == "strike"
    assert styles["code*s*"] == "cyan"
    assert styles["x"] == "dim bold"


def test_a_list_is_shown_with_its_sections_and_descriptions() -> None:
    from rich.console import Console

    from bot.simulator import Choice

    rows = (Choice("a", "Knees", "Stiff ones", "Joints"), Choice("b", "Back", "", "Muscles"))
    console = Console(width=60)
    with console.capture() as capture:
        console.print(picture(Shown("wamid.1", 0, "list", "Where?", "Top", "End", "Choose", rows), 3, "4915"))
    shown = capture.get()
    places = [
        shown.index(each) for each in ("Top", "Where?", "End", "[ Choose ] (list)", "Joints", "/1  Knees", "/2  Back")
    ]
    assert places == sorted(places)
    assert "Stiff ones" in shown


def test_a_title_that_says_what_the_button_says_is_shown_once() -> None:
    from rich.console import Console

    from bot.simulator import Choice

    console = Console(width=60)
    with console.capture() as capture:
        rows = (Choice("a", "Knees", "", "Choose"),)
        console.print(picture(Shown("wamid.1", 0, "list", "Where?", "", "", "Choose", rows), 3, "4915"))
    assert capture.get().count("Choose") == 1


class Keys(io.StringIO):
    """What is typed at a terminal."""

    def isatty(self) -> bool:
        return True


def test_at_a_terminal_nothing_waits_for_a_reply(parrot: Parrot, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    from bot.simulator import GraphServer

    parrot.is_mute = True
    monkeypatch.setattr("sys.stdin", Keys("muscles?\n/edit knees?\nthanks\n/delete\n"))
    console = Console(width=60)
    with GraphServer() as meta, console.capture() as capture:
        meta.subscribe(parrot.url)
        Terminal(meta, console, 2).play()
        meta.settle()
    assert "No reply came" not in capture.get()
    assert [message["type"] for message in parrot.values()] == ["text", "edit", "text", "revoke"]
