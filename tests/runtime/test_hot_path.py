"""What the repairs of a message's way save: waits for the disk, and waits for other cores."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bot.runtime.archive import ROOT


def _store(**where: Any) -> Any:
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain

    return SQLTrackerStore(Domain.empty(), dialect="sqlite", **where)


async def _say(store: Any, sender: str, text: str) -> None:
    from rasa.shared.core.events import UserUttered

    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered(text))
    await store.save(tracker)


async def _said(store: Any, sender: str) -> list[str]:
    from rasa.shared.core.events import UserUttered

    tracker = await store.retrieve(sender)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def test_the_sqlite_file_is_opened_once(tmp_path: Path) -> None:
    opened: list[Any] = []
    store = _store(db=str(tmp_path / "conversations.db"))
    sqlalchemy.event.listen(store.engine, "connect", lambda *_: opened.append(1))
    store.engine.dispose()
    for text in ("one", "two", "three"):
        await _say(store, "customer", text)
    assert await _said(store, "customer") == ["one", "two", "three"]
    assert len(opened) == 1


def test_a_commit_is_appended_and_still_waits_for_the_disk(tmp_path: Path) -> None:
    store = _store(db=str(tmp_path / "conversations.db"))
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


async def test_what_was_committed_outlives_the_process(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    code = f"""
import asyncio, os
from bot import runtime
runtime.install()
from tests.runtime.test_hot_path import _say, _store
asyncio.run(_say(_store(db={str(file)!r}), "customer", "I have a pacemaker"))
os._exit(9)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr
    assert await _said(_store(db=str(file)), "customer") == ["I have a pacemaker"]


async def test_two_processes_can_share_the_file(tmp_path: Path) -> None:
    one, other = (_store(db=str(tmp_path / "conversations.db")) for _ in range(2))
    await _say(one, "customer", "from the server")
    await _say(other, "customer", "from the terminal")
    assert await _said(one, "customer") == ["from the server", "from the terminal"]


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql://localhost/rasa"])
def test_other_databases_are_left_alone(url: str) -> None:
    from rasa.core.tracker_store import create_engine_kwargs

    assert not {"poolclass", "pool_events", "connect_args"} & create_engine_kwargs(url).keys()


async def test_a_database_in_memory_still_works() -> None:
    store = _store(db="")
    await _say(store, "customer", "hello")
    assert await _said(store, "customer") == ["hello"]


def test_small_multiplications_are_not_shared_out() -> None:
    code = """
from bot import runtime
runtime.install()
from threadpoolctl import threadpool_info
print({pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"})
"""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "{1}"
