"""The report's plots, as SVG text: the same figures give the same bytes."""

import io
from typing import Any

import matplotlib as mpl
import numpy as np

from bot.evaluation.intents import Predictions

mpl.use("svg")
from matplotlib import pyplot as plt

INK, LINE, FAINT = "#1f2933", "#b3261e", "#9aa5b1"


def confusion(predictions: Predictions) -> str:
    """Rows are intents, columns what their examples were taken for; shares of the row."""
    names = sorted(set(predictions.right.tolist()))
    places = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for right, taken in zip(predictions.right.tolist(), predictions.taken_for.tolist(), strict=True):
        counts[places[right], places[taken]] += 1
    shares = counts / counts.sum(axis=1, keepdims=True)
    figure, axes = plt.subplots(figsize=(11, 10))
    axes.imshow(shares, cmap="Reds", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    for row, column in np.argwhere(shares >= 0.05):
        share = shares[row, column]
        colour = "white" if share > 0.6 else INK
        axes.text(column, row, f"{share:.0%}"[:-1], ha="center", va="center", fontsize=5, color=colour)
    axes.set_xlabel("taken for")
    axes.set_ylabel("intent")
    return _svg(figure)


def reliability(predictions: Predictions) -> str:
    """The share that is right against the confidence; on the diagonal confidence is what it says."""
    means, shares, counts = zip(*predictions.reliability(), strict=True)
    figure, axes = plt.subplots(figsize=(5, 4))
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--")
    axes.plot(means, shares, color=LINE, marker="o")
    for mean, share, count in zip(means, shares, counts, strict=True):
        axes.annotate(str(count), (mean, share), textcoords="offset points", xytext=(5, -9), fontsize=7, color=INK)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that is right")
    return _svg(figure)


def coverage(predictions: Predictions, threshold: float) -> str:
    """Accuracy of what is understood against how much that is, over the threshold; the one in use is marked."""
    found = predictions.coverage()
    figure, axes = plt.subplots(figsize=(5, 4))
    axes.plot([share for _, share, _ in found], [accuracy for *_, accuracy in found], color=LINE, marker=".")
    for at, share, accuracy in found:
        in_use = abs(at - threshold) < 0.01
        if in_use or round(at * 100) % 20 == 0:
            text = f"{at:.1f}" + (" in use" if in_use else "")
            axes.annotate(text, (share, accuracy), textcoords="offset points", xytext=(5, 3), fontsize=7, color=INK)
    axes.set_xlabel("share at or above the threshold")
    axes.set_ylabel("accuracy of these")
    return _svg(figure)


def _svg(figure: Any) -> str:
    written = io.StringIO()
    # Ids from a fixed salt and no date, so that two runs write the same.
    with mpl.rc_context({"svg.hashsalt": "bot", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(written, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return written.getvalue()[written.getvalue().index("<svg") :]
