"""The encoder and the index of the project's documents, and a place for trained components."""

import tarfile
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource

from bot.corpus import Corpus, read_corpus
from bot.runtime.archive import DOCUMENTS
from bot.understanding import encoder as encoding
from bot.understanding.encoder import Encoder
from bot.understanding.retrieval import PassageIndex


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return encoding.encoder()


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return read_corpus(DOCUMENTS)


@pytest.fixture(scope="session")
def index(corpus: Corpus, encoder: Encoder) -> PassageIndex:
    return PassageIndex.build(corpus, encoder)


@pytest.fixture(scope="session")
def learned(model: Path, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    """The index of the trained model, to which the training examples have added what they lead to."""
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(model) as archive:
        archive.extractall(folder, filter="data")
    (found,) = (path for path in folder.rglob("passages.npz"))
    return PassageIndex.load(found.parent)


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    """Where a component keeps what it has learned."""
    (tmp_path / "storage").mkdir()
    return LocalModelStorage.create(tmp_path / "storage")


@pytest.fixture
def resource() -> Resource:
    return Resource("component")
