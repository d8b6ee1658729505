"""The project's own documents and canned responses, without Rasa."""

from collections.abc import Callable

import pytest
import yaml

from bot.answers.quoting import Ranked
from bot.answers.responses import Responses
from bot.answers.turn import Turn
from bot.corpus import Corpus, read_corpus
from bot.runtime.archive import DOCUMENTS, DOMAIN


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The project's own documents."""
    return read_corpus(DOCUMENTS)


@pytest.fixture(scope="session")
def canned() -> dict[str, str]:
    """Every canned text of the domain by its name."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DOMAIN.glob("*.yml"))]
    return {
        name: variant["text"]
        for file in files
        for name, texts in file.get("responses", {}).items()
        for variant in texts
    }


@pytest.fixture(scope="session")
def responses(canned: dict[str, str]) -> Responses:
    return Responses({name: [{"text": text}] for name, text in canned.items()})


@pytest.fixture(scope="session")
def turn(corpus: Corpus, responses: Responses) -> Callable[..., Turn]:
    """A turn for which one section's passages are the best ones: turn('joint-discomfort', ...)."""

    def turn(section: str | None = None, score: float = 0.8, **values: object) -> Turn:
        found = [p for p in corpus.passages if p.section == section]
        ranked = [Ranked(passage, score - n / 100) for n, passage in enumerate(found)]
        return Turn(corpus=corpus, responses=responses, ranked=ranked, **values)  # type: ignore[arg-type]

    return turn
