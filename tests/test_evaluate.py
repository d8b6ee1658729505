"""`make evaluate`: what Rasa's own tools find, in one command, and one sentence where a step fails."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from processes import copy_of_project, environment, python

pytest.importorskip("matplotlib", reason="Plots are for developers: make setup-dev")

MECHANISM = {"user": "How does red light relieve pain?", "intent": "ask_mechanism"}
CONTACT = {"user": "What is your phone number?", "intent": "ask_contact"}
PLAY = "from bot import evaluate; evaluate.RESULTS.mkdir(exist_ok=True); evaluate.play_stories()"


def _evaluate(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.evaluate", *arguments]
    surroundings = environment(project, MPLBACKEND="Agg")
    return subprocess.run(
        command, cwd=project, env=surroundings, capture_output=True, text=True, timeout=300, check=False
    )


def _tell(project: Path, *steps: list[dict[str, Any]], name: str = "test_some.yml") -> Path:
    folder = project / "tests" / "stories"
    folder.mkdir(parents=True, exist_ok=True)
    stories = [{"story": f"story {number}", "steps": each} for number, each in enumerate(steps)]
    (folder / name).write_text(yaml.safe_dump({"version": "3.1", "stories": stories}, sort_keys=False))
    return folder / name


@pytest.fixture
def project(model: Path, tmp_path: Path) -> Path:
    """A copy of the project with its model, and no stories."""
    return copy_of_project(tmp_path / "project", model)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy with three kinds of questions, so that a training takes seconds; of no use but to be cross-validated."""
    project = copy_of_project(tmp_path / "project")
    for file in (project / "data" / "nlu").iterdir():
        if file.stem not in ("timing", "contact", "conditions"):
            file.unlink()
    return project


def test_cross_validation_is_summed_up(small: Path) -> None:
    """And of an earlier run nothing is left that could be taken for this one's."""
    (small / "results" / "nlu").mkdir(parents=True)
    (small / "results" / "nlu" / "of_an_earlier_run.json").touch()
    done = _evaluate(small, "--folds", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (small / "results" / "nlu" / "of_an_earlier_run.json").exists()
    assert "│ ask_timing " in done.stdout
    assert "taken for" in done.stdout
    assert "Stories: none in tests/stories." in done.stdout
    report = json.loads((small / "results" / "nlu" / "intent_report.json").read_text())
    kinds = {name for name, row in report.items() if isinstance(row, dict) and row.get("confused_with") is not None}
    assert kinds >= {"ask_timing", "ask_contact", "ask_person"}
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Intents: accuracy ")]
    assert f"accuracy {report['weighted avg']['recall']:.3f}" in line
    assert (small / "results" / "nlu" / "intent_confusion_matrix.png").exists()


def test_a_configuration_that_cannot_be_used(small: Path) -> None:
    (small / "config.yml").write_text("recipe: default.v1\nlanguage: en\npipeline:\n- name: Nonsense\n")
    done = _evaluate(small, "--folds", "2")
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert f"`bot rasa` ended with 1; what it said is in {small / 'results' / 'nlu.log'}." in line
    assert "Nonsense" in (small / "results" / "nlu.log").read_text()


def test_stories_that_pass(project: Path) -> None:
    _tell(project, [MECHANISM, {"action": "action_answer_mechanism"}])
    done = python(PLAY, project=project)
    assert done.returncode == 0, done.stderr
    assert "Stories: 1 of 1 passed." in done.stdout
    assert "predicted" not in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        [MECHANISM, {"action": "action_answer_contact"}],
        [{**MECHANISM, "intent": "ask_contact"}, {"action": "action_answer_contact"}],
    ],
    ids=["action", "intent"],
)
def test_a_story_that_fails(wrong: list[dict[str, Any]], project: Path) -> None:
    _tell(project, [CONTACT, {"action": "action_answer_contact"}], wrong)
    done = python(PLAY, project=project)
    assert done.returncode == 1
    assert "Stories: 1 of 2 passed." in done.stdout
    assert "EvaluationError: 1 failed: " in done.stderr
    assert "story 1" in (project / "results" / "stories" / "failed_test_stories.yml").read_text()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("others.yml", "stories: []", "others.yml would be left out: "),
        ("test_none.yml", "version: '3.1'\nstories: []\n", "hold no story"),
        ("test_broken.yml", "version: '3.1'\nstories: [\n", "stories.log"),
    ],
)
def test_files_that_cannot_be_played(name: str, content: str, sentence: str, project: Path) -> None:
    _tell(project, name=name).write_text(content)
    done = python(PLAY, project=project)
    assert done.returncode == 1
    assert "EvaluationError" in done.stderr
    assert sentence in done.stderr
