"""Rasa entity extractor of health conditions, their status and whose they are.

Over `bot.understanding.conditions`, which finds those that a message names, and `bot.understanding.indirect`, which
finds those that it only describes.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.corpus.conditions import KNOWN_CONDITIONS
from bot.understanding.conditions import (
    Lexicon,
    Mention,
    asked_person,
    extract,
    names,
    speaks_of_self,
    told_apart,
)
from bot.understanding.conditions.context import STATED, UNSURE
from bot.understanding.conditions.words import tokenize
from bot.understanding.encoder import encoder, vocabulary
from bot.understanding.featurizer import SentenceFeaturizer, embedding
from bot.understanding.fingerprint import code_fingerprint
from bot.understanding.indirect import NONE, IndirectModel, tell
from bot.understanding.spelling import english
from bot.understanding.spelling_corrector import WRITTEN

CUSTOMER = "customer"
# What may matter to the customer and no document names: asked about, it is answered with a person.
UNDOCUMENTED = "undocumented_condition"
# What of it is only like a condition, and would be taken for that: a nursing mother for a pregnant one, a plate in a
# bone for a device. Beside anything else of it a condition may well be told: 'my toddler's elbows are raw and weep'.
_METAL = "implant|metal|titan|plate|screw|pin|rod|stent|valve|shunt|magnet|prosthe|artificial|replace|coil|mesh|port"
_LIKE = {
    "pregnancy": "breast|nurs|lactat|milk|bab|infant|newborn|toddler|child|kid|teen|birth|born|iud|coil|mirena|hormone",
    "tumor": "cancer|tumou?r|remission|survivor|mole|keratos|melanoma|lymphoma|leuk",
    "electronic_device": f"{_METAL}|hip|knee|lens|filter|band|iud|mirena",
    "fracture": f"{_METAL}|hip|knee|fus",
    "open_wound": "surg|graft|tattoo|stom|ulcer|peel|needling|burn|fistula|laser",
    "acute_eczema": "hives|urticaria|rash|pemphig|bullosa",
    "photosensitivity": "(?!.*(?:child|toddler|kid|teen|bab|infant|newborn))",
    "infection": "hiv",
}
FILE = "lexicon.json"
# Examples of these may tell a condition that is not annotated. What all other examples say is none: an emergency, too,
# is one of its own, and what it tells beside that is annotated or named.
ABOUT_CONDITIONS = frozenset(("state_condition", "ask_contraindication", "ask_diagnosis"))
EMERGENCY = "emergency"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ConditionExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds an entity `condition` for each mention, with `status` and `holder`, and sets `person`, whom it asks about.

    Its lexicon is the lookup tables of the training data that are named after a condition. From the examples that
    are annotated with one it learns what tells a condition without naming it; the status of such is `unsure`.
    """

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self.lexicon: Lexicon | None = None
        self.indirect: IndirectModel | None = None

    @classmethod
    def required_components(cls) -> list[type]:
        """It needs the sentence embedding; it reads the text itself, not tokens."""
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
    ) -> "ConditionExtractor":
        """A new component without a lexicon."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Take the lexicon from the lookup tables, and learn from the annotated examples if there are any.

        Raises:
            InvalidConfigException: a known condition has no lookup table, so nobody could mention it.
        """
        tables = {
            table["name"]: list(table["elements"])
            for table in training_data.lookup_tables
            if table["name"] in KNOWN_CONDITIONS or table["name"] == UNDOCUMENTED
        }
        missing = sorted(KNOWN_CONDITIONS.keys() - tables.keys())
        if missing:
            raise InvalidConfigException(f"data/nlu has no lookup table for: {', '.join(missing)}.")
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(tables), encoding="utf-8")
            self.lexicon = _lexicon(tables)
            self.indirect = _fitted(training_data, self.lexicon)
            if self.indirect:
                self.indirect.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "ConditionExtractor":
        """The component with the lexicon and the model of the archive."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.lexicon = _lexicon(json.loads((folder / FILE).read_text(encoding="utf-8")))
            component.indirect = IndirectModel.load(folder)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities and the person to each message that has a text."""
        if self.lexicon is None:
            raise InvalidConfigException("ConditionExtractor was asked before it was trained.")
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            mentions = extract(text, self.lexicon)
            mentions += self._as_written(message, mentions)
            written = message.get(WRITTEN) or text
            found = [_entity(mention, text, written) for mention in (*mentions, *self._told(message, mentions))]
            extracted = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + extracted, add_to_output=True)
            message.set("person", asked_person(text), add_to_output=True)
            message.set("names", names(text), add_to_output=True)
            message.set("apart", told_apart(text), add_to_output=True)
        return messages

    def _as_written(self, message: Message, mentions: list[Mention]) -> Iterator[Mention]:
        """The conditions that only the message as it was written names: 'pace makr', corrected to 'pace make'."""
        written, text = message.get(WRITTEN), message.get(TEXT)
        if self.lexicon is None or not written:
            return
        missing = KNOWN_CONDITIONS.keys() - {mention.condition for mention in mentions}
        for mention in extract(written, self.lexicon):
            if mention.condition in missing:
                start, end = _moved(written, text, mention.start), _moved(written, text, mention.end)
                yield replace(mention, text=text[start:end], start=start, end=end)

    def _told(self, message: Message, mentions: list[Mention]) -> Iterator[Mention]:
        """The conditions that a message tells and does not name."""
        if self.lexicon is None or self.indirect is None:
            return
        text = message.get(TEXT)
        named = {mention.condition for mention in mentions}
        # Also where the lexicon has found a phrase and thought better of it: a pregnant pause, a minor wound.
        tokens = tokenize(text)
        hits = {(tokens[hit.first].start, tokens[hit.last - 1].end): hit for hit in self.lexicon.find(tokens)}
        found = [place for place, hit in hits.items() if hit.condition != UNDOCUMENTED]
        found += [(mention.start, mention.end) for mention in mentions if mention.condition != UNDOCUMENTED]
        for told in tell(text, embedding(message), named, found, self.indirect, encoder().encode):
            words = text[told.start : told.end]
            beside = " ".join(text[a:b].lower() for a, b in hits.keys() - set(found) if a < told.end and told.start < b)
            if beside and re.search(_LIKE.get(told.condition, "$^"), beside):
                continue
            yield Mention(told.condition, words, told.start, told.end, UNSURE, told.holder)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """No later component learns from these entities."""
        return training_data


