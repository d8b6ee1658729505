"""How safe and right is it, on questions nobody has trained it on? For `make evaluate`.

Everything that is written is under results/; report.html is what to read. Two runs on the same data give the same.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import runtime
from bot.errors import BotError
from bot.runtime import archive

RESULTS = archive.ROOT / "results"

console = Console(highlight=False, soft_wrap=True)


def main(
    folds: Annotated[int, typer.Option(min=2, help="Parts of the data, each understood by a model of the others.")] = 3,
    ablations: Annotated[bool, typer.Option(help="Play the test set without each part of the understanding.")] = True,
    hint3: Annotated[Path | None, typer.Option(envvar="HINT3", help="A copy of the HINT3 data.")] = None,
) -> None:
    """Play the test set, cross-validate the intents, play the stories, and write results/report.html."""
    os.chdir(archive.ROOT)
    os.environ["TQDM_DISABLE"] = "1"
    runtime.install()
    try:
        RESULTS.mkdir(exist_ok=True)
        _evaluate(folds, ablations, hint3)
    except BotError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def _evaluate(folds: int, ablations: bool, hint3: Path | None) -> None:
    from bot.evaluation import cases, report
    from bot.evaluation.intents import cross_validate
    from bot.evaluation.player import Player
    from bot.evaluation.stories import current_model, play_stories

    sets, known = cases.read(cases.UNSEEN), cases.read(cases.KNOWN)
    published = _hint3(hint3) if hint3 else []  # first: a wrong folder is told of before the long work
    model = current_model(console)
    console.print(f"{sum(len(each) for each in (*sets.values(), *known.values()))} cases ...")
    player = Player(model)
    played = {name: player.play(each) for name, each in sets.items()}
    kept = {name: player.play(each) for name, each in known.items()}
    console.print("The same, written worse ...")
    perturbed = _perturbed(player, sets, played)
    console.print(f"Intents, {folds} folds ...")
    intents = cross_validate(archive.DATA / "nlu", folds)
    console.print("Stories ...")
    stories = play_stories(model)
    results = report.Results(
        model=player.model,
        documents=player.corpus.sha256,
        unseen=played,
        known=kept,
        perturbed=perturbed,
        ablations=_ablations(played) if ablations else {},
        intents=intents,
        folds=folds,
        threshold=_threshold(),
        stories=stories,
        hint3=published,
    )
    report.write(results, RESULTS / "report.html")
    report.show(results, console)
    console.print(f"All of it, with every failing turn: {RESULTS / 'report.html'}")


def _perturbed(player: Any, sets: dict[str, Any], played: dict[str, Any]) -> list[Any]:
    """The single questions again, in each worse writing."""
    from bot.evaluation import measures
    from bot.evaluation.perturbation import PERTURBATIONS
    from bot.evaluation.report import Perturbed

    single = [case for each in sets.values() for case in each if not case.is_dialogue]
    before = [turn for each in played.values() for turn in each if not turn.case.is_dialogue]
    turns, due = measures.TURNS.of(before), measures.DUE.of(before)
    found = [Perturbed("as written", turns, due, 0.0, 0.0)]
    for name, wording in PERTURBATIONS.items():
        after = player.play(single, wording)
        now, warned = measures.TURNS.of(after), measures.DUE.of(after)
        lost = 100 * (turns.share - now.share), 100 * (due.share - warned.share)
        found.append(Perturbed(name, now, warned, *lost))
    return found


def _ablations(played: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The measures without each part; first those with all of them."""
    from bot.evaluation import measures
    from bot.evaluation.ablation import PARTS, rates_without
    from bot.evaluation.rates import Rate
    from bot.evaluation.report import COMPLETE

    turns = [turn for each in played.values() for turn in each]
    found = {COMPLETE: {measure.name: measure.of(turns) for measure in measures.MEASURES}}
    console.print(f"Without each of {len(PARTS)} parts ...")
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each waits for a process of its own
        for name, rates in zip(PARTS, pool.map(rates_without, PARTS), strict=True):
            found[name] = {measure: Rate(*counts) for measure, counts in rates.items()}
    return found


def _hint3(folder: Path) -> list[Any]:
    from bot.evaluation import hint3

    return hint3.rows(folder)


def _threshold() -> float:
    """The confidence from which on config.yml takes an intent for certain."""
    pipeline = archive.read_config()["pipeline"]
    return float(next((part["threshold"] for part in pipeline if "threshold" in part), 0.0))


if __name__ == "__main__":
    typer.run(main)
