"""Rasa component over `bot.understanding.spelling`: the first of the pipeline, so that others read what is meant."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.corpus import Corpus, documents_sha256, read_corpus
from bot.understanding.documents import documents
from bot.understanding.fingerprint import code_fingerprint
from bot.understanding.spelling import SHORTEST, Speller, english

WRITTEN = "written"
_WORD = re.compile(r"[^\W\d_]+")
# Of an example: no misspelling, however it is written.
_ACRONYM = re.compile(r"\b[A-Z]{4,5}\b")
# How often the examples have to use a word: they misspell some on purpose.
_OFTEN = 2
# A word of the documents counts as often as this many uses in examples.
_IN_DOCUMENTS = 5
FILE = "spelling.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingCorrector(GraphComponent):  # type: ignore[misc]
    """Replaces a message's text by the corrected one, and keeps what was written as `written`.

    The conversation keeps what was written: Rasa takes that from the channel.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self.speller: Speller | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The folder of documents whose words are right."""
        return {"documents": "data/documents"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when documents or code have changed."""
        folder = Path(config.get("documents", cls.get_default_config()["documents"]))
        return code_fingerprint() + documents(documents_sha256, folder)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SpellingCorrector":
        """A new component that knows no words yet."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the documents, the examples and the lookup tables, and keep them in the archive.

        Raises:
            InvalidConfigException: a document is not as docs/documents.md says; with file and line.
        """
        corpus = documents(read_corpus, Path(self._config["documents"]))
        listed = {word for table in training_data.lookup_tables for e in table["elements"] for word in _words(e)}
        examples = [e.get(TEXT) for e in training_data.intent_examples if e.get(TEXT)]
        listed |= {word.lower() for text in examples for word in _ACRONYM.findall(text)}
        wanted = _wanted(corpus, examples)
        self.speller = Speller(wanted, listed - wanted.keys())
        with self._storage.write_to(self._resource) as folder:
            kept = {"wanted": self.speller.wanted, "known": sorted(self.speller.known)}
            (folder / FILE).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "SpellingCorrector":
        """The component with the words of the archive."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.speller = Speller(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Correct each message that has a text."""
        if self.speller is None:
            raise InvalidConfigException("SpellingCorrector was asked before it was trained.")
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            corrected = self.speller.corrected(text)
            if corrected != text:
                message.set(WRITTEN, text, add_to_output=True)
                message.set(TEXT, corrected, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Examples stay as they are: what they misspell on purpose, customers misspell too."""
        return training_data


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _wanted(corpus: Corpus, examples: list[str]) -> dict[str, int]:
    used = Counter(word for text in examples for word in _words(text))
    wanted = Counter({word: n for word, n in used.items() if n >= _OFTEN and word in english()})
    for passage in corpus.passages:
        wanted.update(dict.fromkeys(_words(passage.text), _IN_DOCUMENTS))
    return {word: n for word, n in wanted.items() if len(word) >= SHORTEST}
