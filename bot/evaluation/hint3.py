"""HINT3, real messages to three shops' bots: our intent model beside published systems.

The data: github.com/hellohaptik/HINT3, folder `dataset`. Version 1 of it, the one that the figures were published
for, and the full training sets, not their subsets. A third to two thirds of the messages are out of scope.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import matthews_corrcoef, roc_auc_score

from bot.errors import BotError
from bot.understanding.encoder import encoder
from bot.understanding.intents import IntentModel

VERSION = "v1"
SHOPS = "sofmattress", "curekart", "powerplay11"
OUT_OF_SCOPE = "NO_NODES_DETECTED"
THRESHOLDS = np.arange(1, 10) / 10  # those of the paper
OURS = "this assistant"


class Hint3Error(BotError):
    """The data is missing or not as published; the message says what is expected."""


@dataclass(frozen=True)
class Figures:
    """How well one system understands one shop's customers.

    Attributes:
        top1: the share of in-scope messages whose first intent is right; published at threshold 0.1, ours with
            nothing rejected.
        mcc: the Matthews correlation over all intents and out of scope, at the best of `THRESHOLDS` on the test set.
        auc: the area under the curve that tells in scope from out of scope by confidence; None if not published.
    """

    system: str
    shop: str
    top1: float
    mcc: float
    auc: float | None = None


# Arora et al. 2020, "HINT3: Raising the bar for Intent Detection in the Wild", arXiv:2009.13833.
PUBLISHED = [
    Figures(system, shop, top1, mcc)
    for system, figures in {
        "Dialogflow 2020": ((0.732, 0.638), (0.750, 0.578), (0.596, 0.353)),
        "Rasa 2020": ((0.693, 0.526), (0.841, 0.511), (0.491, 0.340)),
        "Haptik 2020": ((0.723, 0.588), (0.803, 0.603), (0.665, 0.425)),
        "BERT 2020": ((0.736, 0.617), (0.836, 0.553), (0.585, 0.347)),
    }.items()
    for shop, (top1, mcc) in zip(SHOPS, figures, strict=True)
]


def rows(folder: Path) -> list[Figures]:
    """The published systems and ours; for what goes in and what is raised see `measure`."""
    return [*PUBLISHED, *measure(folder)]


def measure(folder: Path) -> list[Figures]:
    """Fit our intent model to each shop's examples and ask it that shop's test messages.

    Args:
        folder: a copy of HINT3's `dataset`, with v1/train and v1/test.

    Raises:
        Hint3Error: a file is missing or not as published.
    """
    # All is read before the first model is fitted: a wrong folder is told of at once.
    data = [(shop, _read(folder, "train", shop), _read(folder, "test", shop)) for shop in SHOPS]
    return [_measure(shop, *train, *test) for shop, train, test in data]


def _measure(shop: str, examples: list[str], intents: list[str], messages: list[str], labels: list[str]) -> Figures:
    model = IntentModel.fit(examples, encoder().encode(examples), intents)
    embeddings = encoder().encode(messages)
    best = [model.rank(message, row)[0] for message, row in zip(messages, embeddings, strict=True)]
    named, confidence = np.array([b.intent for b in best]), np.array([b.confidence for b in best])
    right = np.array(labels)
    in_scope = right != OUT_OF_SCOPE
    answers = [np.where(confidence < threshold, OUT_OF_SCOPE, named) for threshold in THRESHOLDS]
    return Figures(
        OURS,
        shop,
        top1=float((named == right)[in_scope].mean()),
        mcc=max(float(matthews_corrcoef(right, answer)) for answer in answers),
        auc=float(roc_auc_score(in_scope, confidence)),
    )


def _read(folder: Path, part: str, shop: str) -> tuple[list[str], list[str]]:
    """The messages of one file and their labels."""
    file = folder / VERSION / part / f"{shop}_{part}.csv"
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            found = [(line["sentence"], line["label"]) for line in csv.DictReader(lines)]
    except OSError as error:
        raise Hint3Error(
            f"{file} cannot be read: {error.strerror}. Name a copy of the folder dataset of "
            f"github.com/hellohaptik/HINT3; it holds {VERSION}/train/SHOP_train.csv and {VERSION}/test/SHOP_test.csv "
            f"for the shops {', '.join(SHOPS)}."
        ) from error
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise Hint3Error(
            f"{file} is no UTF-8 CSV with the columns sentence and label. In a clone, run: git lfs pull"
        ) from error
    labels = {label for _, label in found}
    scopes = {label == OUT_OF_SCOPE for label in labels}
    if len(labels) < 2 or scopes != ({False} if part == "train" else {False, True}) or None in labels:
        wanted = "two intents, none" if part == "train" else "messages in scope and some"
        raise Hint3Error(f"{file} is not as published: it must have {wanted} labelled {OUT_OF_SCOPE}. Copy it again.")
    return [sentence for sentence, _ in found], [label for _, label in found]
