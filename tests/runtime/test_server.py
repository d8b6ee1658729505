"""The running assistant: what it refuses to start with, where it listens, and how it ends."""

import json
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from assistant import ENDPOINTS
from processes import Running, bot, copy_of_project, free_port

from bot import cli
from bot.runtime import archive, pages, server


@pytest.fixture(scope="module")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with its model: its conversations are not the developer's."""
    return copy_of_project(tmp_path_factory.mktemp("server") / "project", model)


@pytest.fixture(scope="module")
def running(project: Path) -> Iterator[tuple[Running, int]]:
    """`bot run`, when it is ready, and its port."""
    port = free_port()
    with Running("run", project=project, log=project / "run.log", PORT=str(port)) as command:
        command.wait_for("Ready")
        command.wait_for("/webhooks/web")
        yield command, port


def _get(port: int, path: str, data: Any = None) -> tuple[int, str, str]:
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.headers["Content-Type"], response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def test_the_address_is_printed(running: tuple[Running, int]) -> None:
    command, port = running
    assert f"http://127.0.0.1:{port}/demo\n" in command.output
    assert f"http://127.0.0.1:{port}/webhooks/rest/webhook\n" in command.output


def test_a_start_with_the_model_of_the_data_does_not_train(running: tuple[Running, int], project: Path) -> None:
    command, _ = running
    assert "Train" not in command.output
    assert [file.name for file in (project / "models").iterdir()] == [archive.model_for(archive.DOCUMENTS).name]


def test_nothing_but_its_own_lines_is_printed(running: tuple[Running, int]) -> None:
    command, _ = running
    assert [line.split()[0] for line in command.output.splitlines()] == ["Starting", "Ready", "Try", "REST:", "Web:"]


def test_pages(running: tuple[Running, int]) -> None:
    _, port = running
    assert _get(port, "/")[0] == 200
    status, kind, page = _get(port, "/demo")
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert page == (pages.DEMO / "index.html").read_text()
    assert _get(port, "/widget.js")[:2] == (200, "text/javascript; charset=utf-8")
    assert _get(port, "/demo.css")[:2] == (200, "text/css; charset=utf-8")


@pytest.mark.parametrize(
    "path", ["/wrong", "/demo/wrong", "/demo/../bot/endpoints.yml", "/webhooks/rest/wrong", "/model/parse", "/domain"]
)
def test_a_wrong_path_and_rasas_own_interface_are_not_found(path: str, running: tuple[Running, int]) -> None:
    status, _, body = _get(running[1], path)
    assert status == 404
    assert "Traceback" not in body


def test_a_question_is_answered(running: tuple[Running, int]) -> None:
    question = {"sender": "customer", "message": "How does red light relieve pain?"}
    status, _, body = _get(running[1], "/webhooks/rest/webhook", question)
    (reply,) = json.loads(body)
    assert status == 200
    assert reply["custom"]["answer"]["statements"]


def test_without_a_key_conversations_end_with_the_process_and_it_says_so(running: tuple[Running, int]) -> None:
    command, port = running
    status, _, body = _get(port, "/webhooks/web/session", {})
    assert status == 201
    assert "BOT_SECRET_KEY is not set" in json.loads(body)["notice"]
    assert "BOT_SECRET_KEY is not set" in command.output


def test_without_a_database_it_does_not_start(project: Path, tmp_path: Path) -> None:
    other = copy_of_project(tmp_path / "project", next((project / "models").iterdir()))
    (other / "bot" / "endpoints.yml").write_text('action_endpoint:\n  url: "inproc:actions"\n')
    done = bot("run", "--port", str(free_port()), project=other)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.endswith("endpoints.yml names no tracker_store of type SQL, which holds the conversations.")


def test_it_listens_on_this_machine_only(running: tuple[Running, int]) -> None:
    """127.0.0.2 is this machine as well, and reached by whoever listens on all addresses."""
    _, port = running
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass


