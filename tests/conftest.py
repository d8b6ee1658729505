"""What all tests share: the runtime before Rasa, one trained model, and free ports."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from postgres import emptied, postgres
from processes import free_port

from bot import runtime
from bot.corpus import shelf
from bot.runtime import archive

if TYPE_CHECKING:
    from assistant import Assistant, Conversation

# A shell starts what runs in its background with Ctrl-C ignored, and so would be what the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Before anything imports Rasa, and so before any test module is collected.
os.environ["TQDM_DISABLE"] = "1"
runtime.install()


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of the project's current data; it is trained when nobody did so yet."""
    found = archive.model_for(archive.DOCUMENTS)
    if not found.exists():
        command = [sys.executable, "-m", "bot", "train", "--out", str(found)]
        done = subprocess.run(command, cwd=archive.ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"bot train ended with {done.returncode}: {done.stderr[-2000:]}", pytrace=False)
    return found


@pytest.fixture(scope="session")
def database() -> Iterator[dict[str, str]]:
    """A PostgreSQL server, as the settings of `tracker_store` in an endpoints file."""
    with postgres() as settings:
        yield settings


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """A new database of either kind, as a SQLTrackerStore is told of it."""
    if request.param == "sqlite":
        return {"dialect": "sqlite", "db": str(tmp_path / "conversations.db")}
    return emptied(request.getfixturevalue("database"))


@pytest.fixture
def port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    return free_port()


@pytest.fixture
def assistant(model: Path) -> "Assistant":
    """The one assistant, its documents the newest on the shelf, whatever other tests put there."""
    from assistant import assistant_of

    found = assistant_of(model)
    shelf.put(found.corpus)
    return found


@pytest.fixture
def customer(assistant: "Assistant") -> "Callable[[], Conversation]":
    """A new conversation."""
    from assistant import Conversation

    return lambda: Conversation(assistant)
