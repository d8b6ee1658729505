"""Which section a question is led to: a linear model on its embedding and spelling.

It has learned from the training examples that name a section, and from those that the documents do not answer.
The nearest example alone knows only what stands in it. The model knows what each word speaks for, also in company
that no example has: 'cold' and 'stiff' go to different sections whichever part of the body they are said of.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import skops.io
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

TFIDF_WEIGHT, INVERSE_REGULARISATION = 0.7, 20.0
NOWHERE = -1  # the number of the section that answers what the documents do not
MODEL_FILE = "leading.skops"


class LeadingModel:
    """How likely each section is the one that a question is led to."""

    def __init__(self, spelling: FeatureUnion, classifier: LogisticRegression) -> None:
        self._spelling, self._classifier = spelling, classifier

    @classmethod
    def fit(
        cls, texts: Sequence[str], embeddings: NDArray[np.float32], sections: NDArray[np.int64]
    ) -> "LeadingModel | None":
        """Fit on examples with the number of the section of each, or NOWHERE; None where all lead to one."""
        if len(set(sections.tolist())) < 2:
            return None
        spelling = FeatureUnion(
            [
                ("words", TfidfVectorizer(sublinear_tf=True, dtype=np.float32)),
                ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2)),
            ],
            transformer_weights={"words": TFIDF_WEIGHT, "characters": TFIDF_WEIGHT},
        )
        try:
            features = hstack([csr_matrix(embeddings), spelling.fit_transform(texts)], format="csr")
        except ValueError:  # so few that no letters come twice
            return None
        classifier = LogisticRegression(C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=1000)
        classifier.fit(features, sections)
        classifier.coef_ = classifier.coef_.astype(np.float32)
        return cls(spelling, classifier)

    def shares(self, text: str, embedding: NDArray[np.float32], sections: int) -> tuple[NDArray[np.float32], float]:
        """For each of so many sections how likely it is the one, and how likely none is; 1 together."""
        features = hstack([csr_matrix(embedding[np.newaxis]), self._spelling.transform([text])], format="csr")
        found, nowhere = np.zeros(sections, np.float32), 0.0
        for section, share in zip(self._classifier.classes_, self._classifier.predict_proba(features)[0], strict=True):
            if section == NOWHERE:
                nowhere = float(share)
            else:
                found[section] = share
        return found, nowhere

    def save(self, folder: Path) -> None:
        """Write the model into a folder, without pickles."""
        skops.io.dump({"spelling": self._spelling, "classifier": self._classifier}, folder / MODEL_FILE)

    @classmethod
    def load(cls, folder: Path) -> "LeadingModel | None":
        """Read what `save` wrote; None where nothing was."""
        if not (folder / MODEL_FILE).exists():
            return None
        parts = skops.io.load(folder / MODEL_FILE)
        return cls(parts["spelling"], parts["classifier"])