def _entity(mention: Mention, text: str, written: str) -> dict[str, Any]:
    """The entity of a mention: `start` and `end` in what was written, `at` in the corrected text."""
    return {
        "entity": "condition",
        "value": mention.condition,
        "start": _moved(text, written, mention.start),
        "end": _moved(text, written, mention.end),
        "at": [mention.start, mention.end],
        "status": mention.status,
        "holder": _named(mention.holder, text),
    }


def _moved(text: str, other: str, place: int) -> int:
    """Where a place of a text is in its corrected form, or the other way round."""
    if text == other:
        return place
    for _, first, last, to, until in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        if first <= place <= last:
            return to if place == first else until if place == last else min(to + place - first, until)
    return len(text)


def _named(holder: str, text: str) -> str | None:
    """The holder, or None where the message names nobody: then it is whom the conversation is about."""
    return None if holder == CUSTOMER and not speaks_of_self(text) else holder


def _lexicon(tables: dict[str, list[str]]) -> Lexicon:
    # The training examples are no source of known words: they are misspelt on purpose.
    return Lexicon(tables, known_words=vocabulary(), dictionary=english())


def _fitted(training_data: TrainingData, lexicon: Lexicon) -> IndirectModel | None:
    """The model of what tells a condition without naming it, where any example is annotated with one."""
    if not any(example.get(ENTITIES) for example in training_data.intent_examples):
        return None
    texts: list[str] = []
    rows = []
    conditions: list[str] = []
    for example in training_data.intent_examples:
        for words, condition in _lessons(example, lexicon):
            whole = words == example.get(TEXT)
            texts.append(words)
            rows.append(embedding(example) if whole else encoder().encode([words])[0])
            conditions.append(condition)
    return IndirectModel.fit(texts, np.stack(rows), conditions)


def _lessons(example: Message, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """What an example teaches: its text, and annotated words of it, each with the condition that it tells."""
    text = example.get(TEXT)
    annotated = [entity for entity in example.get(ENTITIES, []) if entity["entity"] == "condition"]
    for entity in annotated:
        condition = NONE if entity["value"] == UNDOCUMENTED else entity["value"]
        spans = dict.fromkeys((text, text[entity["start"] : entity["end"]]))
        yield from ((words, condition) for words in spans)
    if annotated:
        return
    said = {m.condition for m in extract(text, lexicon) if m.status in (STATED, UNSURE)} & KNOWN_CONDITIONS.keys()
    if not said and example.get(INTENT) not in ABOUT_CONDITIONS:
        yield text, NONE
    elif len(said) == 1 and example.get(INTENT) in ABOUT_CONDITIONS | {EMERGENCY}:
        yield text, said.pop()
