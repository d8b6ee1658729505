"""results/report.html and the short form: what stands in them, nothing of a message as HTML, twice the same."""

import io
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

pytest.importorskip("matplotlib", reason="Plots are for developers: make setup-dev")

from bot.evaluation import measures, report
from bot.evaluation.cases import Case, Turn
from bot.evaluation.hint3 import PUBLISHED
from bot.evaluation.intents import Predictions
from bot.evaluation.labels import Reply
from bot.evaluation.player import Played
from bot.evaluation.rates import Rate

HOSTILE = "<script>alert(1)</script> & more?"


def _played(verdict: str, must: tuple[str, ...], *failed: str, text: str = HOSTILE, id: str = "q-1") -> Played:
    turn = Turn(text, must, ("reassure",))
    reply = Reply(f"They say <b>{verdict}</b>.", {"kind": "suitability", "verdict": verdict})
    case = Case(id, "suitability", (turn,))
    return Played(case, turn, reply, failed, "ask_suitability", 0.71, (("d#s#1", 0.52),), ("pregnancy of wife: past",))


@pytest.fixture
def results() -> report.Results:
    names = np.array(["ask_a"] * 6 + ["ask_b"] * 6)
    taken = np.roll(names, 1)
    rates = {measure.name: Rate(1, 2) for measure in measures.MEASURES}
    return report.Results(
        model="model-1",
        documents="f" * 64,
        unseen={"some": [_played("avoid", ("veto",)), _played("supported", ("veto",), "missing veto", id="q-2")]},
        known={"round-1": [_played("unknown", (), "broke fallback", id="k-1")]},
        perturbed=[report.Perturbed("typos", Rate(1, 2), Rate(0, 1), 12.5, 50.0)],
        ablations={"holder": rates},
        intents=Predictions(names, taken, np.linspace(0.1, 0.9, 12)),
        folds=2,
        threshold=0.4,
        stories="Stories: 3 of 3 passed.",
        hint3=[],
    )


def _text(results: report.Results, folder: Path) -> str:
    report.write(results, folder / "report.html")
    return (folder / "report.html").read_text()


def test_it_names_what_it_measured_and_every_failing_turn(results: report.Results, tmp_path: Path) -> None:
    text = _text(results, tmp_path)
    assert "model-1" in text
    assert "f" * 64 in text
    assert "1 of 2 of the test set." in text
    assert all(said in text for said in ("q-2", "missing veto", "k-1", "d#s#1 (0.52)", "pregnancy of wife: past"))
    assert "<b>q-1</b>" not in text
    assert text.count("<svg") == 3
    assert "HINT3=DIR make evaluate" in text


def test_no_message_or_reply_becomes_html(results: report.Results, tmp_path: Path) -> None:
    text = _text(results, tmp_path)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more?" in text
    assert "<b>supported</b>" not in text


def test_twice_the_same_bytes(results: report.Results, tmp_path: Path) -> None:
    assert _text(results, tmp_path) == _text(results, tmp_path)


def test_published_systems_stand_beside(results: report.Results, tmp_path: Path) -> None:
    text = _text(report.Results(**{**vars(results), "hint3": PUBLISHED}), tmp_path)
    assert "Dialogflow 2020" in text
    assert "0.638" in text


def test_the_table_has_every_measure_with_its_bound(results: report.Results) -> None:
    rows = {row.name: row for row in results.table}
    assert {measure.name for measure in measures.MEASURES} < rows.keys()
    assert (rows["warning given when due"].rate, rows["warning given when due"].reached) == (Rate(1, 2), False)
    assert (rows["turns that pass"].rate, rows["turns that pass"].bound) == (Rate(1, 2), 0.97)


def test_the_short_form(results: report.Results) -> None:
    out = io.StringIO()
    report.show(results, Console(file=out, width=200))
    text = out.getvalue()
    assert "MISSED" in text
    assert "Intents: accuracy 0.833, F1 0.833 (mean of 2)" in text
    assert "Cases kept, round-1: 0.0%" in text
    assert "Stories: 3 of 3 passed." in text
    assert "HINT3: not measured" in text
