"""Several `bot run` on one database hear of it where they do not share their locks."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from processes import Running, copy_of_project, environment, free_port
from redis_server import redis

from bot.runtime import sharing
from bot.runtime.archive import ROOT

SCRIPT = """
import sys
import sqlalchemy as sa
from bot.runtime import sharing

engine = sa.create_engine(sys.argv[1])
print(sharing.is_alone_on_server(engine, sys.argv[2] == "redis"), flush=True)
engine.dispose()
sys.stdin.read()
"""


@contextmanager
def holding(database: dict[str, str], locks: str) -> Iterator[bool]:
    """A process that holds the database while the block runs; whether it may."""
    place = "postgresql+psycopg2://{username}@{url}:{port}/{db}".format(**database)
    command = [sys.executable, "-c", SCRIPT, place, locks]
    with subprocess.Popen(
        command, env=environment(ROOT), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process.stdout.readline() == "True\n"
        process.kill()


def _until_noticed(database: dict[str, str]) -> None:
    """Wait until the server has noticed that whoever held it was killed."""
    engine = sa.create_engine("postgresql+psycopg2://{username}@{url}:{port}/{db}".format(**database))
    end = time.monotonic() + 60
    with engine.connect() as connection:
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        while connection.exec_driver_sql(held).scalar():
            assert time.monotonic() < end, "It is held for ever."
            time.sleep(0.02)
    engine.dispose()


@pytest.mark.parametrize(
    ("locks", "alone"),
    [
        (["memory"], [True]),
        (["memory", "memory"], [True, False]),
        (["memory", "redis"], [True, False]),
        (["redis", "memory"], [True, False]),
        (["redis", "redis", "redis"], [True, True, True]),
    ],
)
def test_only_those_whose_locks_are_in_redis_share_a_database(
    database: dict[str, str], locks: list[str], alone: list[bool]
) -> None:
    for _ in range(2):  # whoever ended holds nothing any more
        with ExitStack() as stack:
            assert [stack.enter_context(holding(database, each)) for each in locks] == alone
        _until_noticed(database)


@pytest.mark.parametrize("kind", ["postgresql", "redis", "sqlite"])
def test_the_second_one_on_a_database_says_so(kind: str, model: Path, database: dict[str, str], tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project", model)
    endpoints: dict[str, Any] = {
        "action_endpoint": {"url": "inproc:actions"},
        "tracker_store": {"type": "SQL", **database},
    }
    with ExitStack() as stack:
        if kind == "redis":
            port = stack.enter_context(redis(tmp_path))
            endpoints["lock_store"] = {"type": "redis", "url": "127.0.0.1", "port": port}
        if kind != "sqlite":
            (project / "bot" / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
        found = []
        for name in ("first", "second"):
            arguments = ("run", "--model", str(model), "--port", str(free_port()))
            running = stack.enter_context(Running(*arguments, project=project, log=tmp_path / name))
            running.wait_for("Ready")
            found.append(sharing.RISK in running.output)
    assert found == [False, kind != "redis"]
