"""Where the milliseconds of one message go in ours, in process. Run: python -m benchmarks.profile_message

Timing wrappers stand around the parts of Rasa that handle a message; a part's time holds that of the parts
indented below it. 200 messages after 20 of warm-up, as in `python -m benchmarks`, on SQLite in a folder of its
own. Not in here: HTTP, which is what the REST channel's time has beyond this.
"""

import asyncio
import contextlib
import functools
import inspect
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from benchmarks.environments import WORK, run
from benchmarks.messages import conversations
from bot import runtime
from bot.runtime import archive, server
from bot.runtime.actions import SCHEME

MESSAGES, WARM_UP = 200, 20
TOTAL, CUSTOM_ACTIONS = "whole message", "custom actions, in the above"


class Stopwatch:
    """Milliseconds of each part, message by message."""

    def __init__(self) -> None:
        self.messages: list[dict[str, float]] = []
        self._current: dict[str, float] = defaultdict(float)

    def next(self) -> None:
        """The message that was timed is over."""
        self.messages.append(dict(self._current))
        self._current.clear()

    @contextlib.contextmanager
    def time(self, part: str) -> Iterator[None]:
        """Count what happens in here to a part of the current message."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._current[part] += (time.perf_counter() - began) * 1000

    def wrap(self, owner: Any, method: str, part: str) -> None:
        """Time every call of a method, also an asynchronous one."""
        function: Callable[..., Any] = getattr(owner, method)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def waited(*args: Any, **kwargs: Any) -> Any:
                with self.time(part):
                    return await function(*args, **kwargs)

            setattr(owner, method, waited)
            return

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with self.time(part):
                return function(*args, **kwargs)

        setattr(owner, method, called)

    def quantile(self, part: str, percent: int) -> float:
        """Over all messages, also those that did not come to this part."""
        times = [message.get(part, 0.0) for message in self.messages]
        return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


Part = tuple[int, str, Any, str]  # indentation, name, owner, method


def parts() -> list[Part]:
    """The parts of a message's way, in its order."""
    import rasa.utils.endpoints
    from rasa.core.actions.action import RemoteAction
    from rasa.core.processor import MessageProcessor
    from rasa.core.tracker_store import SQLTrackerStore

    endpoint = rasa.utils.endpoints.EndpointConfig.from_dict({"url": f"{SCHEME}actions"})
    return [
        (0, "load the tracker", SQLTrackerStore, "get_or_create_tracker"),
        (0, "session start", MessageProcessor, "_update_tracker_session"),
        (0, "understand", MessageProcessor, "parse_message"),
        *_configured("pipeline", "process"),
        (0, "fill slots", MessageProcessor, "run_action_extract_slots"),
        (0, "predict actions", MessageProcessor, "predict_next_with_tracker_if_should"),
        *_configured("policies", "predict_action_probabilities"),
        (0, "run actions", MessageProcessor, "_run_action"),
        (0, "save the tracker", SQLTrackerStore, "save"),
        (1, "commit", Session, "commit"),
        (0, CUSTOM_ACTIONS, RemoteAction, "run"),
        (1, "the request's body", RemoteAction, "_action_call_format"),
        (1, "the action itself", type(endpoint), "request"),
        (1, "check of the answer's form", RemoteAction, "_validate_action_result"),
    ]


def _configured(kind: str, method: str) -> list[Part]:
    """A part for each component that config.yml names."""
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    names = [each["name"] for each in yaml.safe_load(archive.CONFIG.read_text(encoding="utf-8"))[kind]]
    classes = [DefaultV1Recipe._from_registry(name).clazz for name in names]
    return [(1, each.__name__, each, method) for each in classes]


async def profile(model: Path) -> tuple[Stopwatch, list[Part]]:
    """Time the parts over the messages."""
    from bot.channels.turn import reply_to

    watch = Stopwatch()
    # Before the model is loaded: a loaded model holds the functions of its components themselves.
    timed = parts()
    for _, part, owner, method in timed:
        watch.wrap(owner, method, part)
    agent = await server.load_agent(model, server.ENDPOINTS)
    watch.next()
    for number, texts in enumerate(conversations(WARM_UP + MESSAGES)):
        for text in texts:
            with watch.time(TOTAL):
                await reply_to(agent, f"customer-{number}", text, "rest")
            watch.next()
    del watch.messages[: 1 + WARM_UP]
    return watch, timed


def main(
    model: Annotated[Path | None, typer.Option(help="A model file; without it, the current data's.")] = None,
) -> None:
    """Print where the milliseconds of one message go in ours."""
    model = (model or archive.model_for(archive.DOCUMENTS)).resolve()
    if not model.is_file():
        model = WORK / "profile" / "model.tar.gz"
        run([sys.executable, "-m", "bot", "train", "--out", model], WORK / "logs" / "profile-train.log")
    runtime.install()
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as folder, contextlib.chdir(folder):
        watch, timed = asyncio.run(profile(model))
    table = Table("part", "p50 ms", "p95 ms", "share of p50", "in messages")
    for column in table.columns[1:]:
        column.justify = "right"
    whole = watch.quantile(TOTAL, 50)
    others = sum(watch.quantile(part, 50) for depth, part, _, _ in timed if depth == 0 and part != CUSTOM_ACTIONS)
    table.add_row(TOTAL, f"{whole:.2f}", f"{watch.quantile(TOTAL, 95):.2f}", "100%", str(len(watch.messages)))
    for depth, part, _, _ in timed:
        middle, reached = watch.quantile(part, 50), sum(part in message for message in watch.messages)
        figures = f"{middle:.2f}", f"{watch.quantile(part, 95):.2f}", f"{middle / whole:.0%}", str(reached)
        table.add_row("  " * depth + part, *figures)
    table.add_row("all else", f"{whole - others:.2f}", "", f"{1 - others / whole:.0%}", "")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
