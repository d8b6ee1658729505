"""The project's commands in processes of their own, as a user starts them, and copies of the project to break."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from bot.runtime.archive import MODELS, ROOT

PARTS = ("bot", "actions", "data", "config.yml", "requirements.lock")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")
# What a developer's shell may have set and would change the outcome.
UNSET = ("PORT", "SANIC_WORKERS", "LOG_LEVEL", "PYTHONWARNINGS", "FORCE_COLOR", "NO_COLOR")
# Where the encoder was made stays.
SETTINGS = re.compile(r"BOT_(?!CACHE$)|WHATSAPP_|CHATWOOT_")


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy_of_project(target: Path, model: Path | None = None) -> Path:
    """The project in another folder, with the model that its data have, when one is given."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target / part, ignore=LEFT_OUT)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / part, target / part)
    (target / MODELS.name).mkdir()
    if model is not None:
        shutil.copy(model, target / MODELS.name / model.name)
    return target


def environment(project: Path, **changed: str) -> dict[str, str]:
    """A plain environment in which `import bot` finds this copy of the project."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET and not SETTINGS.match(name)}
    return {**kept, "PYTHONPATH": str(project), "TQDM_DISABLE": "1", "COLUMNS": "200", **changed}


def python(code: str, *arguments: str, project: Path = ROOT, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a fresh process."""
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    return subprocess.run(
        command,
        cwd=project,
        env=environment(project, **changed),
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def bot(*arguments: str, project: Path = ROOT, stdin: str = "", **changed: str) -> subprocess.CompletedProcess[str]:
    """Run `bot` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=project,
        env=environment(project, **changed),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


class Running:
    """A command that keeps running; it is killed with the `with` block when it has not ended by then."""

    def __init__(self, *arguments: str, project: Path, log: Path, **changed: str) -> None:
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "bot", *arguments],
                cwd=project,
                env=environment(project, **changed),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def output(self) -> str:
        """What it has printed until now, stderr included."""
        return self.log.read_text()

    def wait_for(self, text: str, seconds: float = 300) -> None:
        """Return when it has printed a text."""
        end = time.monotonic() + seconds
        while text not in self.output:
            assert self.process.poll() is None, f"It ended: {self.output}"
            assert time.monotonic() < end, f"{text!r} did not come: {self.output}"
            time.sleep(0.05)

    def wait_for_port(self, port: int, seconds: float = 300) -> None:
        """Return when it listens on a port of 127.0.0.1."""
        end = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
            except OSError:
                assert self.process.poll() is None, f"It ended: {self.output}"
                assert time.monotonic() < end, f"It does not listen: {self.output}"
                time.sleep(0.05)
            else:
                return

    def interrupt(self, seconds: float = 120) -> int:
        """Press Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(seconds)
