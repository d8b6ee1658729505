"""Two workers on PostgreSQL and Redis: one conversation, one count, and each message recorded once."""

import signal
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg2
import pytest
import yaml
from browser import UNLIMITED, Browser
from postgres import postgres
from processes import Running, copy_of_project, free_port
from redis_server import redis

LIMIT = 30


@pytest.fixture(scope="module")
def database() -> Iterator[dict[str, str]]:
    with postgres() as settings:
        yield settings


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with redis(tmp_path_factory.mktemp("redis")) as port:
        yield port


@pytest.fixture
def workers(model: Path, database: dict[str, str], redis_port: int, tmp_path: Path) -> Running:
    return _workers(model, database, redis_port, tmp_path, free_port())


def _workers(model: Path, database: dict[str, str], redis_port: int, folder: Path, port: int) -> Running:
    project = copy_of_project(folder / "project", model)
    endpoints = {
        "action_endpoint": {"url": "inproc:actions"},
        "tracker_store": {"type": "SQL", **database},
        "lock_store": {"type": "redis", "url": "127.0.0.1", "port": redis_port},
    }
    (project / "bot" / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
    given = {**UNLIMITED, "BOT_SESSION_LIMIT": f"{LIMIT}/hour", "SANIC_WORKERS": "2"}
    arguments = ("run", "--model", str(model), "--port", str(port))
    return Running(*arguments, project=project, log=folder / "log", **given)


@pytest.fixture(scope="module")
def server(
    model: Path, database: dict[str, str], redis_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    port = free_port()
    with _workers(model, database, redis_port, tmp_path_factory.mktemp("workers"), port) as running:
        running.wait_for("Ready")
        yield f"http://127.0.0.1:{port}"
        running.interrupt(120)
        assert "Traceback" not in running.output


def _rows(database: dict[str, str], query: str) -> int:
    place = {"host": database["url"], "port": database["port"], "dbname": database["db"], "user": database["username"]}
    connection = psycopg2.connect(**place)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])  # type: ignore[index]
    finally:
        connection.close()


def test_the_same_message_at_the_same_time_is_recorded_once(server: str, database: dict[str, str]) -> None:
    for number in (str(uuid.uuid4()) for _ in range(20)):
        send = partial(Browser(server).send, "I am pregnant")
        with ThreadPoolExecutor(6) as pool:
            bodies = {answer.body for answer in pool.map(send, [number] * 6)}
        assert len(bodies) == 1
        assert b'"avoid"' in bodies.pop()
        stored = f"select count(*) from events where type_name = 'user' and data like '%{number}%'"
        assert _rows(database, stored) == 1


def test_workers_count_together(server: str) -> None:
    browser = Browser(server)
    with ThreadPoolExecutor(8) as pool:
        found = [answer.status for answer in pool.map(lambda _: browser.get("/history"), range(LIMIT + 10))]
    assert (found.count(200), found.count(429)) == (LIMIT, 10)


def test_a_conversation_goes_on_whoever_answers_and_is_erased(server: str, database: dict[str, str]) -> None:
    browser, secret = Browser(server), f"zebra-{uuid.uuid4().hex}"
    answers = [browser.say(f"my wife is pregnant {secret}")] + [
        browser.say("is it suitable for her?") for _ in range(4)
    ]
    assert {answer["answer"]["verdict"] for answer in answers} == {"avoid"}
    comment = {"answer": answers[0]["answer"]["id"], "rating": "down", "comment": f"{secret} \x00"}
    assert browser.post("/rating", comment).status == 204
    assert _rows(database, f"select count(*) from bot_ratings where comment like '{secret}%'") == 1
    assert browser.post("/forget", {}).status == 204
    assert browser.get("/history").refusal == (401, "unknown_session")
    assert _rows(database, f"select count(*) from events where data like '%{secret}%'") == 0
    assert _rows(database, "select count(*) from bot_ratings") == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_while_its_workers_are_loading(workers: Running, number: signal.Signals) -> None:
    with workers as running:
        children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
        end = time.monotonic() + 60
        while len(children.read_text().split()) < 2:
            assert time.monotonic() < end, running.output
            time.sleep(0.05)
        time.sleep(0.5)
        running.process.send_signal(number)
        assert running.process.wait(60) == 0
        assert "Ready" not in running.output
        assert "Traceback" not in running.output
