"""Does int8 cost retrieval on these documents? Run: python -m benchmarks.retrieval

Over tests/understanding/questions.yml, for each precision and lexical weight: how often the best passage is of a
section that answers the question (and among the best three), and how well the score tells answered from
unanswered questions (area under the ROC curve).
"""

import time
from pathlib import Path

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from bot.corpus import read_corpus
from bot.understanding import encoder as encoding
from bot.understanding import retrieval
from bot.understanding.encoder import Encoder

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "understanding" / "questions.yml"
WEIGHTS = (0.0, 0.15, 0.3, 0.45, 0.6, 1.0)


def main() -> None:
    """Print one row for each precision and lexical weight."""
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    corpus = read_corpus(ROOT / "data" / "documents")
    answered = questions["answered"]
    right = [{q["section"], *q.get("also", [])} for q in answered]
    texts = [q["text"] for q in answered] + questions["unanswered"]
    table = Table("encoder", "lexical weight", "right first", "right in three", "AUC answered", "encode ms")
    for quantized in (False, True):
        encoding.QUANTIZED = quantized
        encoder = Encoder(encoding.build_graph())
        began = time.perf_counter()
        embeddings = np.vstack([encoder.encode([text]) for text in texts])
        milliseconds = (time.perf_counter() - began) / len(texts) * 1000
        for weight in WEIGHTS:
            retrieval.LEXICAL_WEIGHT = weight
            index = retrieval.PassageIndex.build(corpus, encoder)
            found = [index.search(text, row, 12) for text, row in zip(texts, embeddings, strict=True)]
            sections = [list(dict.fromkeys(f.passage.split("/")[0] for f in each)) for each in found]
            first = np.mean([s[0] in r for s, r in zip(sections, right, strict=False)])
            three = np.mean([bool(r & set(s[:3])) for s, r in zip(sections, right, strict=False)])
            labels = [1] * len(answered) + [0] * len(questions["unanswered"])
            auc = roc_auc_score(labels, [each[0].score for each in found])
            name = "int8" if quantized else "fp32"
            table.add_row(name, f"{weight}", f"{first:.3f}", f"{three:.3f}", f"{auc:.3f}", f"{milliseconds:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
