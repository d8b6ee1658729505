"""How well intents are told apart on examples that the model has not seen: cross-validation over data/nlu."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from bot.errors import BotError
from bot.evaluation.rates import Rate
from bot.understanding.encoder import encoder
from bot.understanding.intents import IntentModel

BINS = 10


class IntentsError(BotError):
    """The examples cannot be cross-validated; the message says why."""


@dataclass(frozen=True)
class Predictions:
    """What unseen examples were taken for.

    Attributes:
        right, taken_for: n intents each, the example's own and the surest one.
        confidence: (n,), 0 to 1.
    """

    right: NDArray[np.str_]
    taken_for: NDArray[np.str_]
    confidence: NDArray[np.float64]

    @property
    def accuracy(self) -> Rate:
        """How often the surest intent is the right one."""
        return Rate.over((self.right == self.taken_for).tolist())

    @property
    def f1(self) -> dict[str, float]:
        """The F1 of each intent."""
        names = sorted(set(self.right))
        return dict(zip(names, f1_score(self.right, self.taken_for, labels=names, average=None).tolist(), strict=True))

    def confusions(self) -> Counter[tuple[str, str]]:
        """How many examples of the first intent were taken for the second."""
        pairs = zip(self.right.tolist(), self.taken_for.tolist(), strict=True)
        return Counter((right, taken) for right, taken in pairs if right != taken)

    def reliability(self) -> list[tuple[float, float, int]]:
        """For each bin of confidence: its mean, the share that is right, and how many there are."""
        bins = np.minimum((self.confidence * BINS).astype(int), BINS - 1)
        found = []
        for number in range(BINS):
            there = bins == number
            if there.any():
                share = float((self.right == self.taken_for)[there].mean())
                found.append((float(self.confidence[there].mean()), share, int(there.sum())))
        return found

    @property
    def calibration_error(self) -> float:
        """How far confidence is from the share that is right, on average over the bins (Naeini et al. 2015)."""
        return sum(abs(mean - share) * count for mean, share, count in self.reliability()) / len(self.right)

    def coverage(self) -> list[tuple[float, float, float]]:
        """For thresholds 0 to .95: the threshold, the share at or above it, and the accuracy of these."""
        found = []
        for threshold in np.arange(0.0, 1.0, 0.05):
            kept = self.confidence >= threshold
            if kept.any():
                accuracy = float((self.right == self.taken_for)[kept].mean())
                found.append((float(threshold), float(kept.mean()), accuracy))
        return found


def cross_validate(data: Path, folds: int) -> Predictions:
    """Understand each example by a model of the others.

    Args:
        data: a folder of Rasa's NLU data.
        folds: parts of the data; 2 at least.

    Raises:
        IntentsError: an intent has fewer examples than folds, or there are fewer than two intents.
    """
    examples = [e for e in load_data(str(data)).intent_examples if e.get(TEXT) and e.get(INTENT)]
    texts = [str(e.get(TEXT)) for e in examples]
    right = np.array([str(e.get(INTENT)) for e in examples])
    few = [name for name, count in Counter(right.tolist()).items() if count < folds]
    if few or len(set(right.tolist())) < 2:
        reason = f"{few[0]} has fewer than {folds} examples" if few else "there are fewer than two intents"
        raise IntentsError(f"The intents of {data} cannot be cross-validated: {reason}.")
    rows = encoder().encode(texts)
    taken_for, confidence = right.copy(), np.zeros(len(texts))
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=0).split(texts, right):
        model = IntentModel.fit([texts[i] for i in seen], rows[seen], right[seen].tolist())
        for i in unseen:
            best = model.rank(texts[i], rows[i])[0]
            taken_for[i], confidence[i] = best.intent, best.confidence
    return Predictions(right, taken_for, confidence)
