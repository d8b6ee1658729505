"""The same bot on both: stock Rasa and ours. Each is trained and started by its own command line."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from benchmarks.environments import ROOT, WORK, run
from benchmarks.processes import HOST, Server, free_port

HERE = Path(__file__).parent
TRAINING = ("nlu", "rules", "stories")
IGNORED = shutil.ignore_patterns("__pycache__")
ENDPOINTS = """\
action_endpoint:
  url: http://{host}:{port}/webhook

# The same store as ours: Rasa's own default forgets every conversation with the process.
tracker_store:
  type: SQL
  dialect: sqlite
  db: conversations.db
"""


class Assistant(Protocol):
    """What is measured."""

    name: str
    environment: Path
    model: Path

    def train(self) -> None:
        """Train from nothing, to the end."""

    def start(self, stack: ExitStack) -> Server:
        """Start the server; what it needs beside it is started first and ended with the stack."""

    def memory_of_actions(self) -> float:
        """MiB resident of the action server."""


class Ours:
    """This project, copied, so that neither its models nor its conversations are touched."""

    name = "ours"

    def __init__(self, environment: Path) -> None:
        self.environment = environment
        self.project = WORK / "ours" / "project"
        self.model = WORK / "ours" / "model.tar.gz"
        self._bot: list[str | Path] = [environment / "bin" / "python", "-m", "bot"]
        shutil.rmtree(self.project, ignore_errors=True)
        for folder in ("bot", "actions", "data"):
            shutil.copytree(ROOT / folder, self.project / folder, ignore=IGNORED)
        for file in ("config.yml", "requirements.lock"):
            shutil.copy(ROOT / file, self.project)

    def train(self) -> None:
        """Train with the command line; what Rasa kept of an earlier training is removed."""
        shutil.rmtree(self.project / ".rasa", ignore_errors=True)
        run([*self._bot, "train", "--out", self.model], WORK / "logs" / "ours-train.log", self.project)

    def start(self, _: ExitStack) -> Server:
        """Start the server; its actions run in its own process."""
        shutil.rmtree(self.project / "var", ignore_errors=True)
        port = free_port()
        command: list[str | Path] = [*self._bot, "run", "--model", self.model, "--port", str(port)]
        return Server(command, self.project, port, WORK / "logs" / "ours-run.log")

    def memory_of_actions(self) -> float:
        """None of its own: the actions are in the server."""
        return 0.0


class Stock:
    """Rasa 3.6.21 as it comes, with this project's training data and domain, and stand-ins for its actions."""

    name = "stock"

    def __init__(self, environment: Path) -> None:
        self.environment = environment
        self.project = WORK / "stock" / "project"
        self.model = WORK / "stock" / "model.tar.gz"
        self._rasa = environment / "bin" / "rasa"
        self._actions: Server | None = None
        shutil.rmtree(self.project, ignore_errors=True)
        for folder in TRAINING:
            shutil.copytree(ROOT / "data" / folder, self.project / "data" / folder, ignore=IGNORED)
        shutil.copytree(ROOT / "bot" / "domain", self.project / "domain")
        shutil.copytree(HERE / "stock", self.project, ignore=IGNORED, dirs_exist_ok=True)

    def train(self) -> None:
        """Train with the command line; what Rasa kept of an earlier training is removed."""
        shutil.rmtree(self.project / ".rasa", ignore_errors=True)
        command: list[str | Path] = [
            self._rasa,
            "train",
            "--domain",
            "domain",
            "--out",
            self.model.parent,
            "--fixed-model-name",
            "model",
        ]
        run(command, WORK / "logs" / "stock-train.log", self.project)

    def start(self, stack: ExitStack) -> Server:
        """Start the server. Its action server is started before, off the clock, and ended with the stack."""
        (self.project / "conversations.db").unlink(missing_ok=True)
        port, actions_port = free_port(), free_port()
        command: list[str | Path] = [self._rasa, "run", "actions", "--port", str(actions_port)]
        self._actions = stack.enter_context(
            Server(command, self.project, actions_port, WORK / "logs" / "stock-actions.log")
        )
        self._actions.wait()
        endpoints = ENDPOINTS.format(host=HOST, port=actions_port)
        (self.project / "endpoints.yml").write_text(endpoints, encoding="utf-8")
        command = [self._rasa, "run", "--model", self.model, "--interface", HOST, "--port", str(port)]
        return Server(command, self.project, port, WORK / "logs" / "stock-run.log")

    def memory_of_actions(self) -> float:
        """MiB resident of the action server."""
        return self._actions.memory() if self._actions else 0.0
