"""The stories of tests/stories, played by Rasa's own test of them, and one sentence where that fails."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from processes import copy_of_project, python

pytest.importorskip("matplotlib", reason="Plots are for developers: make setup-dev")

MECHANISM = {"user": "How does red light relieve pain?", "intent": "ask_mechanism"}
CONTACT = {"user": "What is your phone number?", "intent": "ask_contact"}
PLAY = (
    "from bot.evaluation import stories; from bot.runtime import archive; stories.RESULTS.mkdir(exist_ok=True); "
    "print(stories.play_stories(archive.model_for(archive.DOCUMENTS)))"
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
    assert "EvaluationError: 1 of 2 stories failed: " in done.stderr
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
