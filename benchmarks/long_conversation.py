"""Does a message take longer the longer a conversation is? Run: python -m benchmarks.long_conversation

A real `bot run` on SQLite, over REST. From each turn of `POINTS` on the same questions are asked, in turns with a new
conversation beside it, so that what else the machine does hits both. In the middle the server is stopped and started
again. At the end every message must be in the store, and what the first one said of health still be spoken of.
"""

import contextlib
import itertools
import sqlite3
import statistics
import sys
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.assistants import Ours
from benchmarks.environments import WORK, BenchmarkError
from benchmarks.messages import conversations
from benchmarks.processes import Customer, Server, free_port
from bot.runtime import archive

POINTS = (2, 50, 300, 500)
RESTART_BEFORE = 300
QUESTIONS = list(itertools.chain.from_iterable(conversations(20)))
MOST = 3.0  # times the first turns
MENTION, CONDITION = "I am pregnant.", "pregnancy"
LAST = "Does it help sore muscles?"
LOG = WORK / "logs" / "long-run.log"

console = Console(highlight=False, soft_wrap=True)


class LongConversation:
    """One conversation over several servers, and its times beside those of new ones."""

    def __init__(self, project: Path, model: Path) -> None:
        self._project, self._model = project, model
        self.said: list[str] = []
        self.seconds: dict[int, tuple[list[float], list[float]]] = {}

    def go_through(self, *points: int) -> None:
        """Start a server, measure at the points, and stop it."""
        port = free_port()
        command: list[str | Path] = [sys.executable, "-m", "bot", "run", "--model", self._model, "--port", str(port)]
        with Server(command, self._project, port, LOG) as server:
            server.wait()
            with Customer(server, f"warm-up-{points}") as other:
                for text in QUESTIONS:
                    other.ask(text)
            with Customer(server, "long") as long:
                for point in points:
                    self._go_on(long, point)
                    self._measure(server, long, point)
                if POINTS[-1] in points:
                    answer = self._say(long, LAST)[1]
                    if CONDITION not in [condition["id"] for condition in answer.get("conditions", [])]:
                        raise BenchmarkError("What the first message said of health is not spoken of any more.")

    def _go_on(self, long: Customer, turn: int) -> None:
        filling = itertools.chain([MENTION], itertools.cycle(QUESTIONS))
        for text in itertools.islice(filling, len(self.said), turn - 1):
            self._say(long, text)

    def _measure(self, server: Server, long: Customer, point: int) -> None:
        took, beside = self.seconds.setdefault(point, ([], []))
        with Customer(server, f"beside-{point}") as other:
            other.ask(MENTION)
            for text in QUESTIONS:
                took.append(self._say(long, text)[0])
                beside.append(other.ask(text)[0])

    def _say(self, long: Customer, text: str) -> tuple[float, dict[str, Any]]:
        """Seconds until the reply, and its payload."""
        seconds, replies = long.ask(text)
        self.said.append(text)
        answer: dict[str, Any] = replies[0]["custom"]["answer"] if len(replies) == 1 else {"kind": "failure"}
        if answer["kind"] == "failure":
            raise BenchmarkError(f"Turn {len(self.said)} was not answered; the server's output is in {LOG}.")
        return seconds, answer

    def check_store(self) -> None:
        """Raise BenchmarkError when not every message is stored once, in order."""
        with contextlib.closing(sqlite3.connect(self._project / "var" / "conversations.db")) as store:
            query = "select json_extract(data, '$.text') from events where sender_id = 'long' and type_name = 'user'"
            stored = [text for (text,) in store.execute(f"{query} order by id")]
        if stored != self.said:
            raise BenchmarkError(f"{len(self.said)} messages were sent, and the store has {len(stored)} or others.")


def main() -> None:
    """Print how long a message takes at several turns of one conversation."""
    try:
        _main()
    except BenchmarkError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def _main() -> None:
    ours = Ours(Path(sys.prefix))
    model = archive.model_for(archive.DOCUMENTS)
    if not model.is_file():
        console.print("Training ...")
        ours.train()
        model = ours.model
    console.print(f"One conversation of {POINTS[-1] + len(QUESTIONS)} messages ...")
    talk = LongConversation(ours.project, model)
    talk.go_through(*(point for point in POINTS if point < RESTART_BEFORE))
    talk.go_through(*(point for point in POINTS if point >= RESTART_BEFORE))
    talk.check_store()
    ratio = _show(talk.seconds)
    console.print(f"All {len(talk.said)} messages are in the store. The server was started anew before the third row.")
    if ratio > MOST:
        raise BenchmarkError(f"The last turns took {ratio:.1f} times the first ones; at most {MOST:g} is wanted.")


def _show(seconds: dict[int, tuple[list[float], list[float]]]) -> float:
    """Print the table; how many times the first turns the last ones took."""
    table = Table("turns", "p50 ms", "p95 ms", "new one, p50 ms", "to a new one", "to the first")
    for column in table.columns[1:]:
        column.justify = "right"
    first, ratio = statistics.median(seconds[POINTS[0]][0]), 1.0
    for point, (took, beside) in seconds.items():
        middle, other = statistics.median(took), statistics.median(beside)
        tail = statistics.quantiles(took, n=20, method="inclusive")[18]
        figures = [f"{each * 1000:.1f}" for each in (middle, tail, other)]
        ratio = middle / first
        table.add_row(f"{point} to {point + len(took) - 1}", *figures, f"{middle / other:.2f}", f"{ratio:.2f}")
    Console().print(table)
    return ratio


if __name__ == "__main__":
    typer.run(main)
