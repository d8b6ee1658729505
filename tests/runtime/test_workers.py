"""Processes that serve the same end together, in one minute, and say why."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import environment

from bot.runtime.archive import ROOT

SCRIPT = """
import signal, sys, time
from pathlib import Path
from bot.errors import BotError
from bot.runtime.workers import WorkerError, several

folder, kind = Path(sys.argv[1]), sys.argv[2]

def work():
    if kind == "refused":
        raise BotError("There is no model.")
    going = [True]
    if kind != "loading":
        signal.signal(signal.SIGTERM, lambda *_: going.clear())
    import os
    (folder / str(os.getpid())).touch()
    while going:
        time.sleep(0.02)
    (folder / "ended").touch()

try:
    several(work, 2)
except WorkerError as error:
    print(error)
    sys.exit(1)
"""

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    begun = []

    def start(kind: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", SCRIPT, str(tmp_path), kind]
        process = subprocess.Popen(
            command, env=environment(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def workers(folder: Path) -> list[int]:
    end = time.monotonic() + 120
    while len(found := [int(file.name) for file in folder.iterdir() if file.name.isdigit()]) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def is_there(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # gone before it is opened, or before it is read
        return False
    return state != "Z"  # what nobody waits for here


@pytest.mark.parametrize("kind", ["running", "loading"])
@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGINT, signal.SIGTERM]])
def test_all_end_when_it_is_told_to_stop(
    start: Start, tmp_path: Path, kind: str, signals: list[signal.Signals]
) -> None:
    process = start(kind)
    found = workers(tmp_path)
    for each in signals:
        process.send_signal(each)
    assert (process.communicate(timeout=120)[0], process.returncode) == ("", 0)
    assert not any(map(is_there, found))
    assert (tmp_path / "ended").exists() == (kind == "running")


def test_one_that_dies_ends_all(start: Start, tmp_path: Path) -> None:
    process = start("running")
    first, other = workers(tmp_path)
    os.kill(first, signal.SIGKILL)
    assert process.communicate(timeout=120)[0] == "A worker process ended by itself (SIGKILL).\n"
    assert process.returncode == 1
    assert not is_there(other)


def test_what_one_cannot_do_is_said_once(start: Start) -> None:
    process = start("refused")
    assert (process.communicate(timeout=120)[0], process.returncode) == ("There is no model.\n", 1)


def test_a_parent_that_is_killed_leaves_nobody_behind(start: Start, tmp_path: Path) -> None:
    process = start("running")
    found = workers(tmp_path)
    process.kill()
    end = time.monotonic() + 120
    while any(map(is_there, found)):
        assert time.monotonic() < end
        time.sleep(0.02)