@pytest.mark.parametrize("moment", ["Starting", "Loading model", "Ready"])
def test_ctrl_c_ends_it(moment: str, project: Path, port: int, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    with Running("run", "--port", str(port), project=project, log=log, LOG_LEVEL="INFO") as command:
        command.wait_for(moment)
        # Where Ctrl-C comes during an exec of a string, as dataclasses do at import, `python -m` ends by the signal
        # though it was caught; a shell calls that 130 as well.
        assert command.interrupt(60) in (0, 130, -signal.SIGINT)
        assert "Traceback" not in command.output
    server.refuse_busy_port("127.0.0.1", port)


def test_without_the_model_of_the_data_it_trains_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing, commands = tmp_path / "0123456789ab.tar.gz", []

    class Done:
        returncode = 0

    def run(command: list[str], **_: Any) -> Done:
        commands.append(command)
        return Done()

    monkeypatch.setattr(cli.archive, "model_for", lambda documents: missing)
    monkeypatch.setattr(cli.subprocess, "run", run)
    assert cli._model(None) == missing
    assert [command[3:] for command in commands] == [["train", "--out", str(missing)]]
    missing.touch()
    assert cli._model(None) == missing
    assert len(commands) == 1


def test_a_busy_port_is_refused(port: int) -> None:
    server.refuse_busy_port("127.0.0.1", port)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(server.ServerError, match=rf"^Port {port} cannot be used: .* Choose another: PORT="):
            server.refuse_busy_port("127.0.0.1", port)


def test_a_port_that_was_just_left_is_not_busy(port: int) -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen()
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = listening.accept()
            accepted.close()
            client.recv(1)
    server.refuse_busy_port("127.0.0.1", port)


@pytest.fixture
def endpoints(tmp_path: Path) -> Path:
    file = tmp_path / "endpoints.yml"
    file.write_text(ENDPOINTS.format(database=tmp_path / "deep" / "conversations.db"))
    return file


POSTGRESQL = "tracker_store:\n  type: SQL\n  dialect: postgresql\n  url: localhost\n"


@pytest.mark.parametrize(
    ("workers", "content", "refused"),
    [
        ("2", None, "SANIC_WORKERS=2 cannot share SQLite"),
        ("2", "", "SANIC_WORKERS=2 cannot share SQLite"),
        ("3", POSTGRESQL, "SANIC_WORKERS=3 cannot share locks in memory"),
        ("0", None, "SANIC_WORKERS must be a number of processes, not '0'"),
        ("many", None, "SANIC_WORKERS must be a number of processes, not 'many'"),
    ],
)
async def test_processes_that_could_not_share_a_conversation_are_refused(
    workers: str, content: str | None, refused: str, model: Path, endpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        endpoints.write_text(content)
    monkeypatch.setenv("SANIC_WORKERS", workers)
    with pytest.raises(server.ServerError, match=refused):
        await server.load_agent(model, endpoints)


async def test_endpoints_that_cannot_be_read_are_refused(model: Path, tmp_path: Path) -> None:
    """Rasa itself would go on and keep conversations in memory."""
    with pytest.raises(server.ServerError, match=r"There is no endpoints file .*nowhere\.yml"):
        await server.load_agent(model, tmp_path / "nowhere.yml")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("action_endpoint: [\n")
    with pytest.raises(server.ServerError, match=r"wrong\.yml cannot be used: "):
        await server.load_agent(model, wrong)


@pytest.mark.parametrize("damage", ["missing", "text", "cut"])
async def test_a_model_that_cannot_be_loaded_is_one_sentence(
    damage: str, model: Path, endpoints: Path, tmp_path: Path
) -> None:
    file = tmp_path / "some.tar.gz"
    if damage == "text":
        file.write_text("no model")
    elif damage == "cut":
        file.write_bytes(model.read_bytes()[:100_000])
    with pytest.raises(
        server.ServerError, match=r"The model .*some\.tar\.gz cannot be loaded: .*[^.]\. Train a new one"
    ):
        await server.load_agent(file, endpoints)
