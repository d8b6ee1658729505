"""What kind of question a message is: a linear model on its embedding and its spelling.

Features: the sentence embedding (384), beside tf-idf of words (1-2) and of characters (2-4), the tf-idf
weighted by half. Confidence: how likely the intent is right, from the class probability and from the cosine to the
nearest example of that class, which keeps questions unlike any example low. The two are weighed on examples that
a classifier was not fitted on (Platt 1999); the surest intent is the first.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import skops.io
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import FeatureUnion

TFIDF_WEIGHT = 0.5
INVERSE_REGULARISATION = 20.0
TOLERANCE = 1e-3  # ten times the default: half the training time, the same accuracy
HELD_OUT = 1 / 3  # the share of the examples that confidence is calibrated on
# Where there are too few examples to hold any out: weights of log-odds and cosine, and the intercept.
UNCALIBRATED = np.array([0.5, 5.0, -2.5])
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
        spelling = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32)),
                (
                    "characters",
                    TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32),
                ),
            ],
            transformer_weights={"words": TFIDF_WEIGHT, "characters": TFIDF_WEIGHT},
        )
        features = hstack([csr_matrix(embeddings), spelling.fit_transform(texts)], format="csr")
        classifier = LogisticRegression(C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=1000, tol=TOLERANCE)
        names = np.array(intents)
        calibration = UNCALIBRATED
        # One of each intent must be held out at least.
        if min(Counter(intents).values()) * HELD_OUT >= 1:
            everything = np.arange(len(texts))
            seen, unseen = train_test_split(everything, test_size=HELD_OUT, stratify=intents, random_state=0)
            classifier.fit(features[seen], names[seen])
            likeness = embeddings[unseen] @ embeddings[seen].T
            nearest = np.stack([likeness[:, names[seen] == intent].max(axis=1) for intent in classifier.classes_], 1)
            evidence = _as_evidence(classifier.predict_proba(features[unseen]), nearest)
            calibration = _calibration(evidence, np.searchsorted(classifier.classes_, names[unseen]))
        classifier.fit(features, names)
        labels = np.searchsorted(classifier.classes_, names).astype(np.int64)
        return cls(spelling, classifier, embeddings, labels, calibration)

    def rank(self, text: str, embedding: NDArray[np.float32]) -> list[Ranked]:
        """All intents with their confidence, surest first; `embedding` is (384,)."""
        features = hstack([csr_matrix(embedding[np.newaxis]), self._spelling.transform([text])], format="csr")
        nearest = np.maximum.reduceat(self._examples @ embedding, self._starts)
        weighed = _as_evidence(self._classifier.predict_proba(features)[0], nearest) @ self._calibration
        confidences = 1 / (1 + np.exp(-weighed))
        return [
            Ranked(str(self._classifier.classes_[i]), float(confidences[i]))
            for i in np.argsort(-confidences, kind="stable")
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


def _as_evidence(probabilities: NDArray[np.float64], nearest: NDArray[np.float32]) -> NDArray[np.float64]:
    """What speaks for a class (..., 3): its log-odds, the cosine to its nearest example, and one for the intercept."""
    kept = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.stack([np.log(kept / (1 - kept)), nearest, np.ones_like(nearest)], axis=-1)


def _calibration(evidence: NDArray[np.float64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights of evidence (n, classes, 3) that tell right first choices from wrong ones; `right` has n classes."""
    weights = UNCALIBRATED
    # Which choice is the first depends on the weights: after a second round they hardly change.
    for _ in range(2):
        first = (evidence @ weights).argmax(axis=1)
        hits = first == right
        if hits.all() or not hits.any():
            return weights
        fitted = LogisticRegression(C=1e6).fit(evidence[np.arange(len(right)), first, :2], hits)
        weights = np.append(fitted.coef_[0], fitted.intercept_)
    return weights
