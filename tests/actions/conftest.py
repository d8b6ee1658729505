"""The replies of the running assistant."""

from pathlib import Path

import pytest
import yaml
from assistant import QUESTIONS, Reply, assistant_of


@pytest.fixture(scope="session")
def all_replies(model: Path) -> dict[str, Reply]:
    """The reply to every question of questions.yml, each in a conversation of its own."""
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    texts = [q["text"] for q in questions["answered"]] + questions["unanswered"]
    return {text: assistant_of(model).ask(text) for text in texts}
