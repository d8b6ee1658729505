"""What Rasa's training cache cannot see trains again, and nothing else does."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.archive import DOCUMENTS, ROOT
from bot.understanding import encoder, fingerprint
from bot.understanding.condition_extractor import ConditionExtractor
from bot.understanding.featurizer import SentenceFeaturizer
from bot.understanding.intent_classifier import IntentClassifier
from bot.understanding.passage_retriever import PassageRetriever

COMPONENTS = [SentenceFeaturizer, IntentClassifier, ConditionExtractor, PassageRetriever]


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the code that the fingerprint looks at."""
    for package in ("understanding", "corpus", "answers"):
        shutil.copytree(ROOT / "bot" / package, tmp_path / "bot" / package, ignore=shutil.ignore_patterns("*.pyc"))
    monkeypatch.setattr(fingerprint, "__file__", str(tmp_path / "bot" / "understanding" / "fingerprint.py"))
    return tmp_path / "bot"


@pytest.fixture
def addon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], str]:
    """A component's fingerprint as a process that starts now has it."""
    shutil.copytree(DOCUMENTS, tmp_path / "documents")

    def addon(component: Any) -> str:
        fingerprint.code_fingerprint.cache_clear()
        return str(component.fingerprint_addon({"documents": str(tmp_path / "documents")}))

    return addon


@pytest.fixture(autouse=True)
def _forget() -> Any:
    yield
    fingerprint.code_fingerprint.cache_clear()


@pytest.mark.parametrize("component", COMPONENTS)
def test_it_stays_while_nothing_changes(component: Any, addon: Callable[[Any], str], code: Path) -> None:
    before = addon(component)
    for path in code.rglob("*.py"):
        path.touch()
    (code / "answers" / "compose.py").write_text("# another answer")
    (code / "understanding" / "notes.txt").write_text("no code")
    assert addon(component) == before


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize(
    "changed", ["understanding/intents.py", "understanding/conditions/denial.py", "corpus/reader.py"]
)
def test_it_changes_with_the_code(component: Any, changed: str, addon: Callable[[Any], str], code: Path) -> None:
    before = addon(component)
    (code / changed).write_text((code / changed).read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert addon(component) != before


@pytest.mark.parametrize("component", COMPONENTS)
def test_it_changes_with_the_encoder(
    component: Any, addon: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = addon(component)
    monkeypatch.setattr(encoder, "GRAPH_VERSION", encoder.GRAPH_VERSION + 1)
    assert addon(component) != before


def test_the_retrievers_changes_with_one_warning(addon: Callable[[Any], str], tmp_path: Path) -> None:
    before = {component: addon(component) for component in COMPONENTS}
    document = tmp_path / "documents" / "therapy-pads.md"
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("they cannot take", "they can not take").replace("cured with", "healed with"))
    after = {component: addon(component) for component in COMPONENTS}
    assert [c for c in COMPONENTS if after[c] != before[c]] == [PassageRetriever]
    document.write_text(text, encoding="utf-8")
    assert addon(PassageRetriever) == before[PassageRetriever]


def test_the_retrievers_changes_with_a_new_document(addon: Callable[[Any], str], tmp_path: Path) -> None:
    before = addon(PassageRetriever)
    shutil.copy(tmp_path / "documents" / "supplier.md", tmp_path / "documents" / "another.md")
    assert addon(PassageRetriever) != before
