"""Rasa component over `bot.understanding.retrieval`: parses the documents at training, searches them at run time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.corpus import Kind, documents_sha256, read_corpus, shelf
from bot.understanding.documents import documents
from bot.understanding.encoder import encoder
from bot.understanding.featurizer import SentenceFeaturizer, embedded_parts, embedding
from bot.understanding.fingerprint import code_fingerprint
from bot.understanding.questions import without
from bot.understanding.retrieval import Examples, Found, PassageIndex, best_of
from bot.understanding.settling import places_over

TOPIC = "ask_topic"
# Which kinds of section answer a kind of question; the documents answer those of the last ones in no section.
ANSWERED_BY: dict[str, tuple[Kind, ...]] = {
    "ask_mechanism": (Kind.MECHANISM, Kind.EVIDENCE),
    "ask_suitability": (Kind.USE, Kind.MECHANISM),
    "ask_uses": (Kind.USE,),
    "ask_limits": (Kind.LIMIT,),
    "ask_replacement": (Kind.REPLACEMENT,),
    "ask_timing": (Kind.TIMING,),
    "ask_source": (Kind.EVIDENCE,),
    "ask_contraindication": (Kind.CONTRAINDICATIONS,),
    "ask_contact": (Kind.CONTACT, Kind.COMPANY),
    **dict.fromkeys(("out_of_scope", "ask_other_use", "ask_diagnosis", "prompt_injection"), ()),
}
ENOUGH_WORDS = 2  # what is left of a message without what it denies says something
PART_LIMIT = 6  # passages kept of each question in a message of several


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class PassageRetriever(GraphComponent):  # type: ignore[misc]
    """Sets on each message `passages`, the ids and scores of the best passages, and `documents`, their hash.

    Each question of a message with several gets `passages` of its own. A message that is a section's title, as
    quick replies are, gets the intent `ask_topic` and that section's passages.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self.index: PassageIndex | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The folder of documents to train on, and how many passages each message keeps."""
        return {"documents": "data/documents", "limit": 12}

    @classmethod
    def required_components(cls) -> list[type]:
        """It needs the sentence embedding."""
        return [SentenceFeaturizer]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa's training cache does not see the documents: their hash makes it train again."""
        folder = Path(config.get("documents", cls.get_default_config()["documents"]))
        return code_fingerprint() + documents(documents_sha256, folder)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PassageRetriever":
        """A new component that knows no documents yet."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Parse and index the documents and keep both in the archive.

        Raises:
            InvalidConfigException: a document is not as docs/documents.md says; with file and line.
        """
        corpus = documents(read_corpus, Path(self._config["documents"]))
        self.index = PassageIndex.build(corpus, encoder(), _examples(training_data))
        shelf.put(corpus)
        with self._storage.write_to(self._resource) as folder:
            self.index.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "PassageRetriever":
        """The component with the documents of the archive, which it hands to the actions of this process."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.index = PassageIndex.load(folder)
        shelf.put(component.index.corpus)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the best passages on each message that has a text."""
        if self.index is None:
            raise InvalidConfigException("PassageRetriever was asked before it was trained.")
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            if named := self.index.titled(text):
                # A quick reply is a section's own title: there is nothing to guess.
                message.set(INTENT, {"name": TOPIC, "confidence": 1.0}, add_to_output=True)
                message.set("passages", _as_output(named), add_to_output=True)
                message.set("documents", self.index.corpus.sha256, add_to_output=True)
                continue
            limit = self._config["limit"]
            found = self.index.search(*_sought(message), limit)
            asked = [
                best_of(
                    self.index.search(p.part.text, p.embedding, limit),
                    self.index.search(p.part.question, p.question, limit),
                )
                for p in embedded_parts(message)
            ]
            for part, passages in zip(message.get("parts", []), asked, strict=False):
                part["passages"] = _as_output(passages[:PART_LIMIT])
            if len(asked) == 1 and embedded_parts(message)[0].part.question in text:
                # What else the message tells must not drown the one question in it.
                found = best_of(found, asked[0])[:limit]
            message.set("passages", _as_output(found), add_to_output=True)
            message.set("documents", self.index.corpus.sha256, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples need no passages."""
        return training_data


def _examples(training_data: TrainingData) -> Iterator[Examples]:
    """The training examples that tell which questions the documents answer, and with which kind of section."""
    for intent, kinds in ANSWERED_BY.items():
        found = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT) == intent]
        if found:
            rows = np.stack([embedding(e) for e in found])
            yield Examples([e.get(TEXT) for e in found], rows, kinds, [named_section(e) for e in found])


def _sought(message: Message) -> tuple[str, NDArray[np.float32]]:
    """A message without what it denies, and its embedding: 'no open wounds, just sore legs' is not about wounds."""
    text: str = message.get(TEXT)
    denied = places_over(message.get(ENTITIES, []))
    rest = without(text, denied) if denied else text
    if rest == text or len(rest.split()) < ENOUGH_WORDS:
        return text, embedding(message)
    return rest, encoder().encode([rest])[0]


def named_section(example: Message) -> str | None:
    """The `document#section` that a training example names in its metadata (data/nlu/lay_words.yml)."""
    section: str | None = (example.get("metadata") or {}).get("intent", {}).get("section")
    return section


def _as_output(found: list[Found]) -> list[dict[str, Any]]:
    return [{"id": f.passage, "score": f.score} for f in found]
