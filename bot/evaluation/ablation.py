"""What each part of the understanding earns: the test set without it.

A part is taken out by replacing one name in the running code, so that production code has no switches. Parts that
only matter in training are trained without, on a model of their own. Run in a process of its own for each part:
`python -m bot.evaluation.ablation NAME`, which prints the rates as JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from bot import runtime
from bot.errors import BotError
from bot.runtime import archive

UNDERSTANDING = "bot.understanding"


class AblationError(BotError):
    """A run without a part failed; the message holds what it said last."""


@dataclass(frozen=True)
class Part:
    """A part of the understanding.

    Attributes:
        without: what stands in for it, by dotted name.
        trained: whether the model has to be trained without it.
    """

    without: dict[str, Any]
    trained: bool = False


def _nothing(*_: Any, **__: Any) -> tuple[()]:
    return ()


def _no_mentions(*_: Any, **__: Any) -> list[Any]:
    return []


def _exact(lexicon: Any, token: Any) -> list[str]:
    from bot.understanding.conditions.lexicon import _key

    word = _key(token)
    return [word] if word in lexicon._words else []


def _as_it_is(_: Any, text: str) -> str:
    return text


def _stated(*_: Any, **__: Any) -> str:
    return "stated"


def _customers(*_: Any, **__: Any) -> list[tuple[str, bool, str]]:
    return [("customer", False, "")]


def _one_embedding(_: Any, texts: list[str]) -> Any:
    return np.tile(np.eye(1, 384, dtype=np.float32), (len(texts), 1))


def _never(*_: Any, **__: Any) -> bool:
    return False


PARTS = {
    "lexicon of conditions": Part({f"{UNDERSTANDING}.condition_extractor.extract": _no_mentions}),
    "spelling corrector": Part({f"{UNDERSTANDING}.spelling.Speller.corrected": _as_it_is}),
    "spelling distance": Part(
        {
            f"{UNDERSTANDING}.spelling.Speller.corrected": _as_it_is,
            f"{UNDERSTANDING}.conditions.lexicon.Lexicon._spellings": _exact,
            f"{UNDERSTANDING}.conditions.lexicon.Lexicon._torn": _nothing,
        }
    ),
    "negation, past and doubt": Part({f"{UNDERSTANDING}.conditions.extract.status": _stated}),
    "holder": Part({f"{UNDERSTANDING}.conditions.extract.holders": _customers}),
    "lookalikes": Part({f"{UNDERSTANDING}.conditions.extract.is_lookalike": _never}),
    "conditions told, not named": Part({f"{UNDERSTANDING}.condition_extractor.tell": _nothing}),
    "embeddings": Part({f"{UNDERSTANDING}.encoder.Encoder.encode": _one_embedding}, trained=True),
    "nearest example": Part({f"{UNDERSTANDING}.intents.NEARNESS": 0.0}, trained=True),
    "calibration": Part({f"{UNDERSTANDING}.intents._calibration": lambda *_: np.array([1.0, 0.0])}, trained=True),
    "lexical retrieval": Part({f"{UNDERSTANDING}.retrieval.LEXICAL_WEIGHT": 0.0}),
    "examples in retrieval": Part(
        {f"{UNDERSTANDING}.retrieval.{weight}": 0.0 for weight in ("LEAD_WEIGHT", "NAMED_WEIGHT", "DECLINE_WEIGHT")}
    ),
    "questions told apart": Part({f"{UNDERSTANDING}.featurizer.parts": _nothing}),
}


@contextlib.contextmanager
def without(name: str) -> Iterator[None]:
    """Take a part out, for as long as the context lasts."""
    with contextlib.ExitStack() as stack:
        for target, stand_in in PARTS[name].without.items():
            stack.enter_context(mock.patch(target, stand_in))
        yield


def rates_without(name: str) -> dict[str, tuple[int, int]]:
    """The measures over the test set without a part, run in a process of its own.

    Raises:
        AblationError: that process failed.
    """
    command = [sys.executable, "-m", "bot.evaluation.ablation", name]
    # Rasa's training cache cannot see that a part is missing.
    surroundings = {**os.environ, "RASA_MAX_CACHE_SIZE": "0"}
    done = subprocess.run(command, cwd=archive.ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AblationError(f"The run without {name!r} ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, tuple[int, int]] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(name: str) -> None:
    """Print the rates without one part."""
    os.environ["TQDM_DISABLE"] = "1"
    runtime.install()
    from bot.evaluation import cases, measures
    from bot.evaluation.player import Player

    with without(name), tempfile.TemporaryDirectory() as folder:
        model = archive.model_for(archive.DOCUMENTS)
        if PARTS[name].trained:
            model = Path(folder) / "without.tar.gz"
            with contextlib.redirect_stdout(sys.stderr):
                archive.train(archive.DOCUMENTS, model)
        played = Player(model).play([case for each in cases.read(cases.UNSEEN).values() for case in each])
    rates = {measure.name: measure.of(played) for measure in measures.MEASURES}
    print(json.dumps({name: (rate.hits, rate.of) for name, rate in rates.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
