"""The intent model: kept without loss, and unsure of what it has never seen."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from sklearn.model_selection import train_test_split

from bot.runtime.archive import DATA
from bot.understanding.encoder import Encoder
from bot.understanding.intents import IntentModel

EXAMPLES = {
    "greet": ["hello", "hi there", "good morning", "hey"],
    "contact": ["what is your phone number", "how do I reach you", "your address please", "can I call you"],
    "pain": ["my back hurts", "does it help with pain", "sore muscles", "my knee aches"],
}
UNSEEN = ["helo", "where can I phone you", "achy shoulder", "zxcv", "", "😀"]


@pytest.fixture(scope="module")
def trained(encoder: Encoder) -> IntentModel:
    texts = [text for each in EXAMPLES.values() for text in each]
    intents = [intent for intent, each in EXAMPLES.items() for _ in each]
    return IntentModel.fit(texts, encoder.encode(texts), intents)


def test_what_is_loaded_ranks_as_what_was_saved(trained: IntentModel, encoder: Encoder, tmp_path: Path) -> None:
    trained.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    for text, row in zip(UNSEEN, encoder.encode(UNSEEN), strict=True):
        assert loaded.rank(text, row) == trained.rank(text, row)


def test_nothing_is_pickled(trained: IntentModel, tmp_path: Path) -> None:
    trained.save(tmp_path)
    with np.load(tmp_path / "examples.npz", allow_pickle=False) as arrays:
        assert set(arrays) == {"examples", "labels", "calibration"}
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".npz", ".skops"]


def test_the_right_intent_comes_first(trained: IntentModel, encoder: Encoder) -> None:
    best = [trained.rank(text, row)[0].intent for text, row in zip(UNSEEN, encoder.encode(UNSEEN), strict=True)]
    assert best[:3] == ["greet", "contact", "pain"]


def test_every_intent_is_ranked_with_a_confidence_from_0_to_1(trained: IntentModel, encoder: Encoder) -> None:
    for text, row in zip(UNSEEN, encoder.encode(UNSEEN), strict=True):
        ranking = trained.rank(text, row)
        assert {r.intent for r in ranking} == set(EXAMPLES)
        assert all(0 <= r.confidence <= 1 for r in ranking)


def test_what_is_unlike_all_examples_is_less_certain(trained: IntentModel, encoder: Encoder) -> None:
    known, unknown = encoder.encode(["hello", "the stock market fell"])
    assert trained.rank("hello", known)[0].confidence > 0.8
    assert trained.rank("the stock market fell", unknown)[0].confidence < 0.5


def test_the_order_of_the_examples_does_not_matter(encoder: Encoder) -> None:
    pairs = [(text, intent) for intent, each in EXAMPLES.items() for text in each]
    rankings = []
    for order in (pairs, pairs[::-1]):
        texts, intents = [t for t, _ in order], [i for _, i in order]
        model = IntentModel.fit(texts, encoder.encode(texts), intents)
        rankings.append(model.rank("achy shoulder", encoder.encode(["achy shoulder"])[0]))
    assert [r.intent for r in rankings[0]] == [r.intent for r in rankings[1]]
    assert np.allclose([r.confidence for r in rankings[0]], [r.confidence for r in rankings[1]], atol=1e-3)


def test_one_intent_alone_is_refused(encoder: Encoder) -> None:
    with pytest.raises(ValueError):
        IntentModel.fit(["a", "b"], encoder.encode(["a", "b"]), ["same", "same"])


def test_confidence_is_how_often_it_is_right(encoder: Encoder) -> None:
    """On examples that the model was not fitted on, in tenths; measured 0.045."""
    texts, intents = training_examples()
    rows = encoder.encode(texts)
    seen, unseen = train_test_split(np.arange(len(texts)), test_size=0.3, stratify=intents, random_state=7)
    model = IntentModel.fit([texts[i] for i in seen], rows[seen], [intents[i] for i in seen])
    best = [model.rank(texts[i], rows[i])[0] for i in unseen]
    confidence = np.array([found.confidence for found in best])
    right = np.array([found.intent == intents[i] for found, i in zip(best, unseen, strict=True)])
    tenths = [(confidence * 10).astype(int) == tenth for tenth in range(11)]
    error = sum(
        within.mean() * abs(confidence[within].mean() - right[within].mean()) for within in tenths if within.any()
    )
    assert error < 0.07
    assert right.mean() > 0.75


def training_examples() -> tuple[list[str], list[str]]:
    """Half of each intent's examples: enough to see it, in a fifth of the time."""
    texts, intents = [], []
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line.removeprefix("- ") for line in entry.get("examples", "").splitlines()]
            if "intent" in entry:
                texts += lines[::2]
                intents += [entry["intent"]] * len(lines[::2])
    return texts, intents
