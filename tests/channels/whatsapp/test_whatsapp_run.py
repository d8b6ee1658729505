"""`bot run` with WhatsApp on: what it says, what it publishes, and what it does not share."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from browser import KEY, request
from payloads import ON, signed, text
from processes import Running, bot, copy_of_project, free_port

from bot.runtime.server import ServerError, _hold_file

NOWHERE = {"WHATSAPP_API_URL": "http://127.0.0.1:9/v25.0"}
PUBLIC = {"BOT_SECRET_KEY": KEY, "BOT_ALLOWED_ORIGINS": "https://shop.example"}


@pytest.fixture(scope="module")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("whatsapp") / "project", model)


@pytest.fixture(scope="module")
def running(project: Path) -> Iterator[tuple[Running, str]]:
    port, log = free_port(), project / "run.log"
    given = {**ON, **NOWHERE, **PUBLIC, "PORT": str(port)}
    with Running("run", "--public", project=project, log=log, **given) as command:
        command.wait_for("/webhooks/whatsapp/webhook")
        yield command, f"http://127.0.0.1:{port}/webhooks/whatsapp"
        assert "Traceback" not in command.output


def test_it_says_where_meta_delivers(running: tuple[Running, str]) -> None:
    command, address = running
    assert f"WhatsApp: {address}/webhook" in command.output


def test_it_says_that_nobody_is_told(running: tuple[Running, str]) -> None:
    command, _ = running
    command.wait_for("Handover: nobody is told; customers on WhatsApp wait for: bot handover list")


def test_the_webhook_is_published(running: tuple[Running, str]) -> None:
    _, address = running
    body = json.dumps(text("hello", "wamid.1")).encode()
    assert request(f"{address}/webhook", "POST", body, signed(body)).status == 200
    assert request(f"{address}/webhook", "POST", body).status == 401
    assert request(f"{address}/webhook").status == 403


def test_a_customer_is_erased_while_it_runs(running: tuple[Running, str], project: Path) -> None:
    _, address = running
    phone = "15557770000"
    body = json.dumps(text("I am pregnant, aardvark", f"wamid.{phone}", phone)).encode()

    def kept(query: str) -> int:
        with closing(sqlite3.connect(project / "var" / "conversations.db", timeout=60)) as connection:
            return int(connection.execute(query).fetchone()[0])

    assert request(f"{address}/webhook", "POST", body, signed(body)).status == 200
    end = time.monotonic() + 120
    mine = f"(SELECT conversation FROM bot_identities WHERE identity = 'wa:{phone}')"
    # Answered, and Meta cannot be reached.
    while not kept(f"SELECT count(*) FROM bot_outbox WHERE sends > 0 AND conversation IN {mine}"):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert kept("SELECT count(*) FROM events WHERE data LIKE '%aardvark%'")
    done = bot("whatsapp", "erase", "+1", "(555)", "777-0000", "--yes", project=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"+{phone}: a conversation since 20")
    assert ", 1 messages." in done.stdout
    for file in (project / "var").iterdir():
        content = file.read_bytes()
        assert b"aardvark" not in content, file
        assert phone.encode() not in content, file
    # A repeat of Meta's is acknowledged, and no news.
    assert request(f"{address}/webhook", "POST", body, signed(body)).status == 200
    assert kept(f"SELECT count(*) FROM bot_identities WHERE identity = 'wa:{phone}'") == 0


def test_a_second_one_on_the_same_sqlite_is_refused_by_name(running: tuple[Running, str], project: Path) -> None:
    second = bot("run", "--port", str(free_port()), project=project, **ON, **NOWHERE)
    assert second.returncode == 1
    assert "Another `bot run` answers from var/conversations.db" in second.stderr
    assert "PostgreSQL" in second.stderr
    workers = bot("run", "--port", str(free_port()), project=project, SANIC_WORKERS="2", **ON, **NOWHERE)
    assert workers.returncode == 1


def test_postgresql_is_shared() -> None:
    class Store:
        kwargs = {"dialect": "postgresql", "db": "postgres"}  # noqa: RUF012

    for _ in range(2):
        _hold_file(Store(), answers_whatsapp=True)


def test_sqlite_is_held_until_the_process_ends(tmp_path: Path) -> None:
    class Store:
        kwargs = {"dialect": "sqlite", "db": str(tmp_path / "var" / "conversations.db")}  # noqa: RUF012

    _hold_file(Store(), answers_whatsapp=True)
    with pytest.raises(ServerError, match=r"conversations\.db"):
        _hold_file(Store(), answers_whatsapp=True)
