"""How well is it understood, and do the test stories pass? Rasa's own evaluation, for `make evaluate`.

Cross-validation of the intents over data/nlu, and the stories of tests/stories on the model of the current data.
Everything that Rasa writes is under results/.
"""

import json
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.errors import BotError
from bot.runtime import archive

STORIES = archive.ROOT / "tests" / "stories"
RESULTS = archive.ROOT / "results"
WORST = 15  # confusions shown

console = Console(highlight=False, soft_wrap=True)


class EvaluationError(BotError):
    """A step failed; the message says where to look."""


def main(
    folds: Annotated[int, typer.Option(min=2, help="Parts of the data, each understood by a model of the others.")] = 3,
) -> None:
    """Cross-validate the intents and play the test stories, with Rasa's own tools."""
    try:
        RESULTS.mkdir(exist_ok=True)
        cross_validate(folds)
        play_stories()
    except EvaluationError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def cross_validate(folds: int) -> None:
    """Print how each intent was understood by models that had not seen the example, and what it was taken for.

    Raises:
        EvaluationError: Rasa could not do it.
    """
    console.print(f"Cross-validation, {folds} folds, one training for each ...")
    out = RESULTS / "nlu"
    data = f"--nlu={archive.DATA / 'nlu'}", f"--config={archive.CONFIG}", f"--domain={archive.DOMAIN}"
    _rasa_test(out, "nlu", "--cross-validation", f"--folds={folds}", *data)
    report = _read(out / "intent_report.json")
    kinds = {name: row for name, row in report.items() if isinstance(row, dict) and "confused_with" in row}
    kinds = {name: row for name, row in kinds.items() if row["support"]}  # nlu_fallback has no examples
    table = Table("intent", "F1", "precision", "recall", "examples")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, row in sorted(kinds.items(), key=lambda kind: float(kind[1]["f1-score"])):
        table.add_row(name, *(f"{row[x]:.2f}" for x in ("f1-score", "precision", "recall")), f"{row['support']:.0f}")
    worst = Table("examples", "of", "taken for")
    for (name, other), count in _confusions(out).most_common(WORST):
        worst.add_row(str(count), name, other)
    Console().print(table, worst)
    examples = sum(row["support"] for row in kinds.values())
    accuracy = sum(row["recall"] * row["support"] for row in kinds.values()) / examples
    mean = statistics.mean(row["f1-score"] for row in kinds.values())
    console.print(f"Intents: accuracy {accuracy:.3f}, F1 {mean:.3f} (mean of {len(kinds)}), {examples:.0f} examples.")


def _confusions(out: Path) -> Counter[tuple[str, str]]:
    file = out / "intent_errors.json"  # not there when there is none
    errors = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return Counter((error["intent"], error["intent_prediction"]["name"]) for error in errors)


def play_stories() -> None:
    """Play the test stories on the model of the current data, trained now if there is none.

    Raises:
        EvaluationError: one cannot be read, or fails.
    """
    found = sorted(STORIES.rglob("test_*.yml"))
    others = sorted(set(STORIES.rglob("*.y*ml")) - set(found))
    if others:
        raise EvaluationError(f"{others[0]} would be left out: Rasa plays only stories of files named test_*.yml.")
    if not found:
        console.print(f"Stories: none in {STORIES.relative_to(archive.ROOT)}.")
        return
    model = archive.model_for(archive.DOCUMENTS)
    if not model.exists():
        console.print("Training ...")
        _run(RESULTS / "train.log", "train", f"--out={model}")
    console.print(f"Stories of {len(found)} files ...")
    out = RESULTS / "stories"
    _rasa_test(out, "core", "--e2e", f"--model={model}", f"--stories={STORIES}")
    played = _read(out / "story_report.json").get("conversation_accuracy", {"correct": 0, "total": 0})
    if not played["total"]:
        raise EvaluationError(f"The files in {STORIES} hold no story.")
    console.print(f"Stories: {played['correct']} of {played['total']} passed.")
    if played["correct"] < played["total"]:
        raise EvaluationError(
            f"{played['total'] - played['correct']} failed: {out}/failed_test_stories.yml says where."
        )


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


if __name__ == "__main__":
    typer.run(main)
