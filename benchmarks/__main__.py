"""The same bot on stock Rasa 3.6.21 and on ours: size, training, start, memory, answers. Run: make benchmark.

Everything is measured in one run on one machine, in turns, so that what else the machine does hits both. The
first run makes the two environments under benchmarks/work; `--help` lists how to make a run shorter.
"""

import signal
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import environments, report
from benchmarks.assistants import Assistant, Ours, Stock
from benchmarks.environments import BenchmarkError
from benchmarks.messages import SEED, TURNS, conversations
from benchmarks.processes import Customer, Replies, Server
from benchmarks.report import Figure

MESSAGES, WARM_UP = 200, 20
PAUSE = 0.2  # seconds between blocks, for a server that still tidies up after its last answer
GREETING = "hello"

console = Console(highlight=False, soft_wrap=True)


class Figures:
    """What is measured, in the order of the table."""

    def __init__(self) -> None:
        self.size = Figure("environment after use", "MiB", 4)
        self.compiled = Figure("environment, all compiled", "MiB", 4)
        self.training = Figure("training", "s", 8)
        self.start = Figure("start to first answer", "s", 8, digits=1)
        self.memory = Figure(f"server memory after {MESSAGES} messages", "MiB", 3)
        self.actions = Figure("action server's memory", "MiB", None)
        self.median = Figure("answer p50", "ms", 4)
        self.tail = Figure("answer p95", "ms", 4)

    def all(self) -> list[Figure]:
        """The rows of the table."""
        return list(vars(self).values())


def benchmark(
    stock_env: Annotated[
        Path | None, typer.Option(help="A ready environment with rasa 3.6.21, instead of making one.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often both servers are started and asked.")] = 3,
    trainings: Annotated[int, typer.Option(min=1, help="How often both are trained.")] = 2,
    keep_models: Annotated[bool, typer.Option(help="Train nothing: use the models of an earlier run.")] = False,
) -> None:
    """Compare stock Rasa 3.6.21 with this project on this machine and this data."""
    # The end of a `kill` is an ordinary end: every server that was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _benchmark(stock_env, rounds, trainings, keep_models)
    except BenchmarkError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def _benchmark(stock_env: Path | None, rounds: int, trainings: int, keep_models: bool) -> None:
    if not Path("/proc/self/status").exists():
        raise BenchmarkError("The benchmark reads memory from /proc, and so needs Linux.")
    console.print("Environments ... (the first time this downloads about 1 GB)")
    assistants: list[Assistant] = [Stock(environments.stock(stock_env)), Ours(environments.ours())]
    about = report.machine() | {"rounds": rounds, "seed": SEED}
    figures = Figures()
    for each in assistants:
        about[f"{each.name}_python"] = environments.python_version(each.environment)
    if keep_models and all(each.model.is_file() for each in assistants):
        console.print("Training: left out; the models are of an earlier run.")
        trainings = 0
    for turn in range(trainings):
        console.print(f"Training {turn + 1} of {trainings} ... (stock takes many minutes)")
        for each in _in_turn(turn, assistants):
            began = time.perf_counter()
            each.train()
            figures.training.values[each.name].append(time.perf_counter() - began)
    silent = {each.name: 0 for each in assistants}
    for turn in range(rounds):
        console.print(f"Start, {WARM_UP} and {MESSAGES} messages, {turn + 1} of {rounds} ...")
        _round(turn, assistants, figures, silent)
    for each in assistants:
        figures.size.values[each.name].append(environments.size(each.environment))
        figures.compiled.values[each.name].append(environments.size_all_compiled(each.environment))
    about["messages_without_reply"] = silent
    rows = [figure for figure in figures.all() if figure.values["ours"]]
    report.write(rows, about, _notes(silent, rounds), console)


def _in_turn(turn: int, assistants: list[Assistant]) -> list[Assistant]:
    """Now one first, now the other."""
    return assistants if turn % 2 == 0 else assistants[::-1]


def _round(turn: int, assistants: list[Assistant], figures: Figures, silent: dict[str, int]) -> None:
    """Start both servers, ask both, measure, stop both."""
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for each in _in_turn(turn, assistants):
            server = stack.enter_context(each.start(stack))
            server.wait()
            _, replies = _talk(server, [GREETING], "first")
            figures.start.values[each.name].append(time.perf_counter() - server.began)
            if not all(replies):
                raise BenchmarkError(f"A server greeted with nothing; its output is in {server.log}.")
            servers[each.name] = server
        seconds: dict[str, list[float]] = {name: [] for name in servers}
        for block, texts in enumerate(conversations(WARM_UP + MESSAGES)):
            for each in _in_turn(block, assistants):
                took, replies = _talk(servers[each.name], texts, f"customer-{block}")
                silent[each.name] += replies.count([])
                if block * TURNS >= WARM_UP:
                    seconds[each.name] += took
                time.sleep(PAUSE)
        for each in assistants:
            percentiles = statistics.quantiles(seconds[each.name], n=20, method="inclusive")
            figures.median.values[each.name].append(percentiles[9] * 1000)
            figures.tail.values[each.name].append(percentiles[18] * 1000)
            figures.memory.values[each.name].append(servers[each.name].memory())
            figures.actions.values[each.name].append(each.memory_of_actions())


def _talk(server: Server, texts: list[str], name: str) -> tuple[list[float], list[Replies]]:
    """One conversation: the seconds and the replies of each message."""
    with Customer(server, name) as customer:
        answers = [customer.ask(text) for text in texts]
    return [seconds for seconds, _ in answers], [replies for _, replies in answers]


def _notes(silent: dict[str, int], rounds: int) -> list[str]:
    asked = rounds * (WARM_UP + MESSAGES)
    return [
        "Environments hold run-time dependencies alone, ours also the sentence encoder that set-up makes. After use: "
        "installed without compiling, and measured after training and serving. All compiled: as pip leaves it by "
        "default. An environment given with --stock-env is counted as it is.",
        "The same training data, domain and conversation store (SQLite, on both); stock has its default pipeline and "
        "policies (DIET, TED, UnexpecTED, 100 epochs), ours its own. Both train from nothing, stock without the "
        "documents.",
        "Stock's custom actions run on its own action server and are stand-ins that utter one canned sentence; ours "
        "look the answer up, quote it and warn. Stock does less work there. Its action server is started before the "
        "clock, and its memory is not in the server's.",
        f"Answers over the REST channel on this machine, one customer at a time, in blocks of one conversation of "
        f"{TURNS} turns, stock and ours in turns with both servers up.",
        f"Messages that got no reply at all: {silent['stock']} of {asked} on stock, {silent['ours']} of {asked} on "
        "ours.",
    ]


if __name__ == "__main__":
    typer.run(benchmark)
