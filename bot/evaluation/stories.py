"""Do the stories of tests/stories pass? Rasa's own test of them, on the model of the current data."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.errors import BotError
from bot.runtime import archive

STORIES = archive.ROOT / "tests" / "stories"
RESULTS = archive.ROOT / "results"


class EvaluationError(BotError):
    """A step failed; the message says where to look."""


def current_model(console: Console) -> Path:
    """The model of the current data, trained now if there is none.

    Raises:
        EvaluationError: it could not be trained.
    """
    model = archive.model_for(archive.DOCUMENTS)
    if not model.exists():
        console.print("Training ...")
        _run(RESULTS / "train.log", "train", f"--out={model}")
    return model


def play_stories(model: Path) -> str:
    """Play the test stories on a model.

    Returns:
        How many there are, all of which passed, in a sentence.

    Raises:
        EvaluationError: one cannot be read, or fails.
    """
    found = sorted(STORIES.rglob("test_*.yml"))
    others = sorted(set(STORIES.rglob("*.y*ml")) - set(found))
    if others:
        raise EvaluationError(f"{others[0]} would be left out: Rasa plays only stories of files named test_*.yml.")
    if not found:
        return f"Stories: none in {STORIES.relative_to(archive.ROOT)}."
    out = RESULTS / "stories"
    _rasa_test(out, "core", "--e2e", f"--model={model}", f"--stories={STORIES}")
    played = _read(out / "story_report.json").get("conversation_accuracy", {"correct": 0, "total": 0})
    if not played["total"]:
        raise EvaluationError(f"The files in {STORIES} hold no story.")
    if played["correct"] < played["total"]:
        raise EvaluationError(
            f"{played['total'] - played['correct']} of {played['total']} stories failed: "
            f"{out}/failed_test_stories.yml says where."
        )
    return f"Stories: {played['correct']} of {played['total']} passed."


def _rasa_test(out: Path, *arguments: str) -> None:
    # What an earlier run left there must not be taken for this one's: Rasa writes no file of errors where it has none.
    shutil.rmtree(out, ignore_errors=True)
    _run(out.with_suffix(".log"), "rasa", "test", *arguments, f"--out={out}")


def _run(log: Path, *arguments: str) -> None:
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=archive.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise EvaluationError(f"`bot {arguments[0]}` ended with {done.returncode}; what it said is in {log}.")


def _read(report: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(report.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"Rasa left no {report}; what it said is in {report.parent}.log.") from error
