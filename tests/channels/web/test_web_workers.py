"""Two workers on PostgreSQL and Redis: one conversation, one count, and each message recorded once."""

import os
import signal
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg2
import pytest
from browser import Browser
from postgres import postgres
from processes import Running, free_port
from redis_server import redis
from workers import workers

LIMIT = 30


@pytest.fixture(scope="module")
def database() -> Iterator[dict[str, str]]:
    with postgres() as settings:
        yield settings


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with redis(tmp_path_factory.mktemp("redis")) as port:
        yield port


@pytest.fixture(scope="module")
def server(
    model: Path, database: dict[str, str], redis_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    port = free_port()
    given = {"BOT_SESSION_LIMIT": f"{LIMIT}/year"}
    with workers(model, database, redis_port, tmp_path_factory.mktemp("workers"), port, **given) as running:
        running.wait_for("Ready")
        yield f"http://127.0.0.1:{port}"
        assert running.interrupt() == 0
        assert "Traceback" not in running.output


def _rows(database: dict[str, str], query: str) -> int:
    return int(_column(database, query)[0])


def _column(database: dict[str, str], query: str) -> list[str]:
    place = {"host": database["url"], "port": database["port"], "dbname": database["db"], "user": database["username"]}
    connection = psycopg2.connect(**place)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return [row[0] for row in cursor.fetchall()]
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


def _children(running: Running) -> list[int]:
    process = running.process.pid
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_while_its_workers_are_loading(
    model: Path, database: dict[str, str], redis_port: int, tmp_path: Path, number: signal.Signals
) -> None:
    with workers(model, database, redis_port, tmp_path, free_port()) as running:
        end = time.monotonic() + 120
        while len(_children(running)) < 2:
            assert time.monotonic() < end, running.output
            time.sleep(0.05)
        time.sleep(0.5)
        running.process.send_signal(number)
        assert running.process.wait(120) == 0
        assert "Ready" not in running.output
        assert "Traceback" not in running.output


@pytest.mark.parametrize("number", [1, 2])
def test_told_to_stop_it_answers_what_is_under_way(
    model: Path, database: dict[str, str], redis_port: int, tmp_path: Path, number: int
) -> None:
    """However impatient who stops it is. What came too late is answered by the next one, and recorded once."""
    port, sent = free_port(), list[tuple[Browser, str]]()
    refused: list[str] = []

    def ask(browser: Browser) -> None:
        while not refused:
            message = str(uuid.uuid4())
            sent.append((browser, message))
            try:
                assert browser.send("I am pregnant", message).status == 200
            except OSError:
                refused.append(message)

    with workers(model, database, redis_port, tmp_path, port, number) as running:
        running.wait_for("Ready")
        browsers = [Browser(f"http://127.0.0.1:{port}") for _ in range(6)]
        with ThreadPoolExecutor(6) as pool:
            asking = [pool.submit(ask, browser) for browser in browsers]
            end = time.monotonic() + 120
            while len(sent) < 20:
                assert time.monotonic() < end
                time.sleep(0.02)
            under_way = set(_column(database, "select id from bot_messages"))  # what a server has begun with
            for each in (signal.SIGTERM, signal.SIGINT):
                running.process.send_signal(each)
                time.sleep(0.02)
            code = running.process.wait(120)
            for done in asking:
                done.result()
        assert code == 0
        assert "Traceback" not in running.output
        assert under_way.isdisjoint(refused)
    with workers(model, database, redis_port, tmp_path / "again", port, number) as running:
        running.wait_for("Ready")
        for browser, message in sent:
            assert browser.say("I am pregnant", message)["answer"]["verdict"] == "avoid"
            stored = f"select count(*) from events where type_name = 'user' and data like '%{message}%'"
            assert _rows(database, stored) == 1


def test_when_a_worker_dies_all_end_so_that_they_are_started_again(
    model: Path, database: dict[str, str], redis_port: int, tmp_path: Path
) -> None:
    with workers(model, database, redis_port, tmp_path, free_port()) as running:
        running.wait_for("Ready")
        os.kill(_children(running)[0], signal.SIGKILL)
        assert running.process.wait(120) == 1
        assert "A worker process ended by itself (SIGKILL)." in running.output
        assert "Traceback" not in running.output


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("missing", ["database", "redis"])
def test_stores_that_cannot_be_reached_end_the_start_in_a_sentence(
    model: Path, database: dict[str, str], redis_port: int, tmp_path: Path, number: int, missing: str
) -> None:
    place = {**database, "port": str(free_port())} if missing == "database" else database
    redis_place = free_port() if missing == "redis" else redis_port
    with workers(model, place, redis_place, tmp_path, free_port(), number) as running:
        assert running.process.wait(120) == 1
        said = "endpoints.yml cannot be " + (
            "reached: connection to server" if missing == "database" else "used: Error"
        )
        assert running.output.count(said) == 1
        assert "Traceback" not in running.output
