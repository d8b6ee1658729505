"""The Rasa components: what they train, keep, load and refuse."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.corpus import KNOWN_CONDITIONS, UnknownCorpusError, documents_sha256, shelf
from bot.runtime.archive import DOCUMENTS
from bot.understanding.condition_extractor import ConditionExtractor
from bot.understanding.encoder import Encoder
from bot.understanding.featurizer import SentenceFeaturizer, embedding
from bot.understanding.intent_classifier import FALLBACK, IntentClassifier
from bot.understanding.intents import IntentModel
from bot.understanding.passage_retriever import PassageRetriever
from bot.understanding.retrieval import PassageIndex
from bot.understanding.spelling_corrector import SpellingCorrector

GREET, PAIN = ["hello", "hi", "good morning"], ["my back hurts", "sore knee", "does it ease pain"]


def featurized(*texts: str) -> list[Message]:
    messages = [Message(data={"text": text}) for text in texts]
    return _featurizer().process(messages)


def _featurizer() -> SentenceFeaturizer:
    return SentenceFeaturizer.create(SentenceFeaturizer.get_default_config(), None, None, _Context())  # type: ignore[arg-type]


class _Context:
    node_name = "featurizer"


def examples() -> TrainingData:
    messages = [Message.build(text, intent) for intent, texts in (("greet", GREET), ("pain", PAIN)) for text in texts]
    data = TrainingData(messages)
    return _featurizer().process_training_data(data)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A copy of the documents, to be changed or deleted."""
    shutil.copytree(DOCUMENTS, tmp_path / "documents")
    return tmp_path / "documents"


# The featurizer


def test_a_message_keeps_the_embedding_of_its_text(encoder: Encoder) -> None:
    (message,) = featurized("my back hurts")
    assert np.array_equal(embedding(message), encoder.encode(["my back hurts"])[0])


def test_a_message_without_a_text_is_passed_on() -> None:
    messages = _featurizer().process([Message(data={"text": ""}), Message(data={"intent": "greet"})])
    assert [message.features for message in messages] == [[], []]


def test_a_component_before_the_featurizer_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="put SentenceFeaturizer earlier"):
        embedding(Message(data={"text": "hello"}))


# The corrector of spelling


def test_an_acronym_of_the_examples_is_no_misspelling(storage: LocalModelStorage, resource: Resource) -> None:
    config = SpellingCorrector.get_default_config()
    said = ["a bit tangy", "too tangy for me", "does it help with TENGY"]
    data = TrainingData([Message.build(text, "taste") for text in said])
    SpellingCorrector.create(config, storage, resource, None).train(data)  # type: ignore[arg-type]
    (message,) = SpellingCorrector.load(config, storage, resource, None).process(  # type: ignore[arg-type]
        [Message(data={"text": "tengy and tanggy"})]
    )
    assert message.get("text") == "tengy and tangy"


# The intent classifier


def trained_classifier(storage: LocalModelStorage, resource: Resource, threshold: float) -> IntentClassifier:
    IntentClassifier.create({"threshold": threshold}, storage, resource, None).train(examples())  # type: ignore[arg-type]
    return IntentClassifier.load({"threshold": threshold}, storage, resource, None)  # type: ignore[arg-type]


def test_a_message_below_the_threshold_is_a_fallback(storage: LocalModelStorage, resource: Resource) -> None:
    (lenient,) = trained_classifier(storage, resource, 0.0).process(featurized("good evening"))
    assert lenient.get("intent")["name"] == "greet"
    confidence = lenient.get("intent")["confidence"]
    (strict,) = trained_classifier(storage, resource, min(1.0, confidence + 0.01)).process(featurized("good evening"))
    assert strict.get("intent")["name"] == FALLBACK
    assert [r["name"] for r in strict.get("intent_ranking")] == [FALLBACK, "greet", "pain"]
    (just,) = trained_classifier(storage, resource, confidence).process(featurized("good evening"))
    assert just.get("intent")["name"] == "greet"


@pytest.mark.parametrize("threshold", [-0.1, 1.1, "0.5", None, float("nan")])
def test_a_threshold_out_of_range_is_refused_by_name(threshold: Any) -> None:
    with pytest.raises(InvalidConfigException, match=r"IntentClassifier: threshold .* from 0 to 1"):
        IntentClassifier.validate_config({"threshold": threshold})


@pytest.mark.parametrize("config", [{}, {"threshold": 0}, {"threshold": 0.35}, {"threshold": 1}])
def test_a_threshold_in_range_is_taken(config: dict[str, Any]) -> None:
    IntentClassifier.validate_config(config)


def test_one_intent_cannot_be_trained(storage: LocalModelStorage, resource: Resource) -> None:
    data = _featurizer().process_training_data(TrainingData([Message.build(text, "greet") for text in GREET]))
    with pytest.raises(InvalidConfigException, match="at least two intents"):
        IntentClassifier.create({"threshold": 0.3}, storage, resource, None).train(data)  # type: ignore[arg-type]


def with_alarm() -> TrainingData:
    data = examples()
    data.lookup_tables = [{"name": "emergency", "elements": ["can not breathe", "end my life"]}]
    return data


