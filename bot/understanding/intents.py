"""What kind of question a message is: a linear model on its embedding and its spelling.

Features: the sentence embedding (384), beside tf-idf of words (1-2) and of characters (2-4), the tf-idf
weighted by 0.7. What speaks for a class are its log-odds and the cosine to its nearest example, which keeps
questions unlike any example low. Confidence, how likely the first class is right, is fitted to that on examples that a
classifier has not seen (Platt 1999).
"""

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import skops.io
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import FeatureUnion

TFIDF_WEIGHT = 0.7  # 0.5 is half a point worse in cross-validation, 1 a quarter
INVERSE_REGULARISATION = 20.0
MANY = 1000  # examples
HELD_OUT = 1 / 3  # the share of the examples that confidence is calibrated on
NEARNESS = 6.0  # weight of the cosine beside the log-odds; 4 to 10 do as well in cross-validation, 0 is 2 points worse
# Slope and intercept of the confidence, where there are too few examples to hold any out.
UNCALIBRATED = np.array([0.7, -2.0])
MODEL_FILE, EXAMPLES_FILE = "intents.skops", "examples.npz"


class Ranked(NamedTuple):
    """One intent with the confidence, 0 to 1, that a message is of it."""

    intent: str
    confidence: float


class IntentModel:
    """The classifier, fitted."""

    def __init__(
        self,
        spelling: FeatureUnion,
        classifier: LogisticRegression,
        examples: NDArray[np.float32],
        labels: NDArray[np.int64],
        calibration: NDArray[np.float64] = UNCALIBRATED,
    ) -> None:
        self._spelling = spelling
        self._classifier = classifier
        # By columns, as a sparse row is multiplied by it: else SciPy copies all of it for every text.
        self._classifier.coef_ = np.asfortranarray(classifier.coef_)
        self._calibration = calibration
        order = np.argsort(labels, kind="stable")
        self._examples, self._labels = examples[order], labels[order]
        # Where each class begins among the sorted examples: its best cosine is one reduceat away.
        self._starts = np.searchsorted(self._labels, np.arange(len(classifier.classes_)))

    @classmethod
    def fit(cls, texts: list[str], embeddings: NDArray[np.float32], intents: list[str]) -> "IntentModel":
        """Fit on examples.

        Args:
            texts: n example texts.
            embeddings: (n, 384), rows of length one.
            intents: the n intents' names, of at least two kinds.

        Raises:
            ValueError: there are fewer than two intents.
        """
        # What stands in one example alone says little, and is more than half of all features.
        common: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32, "min_df": 2 if len(texts) >= MANY else 1}
        spelling = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), **common)),
                ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), **common)),
            ],
            transformer_weights={"words": TFIDF_WEIGHT, "characters": TFIDF_WEIGHT},
        )
        features = hstack([csr_matrix(embeddings), spelling.fit_transform(texts)], format="csr")
        classifier = LogisticRegression(C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=1000)
        names = np.array(intents)
        calibration = UNCALIBRATED
        # One of each intent must be held out at least.
        if min(Counter(intents).values()) * HELD_OUT >= 1:
            everything = np.arange(len(texts))
            seen, unseen = train_test_split(everything, test_size=HELD_OUT, stratify=intents, random_state=0)
            classifier.fit(features[seen], names[seen])
            likeness = embeddings[unseen] @ embeddings[seen].T
            nearest = np.stack([likeness[:, names[seen] == intent].max(axis=1) for intent in classifier.classes_], 1)
            evidence = _evidence(classifier.predict_proba(features[unseen]), nearest)
            right = classifier.classes_[evidence.argmax(axis=1)] == names[unseen]
            calibration = _calibration(evidence.max(axis=1), right)
        classifier.fit(features, names)
        # Half the memory, and half of what is copied for every message.
        classifier.coef_ = classifier.coef_.astype(np.float32)
        labels = np.searchsorted(classifier.classes_, names).astype(np.int64)
        return cls(spelling, classifier, embeddings, labels, calibration)

    def rank(self, text: str, embedding: NDArray[np.float32]) -> list[Ranked]:
        """All intents with their confidence, surest first; `embedding` is (384,)."""
        return self.rank_each([text], embedding[np.newaxis])[0]

    def rank_each(self, texts: list[str], embeddings: NDArray[np.float32]) -> list[list[Ranked]]:
        """What `rank` says of each of n texts, at a fraction of its time; `embeddings` is (n, 384)."""
        if not texts:
            return []
        features = hstack([csr_matrix(embeddings), self._spelling.transform(texts)], format="csr")
        nearest = np.maximum.reduceat(self._examples @ embeddings.T, self._starts).T
        slope, intercept = self._calibration
        evidence = _evidence(self._classifier.predict_proba(features), nearest)
        confidences = 1 / (1 + np.exp(-slope * evidence - intercept))
        return [
            [Ranked(str(self._classifier.classes_[i]), float(row[i])) for i in np.argsort(-row, kind="stable")]
            for row in confidences
        ]

    def save(self, folder: Path) -> None:
        """Write the model into a folder, without pickles."""
        skops.io.dump({"spelling": self._spelling, "classifier": self._classifier}, folder / MODEL_FILE)
        np.savez(folder / EXAMPLES_FILE, examples=self._examples, labels=self._labels, calibration=self._calibration)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read what `save` wrote. Raises what skops and NumPy raise for a damaged file."""
        parts = skops.io.load(folder / MODEL_FILE)
        with np.load(folder / EXAMPLES_FILE) as arrays:
            rows = arrays["examples"], arrays["labels"], arrays["calibration"]
        return cls(parts["spelling"], parts["classifier"], *rows)


def _evidence(probabilities: NDArray[np.float64], nearest: NDArray[np.float32]) -> NDArray[np.float64]:
    """What speaks for each class, (..., classes), from its probability and the cosine to its nearest example."""
    kept = np.clip(probabilities, 1e-6, 1 - 1e-6)
    found: NDArray[np.float64] = np.log(kept / (1 - kept)) + NEARNESS * nearest
    return found


def _calibration(evidence: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Slope and intercept that tell right first choices from wrong ones, by the evidence (n,) for them."""
    if right.all() or not right.any():
        return UNCALIBRATED
    fitted = LogisticRegression(C=1e6).fit(evidence[:, np.newaxis], right)
    return np.append(fitted.coef_[0], fitted.intercept_)
