"""Rasa intent classifier over `bot.understanding.intents`."""

import json
import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.conditions.lexicon import UNDOCUMENTED
from bot.understanding.encoder import encoder, vocabulary
from bot.understanding.featurizer import (
    EmbeddedPart,
    SentenceFeaturizer,
    embed_parts,
    embedded_parts,
    embedded_statements,
    embedding,
)
from bot.understanding.fingerprint import code_fingerprint
from bot.understanding.intents import IntentModel, Ranked
from bot.understanding.language import foreign
from bot.understanding.phrases import Phrases
from bot.understanding.questions import clauses, parts, within
from bot.understanding.settling import settled
from bot.understanding.spelling_corrector import WRITTEN

RANKING_LENGTH = 5  # how many intents are kept with each stored message
FALLBACK = "nlu_fallback"
EMERGENCY = "emergency"
NOT_ENGLISH = "not_english"
PERSON = "ask_person"
REFUSED = "skip"  # of a person, as of anything that is asked
FOLLOW_UP = "follow_up_other"  # of such a message a single part is told as well: the question that it stands for
# From this confidence on a part of a message speaks for all of it, if it asks and the whole does not.
PART_SPEAKS_FROM = 0.5
# From this confidence on a sentence that asks nothing makes the message an emergency, and from this one where it
# mentions a condition of the documents: 'he has a pacemaker and refuses' is close to one by its words.
TOLD_FROM, TOLD_OF_CONDITION_FROM = 0.6, 0.8
# From this confidence on a clause wishes for a person, whatever else the message says.
WISHES_FROM = 0.8
BESIDE_A_WISH = 2  # questions that are answered with it: of three, it would not be the last that is left out
# Words that nobody knows are like no example, whatever their letters have in common with some.
SURE = 0.85
PHRASES_FILE = "emergency.json"
# What joins a clause to the one before it says nothing of its own.
_JOINT = re.compile(r"^\W*(?:(?:and|but|so|or|because|cos|since|otherwise)\b)?\W*|\W+$", re.IGNORECASE)

# 'No human please' is close to the wish for one by its words; a question, 'no human?', is one.
_REFUSED = re.compile(
    r"(?:(?:please|pls|thanks|thank you|ok|okay)\W+)*"
    r"(?:no(?: more| need (?:of|for)(?: an?)?)?|not an?|without(?: an?| any| the)?)\s+"
    r"(?:(?:real|live|human|other)\s+)*(?:human(?: being)?|person|agent|operator|employee|representative|rep|advis[eo]r"
    r"|manager|colleague|staff|people|call(?: ?back)?)s?"
    r"(?:\W+(?:please|pls|plz|thanks|thank you|thx|needed|required|necessary|wanted|for now|now|yet|at all))*[^\w?]*",
    re.IGNORECASE,
)


class Wish(NamedTuple):
    """A clause that asks for a person, its intent, and all else of the message."""

    text: str
    intent: dict[str, Any]
    rest: str


def is_question(intent: str) -> bool:
    """Whether an intent asks something of the documents or the supplier: by its name."""
    return intent.startswith("ask_") or intent == "out_of_scope"


def _named(ranked: Ranked) -> dict[str, Any]:
    return {"name": ranked.intent, "confidence": ranked.confidence}


def _refuses(clause: str) -> bool:
    """Whether a clause says no more than that no person is wanted."""
    return bool(_REFUSED.fullmatch(clause.strip()))


def _is_gibberish(text: str) -> bool:
    """Whether a message holds no word at all, or in plain letters none that the encoder knows."""
    words = re.findall(r"\w+", text.lower())
    telling = [word for word in words if len(word) > 2]
    known = [word for word in telling if not (word.isascii() and word.isalpha()) or word in vocabulary()]
    return not words or bool(telling and not known)


def _holds(text: str, found: list[EmbeddedPart]) -> bool:
    """Whether a message asks its parts itself; of a short follow-up the one part is what it stands for."""
    return all(part.part.question in text for part in found)