@pytest.mark.parametrize("text", ["my back hurts, and I can't breathe!", "Does it ease pain? I'll END my life"])
def test_a_phrase_of_the_lookup_makes_any_message_an_emergency(
    storage: LocalModelStorage, resource: Resource, text: str
) -> None:
    IntentClassifier.create({"threshold": 0.0}, storage, resource, None).train(with_alarm())  # type: ignore[arg-type]
    loaded = IntentClassifier.load({"threshold": 0.0}, storage, resource, None)  # type: ignore[arg-type]
    alarmed, calm = loaded.process(featurized(text, "my back hurts"))
    assert alarmed.get("intent") == {"name": "emergency", "confidence": 1.0}
    assert calm.get("intent")["name"] != "emergency"


# The condition extractor


def test_every_known_condition_needs_a_lookup(storage: LocalModelStorage, resource: Resource) -> None:
    data = TrainingData(lookup_tables=[{"name": name, "elements": ["x"]} for name in sorted(KNOWN_CONDITIONS)[1:]])
    with pytest.raises(InvalidConfigException, match=sorted(KNOWN_CONDITIONS)[0]):
        ConditionExtractor.create({}, storage, resource, None).train(data)  # type: ignore[arg-type]


def test_conditions_are_entities_with_status_and_holder(storage: LocalModelStorage, resource: Resource) -> None:
    tables = [{"name": name, "elements": [name.replace("_", " ")]} for name in KNOWN_CONDITIONS]
    tables += [{"name": "pregnancy", "elements": ["pregnant"]}, {"name": "cities", "elements": ["back"]}]
    tables = list({table["name"]: table for table in tables}.values())
    ConditionExtractor.create({}, storage, resource, None).train(TrainingData(lookup_tables=tables))  # type: ignore[arg-type]
    extractor = ConditionExtractor.load({}, storage, resource, None)  # type: ignore[arg-type]
    text = "my wife is pregnant, can she put it on her back?"
    (message,) = extractor.process([Message(data={"text": text})])
    (entity,) = message.get("entities")
    assert (entity["entity"], entity["value"], entity["status"], entity["holder"]) == (
        "condition",
        "pregnancy",
        "stated",
        "wife",
    )
    assert text[entity["start"] : entity["end"]] == "pregnant"
    assert entity["extractor"] == "ConditionExtractor"
    assert message.get("person")


# The passage retriever


def test_documents_are_taken_from_the_archive_alone(
    storage: LocalModelStorage, resource: Resource, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {"documents": str(documents), "limit": 12}
    sha256 = documents_sha256(documents)
    PassageRetriever.create(config, storage, resource, None).train(TrainingData())  # type: ignore[arg-type]
    shutil.rmtree(documents)
    monkeypatch.setattr(shelf, "_corpora", {})
    with pytest.raises(UnknownCorpusError):
        shelf.get(sha256)
    retriever = PassageRetriever.load(config, storage, resource, None)  # type: ignore[arg-type]
    (message,) = retriever.process(featurized("how does nitric oxide work?"))
    corpus = shelf.get(sha256)
    assert shelf.latest() is corpus
    assert message.get("documents") == corpus.sha256 == sha256
    assert len(message.get("passages")) == 12
    assert "nitric oxide" in corpus.passage(message.get("passages")[0]["id"]).text.lower()


def test_a_document_with_a_mistake_is_named_with_its_line(
    storage: LocalModelStorage, resource: Resource, documents: Path
) -> None:
    (documents / "therapy-pads.md").write_text("no front matter", encoding="utf-8")
    retriever = PassageRetriever.create({"documents": str(documents), "limit": 3}, storage, resource, None)  # type: ignore[arg-type]
    with pytest.raises(InvalidConfigException, match=r"therapy-pads\.md:1"):
        retriever.train(TrainingData())


# All of them


@pytest.mark.parametrize("component", [IntentClassifier, ConditionExtractor, PassageRetriever])
def test_a_component_that_was_not_trained_says_so(
    component: Any, storage: LocalModelStorage, resource: Resource
) -> None:
    config = {"threshold": 0.3, "limit": 3, "documents": "x"}
    with pytest.raises(InvalidConfigException, match=f"{component.__name__} was asked before it was trained"):
        component.create(config, storage, resource, None).process(featurized("hello"))


def test_nothing_is_fitted_or_embedded_when_a_model_is_loaded(
    storage: LocalModelStorage, documents: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {"threshold": 0.3, "limit": 3, "documents": str(documents)}
    PassageRetriever.create(config, storage, Resource("retriever"), None).train(TrainingData())  # type: ignore[arg-type]
    IntentClassifier.create(config, storage, Resource("classifier"), None).train(examples())  # type: ignore[arg-type]

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("something is trained at load")

    for owner, name in [
        (LogisticRegression, "fit"),
        (TfidfVectorizer, "fit"),
        (TfidfVectorizer, "fit_transform"),
        (IntentModel, "fit"),
        (PassageIndex, "build"),
        (Encoder, "encode"),
    ]:
        monkeypatch.setattr(owner, name, refuse)
    PassageRetriever.load(config, storage, Resource("retriever"), None)  # type: ignore[arg-type]
    IntentClassifier.load(config, storage, Resource("classifier"), None)  # type: ignore[arg-type]
