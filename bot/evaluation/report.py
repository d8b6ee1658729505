"""results/report.html and the terminal's short form of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from rich.console import Console
from rich.table import Table

from bot.evaluation import measures, plots
from bot.evaluation.intents import Predictions
from bot.evaluation.player import Played
from bot.evaluation.rates import Rate

FOLDER = Path(__file__).parent
WORST = 12  # confusions shown in the terminal
ABLATION_COLUMNS = (
    measures.TURNS.name,
    measures.DUE.name,
    measures.NOT_DUE.name,
    "reassured against the documents",
    "out of scope answered as known",
)
COMPLETE = "(nothing: complete)"


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    rate: Rate
    bound: float
    at_most: bool
    reached: bool


@dataclass(frozen=True)
class Perturbed:
    """The single questions written worse: both rates, and the points lost to how they were written."""

    name: str
    turns: Rate
    due: Rate
    turns_lost: float
    due_lost: float


@dataclass(frozen=True)
class Results:
    """All that `make evaluate` measured.

    Attributes:
        model, documents: what was measured: the model's id and the hash of its documents.
        unseen, known: for each file of the test set, and of the cases kept, its turns as played.
        ablations: for each part the measures without it; empty if not measured.
        threshold: from which confidence on an intent counts.
        hint3: rows for the report; empty if not measured.
    """

    model: str
    documents: str
    unseen: dict[str, list[Played]]
    known: dict[str, list[Played]]
    perturbed: list[Perturbed]
    ablations: dict[str, dict[str, Rate]]
    intents: Predictions
    folds: int
    threshold: float
    stories: str
    hint3: list[Any]

    @property
    def played(self) -> list[Played]:
        """All turns of the test set."""
        return [turn for played in self.unseen.values() for turn in played]

    @property
    def kept(self) -> dict[str, Rate]:
        """The share of turns that pass, for each file of the cases kept."""
        return {name: measures.TURNS.of(played) for name, played in self.known.items()}

    @property
    def table(self) -> list[Row]:
        """The measures of the whole test set, dialogues second."""
        rows = []
        for measure in measures.MEASURES:
            rate = measure.of(self.played)
            rows.append(Row(measure.name, rate, measure.bound, measure.at_most, measure.reached(rate)))
        whole = measures.dialogues(self.played)
        bound = measures.DIALOGUES_AT_LEAST
        rows.insert(1, Row("dialogues without a failing turn", whole, bound, False, whole.share >= bound))
        return rows


def write(results: Results, file: Path) -> None:
    """Write the report; the same results give the same bytes."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    file.write_text(
        environment.get_template("report.html").render(
            model=results.model,
            documents=results.documents,
            sets={name: len(played) for name, played in results.unseen.items()},
            kept=results.kept,
            kept_failing=[turn for played in results.known.values() for turn in played if turn.failed],
            table=results.table,
            kinds=measures.by_kind(results.played),
            perturbed=results.perturbed,
            ablations=results.ablations,
            ablation_columns=ABLATION_COLUMNS,
            folds=results.folds,
            intents=results.intents,
            f1_mean=_mean(results.intents.f1),
            reliability=Markup(plots.reliability(results.intents)),
            coverage=Markup(plots.coverage(results.intents, results.threshold)),
            confusion=Markup(plots.confusion(results.intents)),
            stories=results.stories,
            hint3=results.hint3,
            failing=[turn for turn in results.played if turn.failed],
            turns=len(results.played),
        ),
        encoding="utf-8",
    )


def show(results: Results, console: Console) -> None:
    """Print the short form."""
    console.print(f"Model {results.model}, documents {results.documents[:12]}.")
    table = _table("on unseen questions", "%", "95 % interval", "of", "asked for", "")
    for row in results.table:
        bound = f"{'at most' if row.at_most else 'at least'} {row.bound:.1%}"
        counts = f"{row.rate.hits} of {row.rate.of}"
        table.add_row(row.name, *_shares(row.rate), counts, bound, "reached" if row.reached else "MISSED")
    worse = _table("written worse", "pass, %", "95 % interval", "lost", "warned when due, %", "lost")
    for each in results.perturbed:
        due = f"{each.due.share:.1%}"
        worse.add_row(each.name, *_shares(each.turns), f"{each.turns_lost:.1f}", due, f"{each.due_lost:.1f}")
    console.print(table, worse)
    console.print(*(f"Cases kept, {name}: {rate} pass." for name, rate in results.kept.items()), sep="\n")
    if results.ablations:
        earned = _table("without", *ABLATION_COLUMNS)
        for name, rates in results.ablations.items():
            earned.add_row(name, *(f"{rates[column].share:.1%}" for column in ABLATION_COLUMNS))
        console.print(earned)
    confused = _table("intent", "taken for", "examples")
    for (right, taken), count in results.intents.confusions().most_common(WORST):
        confused.add_row(right, taken, str(count))
    console.print(confused)
    intents = results.intents
    console.print(
        f"Intents: accuracy {intents.accuracy.share:.3f}, F1 {_mean(intents.f1):.3f} (mean of {len(intents.f1)}), "
        f"calibration error {intents.calibration_error:.3f}, {intents.accuracy.of} examples, {results.folds} folds."
    )
    console.print(results.stories)
    if results.hint3:
        shops = _table("HINT3", "shop", "top-1", "best MCC")
        for row in results.hint3:
            shops.add_row(row.system, row.shop, f"{row.top1:.3f}", f"{row.mcc:.3f}")
        console.print(shops)
    else:
        console.print("HINT3: not measured; HINT3=DIR make evaluate does, DIR being a copy of its data.")


def _mean(values: dict[str, float]) -> float:
    return sum(values.values()) / len(values)


def _shares(rate: Rate) -> tuple[str, str]:
    low, high = rate.interval
    return f"{rate.share:.1%}", f"{low:.1%} to {high:.1%}"


def _table(first: str, *others: str) -> Table:
    table = Table(first, *others)
    for column in table.columns[1:]:
        column.justify = "right"
    return table
