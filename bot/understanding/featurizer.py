"""Rasa featurizer: a message's text to its sentence embedding, once for all components that follow."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.encoder import encoder
from bot.understanding.fingerprint import code_fingerprint
from bot.understanding.questions import Part, parts, statements

# How much of the whole message's meaning a question keeps when passages are sought for it.
WHOLE_IN_PART = 0.25


def embedding(message: Message) -> NDArray[np.float32]:
    """The sentence embedding that the featurizer left in a message: (384,).

    Raises:
        ValueError: there is none; SentenceFeaturizer must stand before the caller in config.yml.
    """
    for feature in message.features:
        if feature.attribute == TEXT and feature.origin == SentenceFeaturizer.__name__:
            row: NDArray[np.float32] = feature.features[0]
            return row
    raise ValueError("The message has no sentence embedding: put SentenceFeaturizer earlier into the pipeline.")


class EmbeddedPart(NamedTuple):
    """A question of a message, and embeddings (384,): with its context, alone, and alone in the message's light.

    The last keeps some of the whole message's meaning: 'How does it clear it?'
    """

    part: Part
    embedding: NDArray[np.float32]
    alone: NDArray[np.float32]
    question: NDArray[np.float32]


def embedded_parts(message: Message) -> list[EmbeddedPart]:
    """The questions of a message that are not the whole of it."""
    found: list[EmbeddedPart] = message.get("embedded_parts", [])
    return found


def embed_parts(found: list[Part], whole: NDArray[np.float32]) -> list[EmbeddedPart]:
    """Questions with their embeddings; `whole` is that of the message, (384,)."""
    rows = encoder().encode([words for part in found for words in part])
    questions = (1 - WHOLE_IN_PART) * rows[1::2] + WHOLE_IN_PART * whole
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    return [EmbeddedPart(*each) for each in zip(found, rows[::2], rows[1::2], questions, strict=True)]


class EmbeddedStatement(NamedTuple):
    """A sentence of a message that asks nothing, and its embedding (384,)."""

    text: str
    embedding: NDArray[np.float32]


def embedded_statements(message: Message) -> list[EmbeddedStatement]:
    """The sentences that ask nothing, of a message of several."""
    found: list[EmbeddedStatement] = message.get("embedded_statements", [])
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):  # type: ignore[misc]
    """all-MiniLM-L6-v2 sentence embeddings, (1, 384), as dense sentence features of the text.

    The questions of a message that says more than one of them get embeddings of their own (`embedded_parts`), and so
    do the sentences that ask nothing (`embedded_statements`).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set but the name that Rasa gives to every featurizer."""
        return {FEATURIZER_CLASS_ALIAS: SentenceFeaturizer.__name__}

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads the text itself, not tokens."""
        return []

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceFeaturizer":
        """Load the encoder with the model, so that the first customer does not wait for it."""
        encoder()
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to validate."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again what was trained on another encoder's embeddings."""
        return code_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the embeddings of each message that has a text, and of its parts."""
        self._embed(messages)
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            found, told = [part for part in parts(text) if part.question != text], statements(text)
            if not found and not told:
                continue
            message.set("embedded_parts", embed_parts(found, embedding(message)))
            each_statement = zip(told, encoder().encode(told), strict=True)
            message.set("embedded_statements", [EmbeddedStatement(*each) for each in each_statement])
        return messages

    def _embed(self, messages: list[Message]) -> None:
        spoken = [message for message in messages if message.get(TEXT)]
        for message, row in zip(spoken, encoder().encode([m.get(TEXT) for m in spoken]), strict=True):
            features = Features(row[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, SentenceFeaturizer.__name__)
            message.add_features(features)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the embeddings to all training examples, in batches."""
        self._embed(training_data.training_examples)
        return training_data