def _of_parts(whole: dict[str, Any], parts: list[dict[str, Any]], told: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The intent of a part that counts for the message: an emergency anywhere, or a question clearer than the whole.

    Args:
        whole: the intent of the whole message.
        parts: its questions, each with its intent.
        told: the emergencies that other sentences tell.
    """
    sure = [part["intent"] for part in parts if part["intent"]["confidence"] >= PART_SPEAKS_FROM]
    wanted = [i for i in sure if i["name"] == EMERGENCY]
    wanted += told
    if not wanted and whole["name"] != EMERGENCY:
        asked = is_question(whole["name"])
        wanted = [i for i in sure if is_question(i["name"]) and not (asked and whole["confidence"] >= i["confidence"])]
    return max(wanted, key=lambda intent: float(intent["confidence"]), default=None)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):  # type: ignore[misc]
    """Names a message's intent, or nlu_fallback where its confidence is below `threshold` (0 to 1).

    A phrase of the lookup table `emergency` makes any message one, whatever else it asks. What
    `bot.understanding.language` is sure of is not_english, unless it is an emergency.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.threshold: float = config["threshold"]
        self._storage = storage
        self._resource = resource
        self.model: IntentModel | None = None
        self.phrases = Phrases()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing is rejected unless config.yml says from where on."""
        return {"threshold": 0.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a threshold that is not a number from 0 to 1."""
        threshold = config.get("threshold", 0.0)
        if not isinstance(threshold, (int, float)) or not 0 <= threshold <= 1:
            raise InvalidConfigException(f"IntentClassifier: threshold is a number from 0 to 1, not {threshold!r}.")

    @classmethod
    def required_components(cls) -> list[type]:
        """It needs the sentence embedding."""
        return [SentenceFeaturizer]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when the code that this component calls has changed."""
        return code_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        """A new, untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the examples and keep the model in the archive.

        Raises:
            InvalidConfigException: the training data has fewer than two intents.
        """
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        if len({e.get(INTENT) for e in examples}) < 2:
            raise InvalidConfigException("There must be examples of at least two intents under data/nlu.")
        rows = np.stack([embedding(e) for e in examples])
        self.model = IntentModel.fit([e.get(TEXT) for e in examples], rows, [e.get(INTENT) for e in examples])
        tables = (table["elements"] for table in training_data.lookup_tables if table["name"] == EMERGENCY)
        self.phrases = Phrases(phrase for table in tables for phrase in table)
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
            (folder / PHRASES_FILE).write_text(json.dumps(self.phrases.phrases), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "IntentClassifier":
        """The component with the trained model of the archive."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.model = IntentModel.load(folder)
            component.phrases = Phrases(json.loads((folder / PHRASES_FILE).read_text(encoding="utf-8")))
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking on each message."""
        if self.model is None:
            raise InvalidConfigException("IntentClassifier was asked before it was trained.")
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            named = self._rank(text, embedding(message))
            if named[0]["name"] == PERSON and any(map(_refuses, clauses(text))):
                named.insert(0, {**named[0], "name": REFUSED})
            found = embedded_parts(message)
            asked = [{"text": p.part.text, "intent": self._of_part(p)} for p in found]
            if len(asked) > 1 or named[0]["name"] == FOLLOW_UP:
                message.set("parts", asked, add_to_output=True)
            mentions = [e for e in message.get(ENTITIES, []) if e["entity"] == "condition"]
            told = self._told(message, mentions)
            if self.phrases.found_in(text):
                named.insert(0, {"name": EMERGENCY, "confidence": 1.0})
            elif spoken_of := _of_parts(named[0], asked if _holds(text, found) else [], told):
                named.insert(0, spoken_of)
            elif named[0]["confidence"] < (SURE if _is_gibberish(text) else self.threshold):
                named.insert(0, {"name": FALLBACK, "confidence": 1.0 - named[0]["confidence"]})
            if named[0]["name"] not in (EMERGENCY, NOT_ENGLISH) and (sure := foreign(message.get(WRITTEN) or text)):
                named.insert(0, {"name": NOT_ENGLISH, "confidence": sure})
            if named[0]["name"] not in (EMERGENCY, NOT_ENGLISH) and (wish := self._wish(text)):
                named.insert(0, wish.intent)
                self._answer_both(message, wish)
            right = settled(
                named[0], text, mentions, message.get("apart") or {}, message.get("person"), self._rank_other
            )
            if right != named[0]:
                named.insert(0, right)
            message.set("intent", named[0], add_to_output=True)
            message.set("intent_ranking", named, add_to_output=True)
        return messages

    def _told(self, message: Message, mentions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The emergencies that sentences tell which ask nothing, sure enough, also where something else is likelier."""
        text, statements = message.get(TEXT), embedded_statements(message)
        rankings = self._rankings([(statement.text, statement.embedding) for statement in statements])
        known = [mention["at"][0] for mention in mentions if mention["value"] != UNDOCUMENTED]
        sure = []
        for statement, ranking in zip(statements, rankings, strict=True):
            start = text.find(statement.text)
            named = any(start <= place < start + len(statement.text) for place in known)
            least = TOLD_OF_CONDITION_FROM if named else TOLD_FROM
            sure += [i for i in ranking if i["name"] == EMERGENCY and i["confidence"] >= least]
        return sure

    def _wish(self, text: str) -> Wish | None:
        """The wish for a person that a message of several clauses has beside something else."""
        found = clauses(text)
        if len(found) < 2:
            return None
        wishing = [(place, clause) for place, clause in enumerate(found) if not _refuses(clause)]
        worded = [(place, words) for place, clause in wishing if (words := _JOINT.sub("", clause))]
        looked_at = within(worded)
        rankings = self._rankings([(words, encoder().encode([words])[0]) for _, words in looked_at])
        for (place, words), (intent, *_) in zip(looked_at, rankings, strict=True):
            if intent["name"] == PERSON and intent["confidence"] >= WISHES_FROM:
                rest = "".join(found[:place] + found[place + 1 :])
                return Wish(words, intent, rest.strip())
        return None

    def _answer_both(self, message: Message, wish: Wish) -> None:
        """Beside the wish for a person the questions of the rest are answered too."""
        if found := parts(wish.rest)[:BESIDE_A_WISH]:
            embedded = embed_parts(found, embedding(message))
            asked = [{"text": p.part.text, "intent": self._of_part(p)} for p in embedded]
            message.set("embedded_parts", embedded)
            message.set("parts", [*asked, {"text": wish.text, "intent": wish.intent}], add_to_output=True)

    def _of_part(self, found: EmbeddedPart) -> dict[str, Any]:
        """The intent of a question, alone or with what leads up to it, whichever is clearer; any emergency is."""
        alone = self._rank(found.part.question, found.alone)[0]
        if alone["name"] == EMERGENCY and alone["confidence"] >= PART_SPEAKS_FROM:
            return alone
        in_context = self._rank(found.part.text, found.embedding)[0]
        return max(alone, in_context, key=lambda intent: (is_question(intent["name"]), intent["confidence"]))

    def _rank_other(self, text: str) -> dict[str, Any]:
        return self._rank(text, encoder().encode([text])[0])[0]

    def _rank(self, text: str, row: NDArray[np.float32]) -> list[dict[str, Any]]:
        assert self.model is not None
        return [_named(ranked) for ranked in self.model.rank(text, row)[:RANKING_LENGTH]]

    def _rankings(self, embedded: list[tuple[str, NDArray[np.float32]]]) -> list[list[dict[str, Any]]]:
        """The ranking of each of some texts with their embeddings."""
        assert self.model is not None
        rows = np.array([row for _, row in embedded])
        return [[*map(_named, ranking)] for ranking in self.model.rank_each([text for text, _ in embedded], rows)]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """No later component learns from this one's predictions."""
        return training_data
