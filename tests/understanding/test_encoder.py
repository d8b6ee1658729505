"""The sentence encoder: the published weights or none, built once, and an embedding that is the text's own."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import encoder as encoding
from bot.understanding import minilm
from bot.understanding.encoder import Encoder, EncoderError

TEXTS = ["Red light widens vessels.", "hello", "", "😀", "是否有用", "word " * 2000, "x" * 4096]


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """An empty cache, and the graphs that are built into it, here without the work."""
    made: list[Path] = []

    def build_file(directory: Path, weights: object, out: Path, quantized: bool) -> None:
        made.append(out)
        out.write_bytes(b"a graph")

    monkeypatch.setenv("BOT_CACHE", str(tmp_path / "cache" / "deep"))
    monkeypatch.setattr(minilm, "build_file", build_file)
    return made


def test_the_graph_is_built_once_and_again_when_it_is_missing(builds: list[Path], tmp_path: Path) -> None:
    graph = encoding.build_graph()
    assert graph.parent == tmp_path / "cache" / "deep"
    assert graph == encoding.build_graph()
    assert len(builds) == 1
    graph.unlink()
    assert encoding.build_graph().read_bytes() == b"a graph"
    assert len(builds) == 2
    assert list(graph.parent.iterdir()) == [graph], "nothing half made stays"


def test_another_version_is_another_graph(builds: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    graphs = {encoding.build_graph()}
    monkeypatch.setattr(encoding, "GRAPH_VERSION", encoding.GRAPH_VERSION + 1)
    graphs.add(encoding.build_graph())
    monkeypatch.setattr(encoding, "QUANTIZED", not encoding.QUANTIZED)
    graphs.add(encoding.build_graph())
    assert len(graphs) == len(builds) == 3


def test_weights_that_are_not_the_published_ones_are_refused(
    builds: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "model"
    shutil.copytree(encoding._model_directory(), copied)
    with (copied / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        last = weights.read(1)
        weights.seek(-1, 2)
        weights.write(bytes([last[0] ^ 1]))
    monkeypatch.setattr(encoding, "_model_directory", lambda: copied)
    with pytest.raises(EncoderError, match=r"not the published .*make setup"):
        encoding.build_graph()
    assert builds == []


def test_a_missing_wheel_is_named(builds: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "WHEEL", "no_such_wheel")
    with pytest.raises(EncoderError, match=r"no-such-wheel is not installed.*make setup"):
        encoding.build_graph()


def test_a_folder_that_cannot_be_written_is_named(
    builds: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BOT_CACHE", str(tmp_path / "file"))
    with pytest.raises(EncoderError, match="Set BOT_CACHE"):
        encoding.build_graph()


def test_a_graph_built_anew_gives_the_same_embeddings(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_CACHE", str(tmp_path))
    anew = Encoder(encoding.build_graph())
    assert np.allclose(anew.encode(TEXTS), encoder.encode(TEXTS), atol=1e-5)


def test_each_embedding_has_length_one(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoding.WIDTH)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoding.WIDTH)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), min_size=1, max_size=5), st.randoms())
@settings(max_examples=25, deadline=None)
def test_an_embedding_does_not_depend_on_its_neighbours(encoder: Encoder, texts: list[str], order: object) -> None:
    together = encoder.encode(texts)
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(encoder.encode([text])[0], row)
    assert np.array_equal(encoder.encode(texts[::-1])[::-1], together)


def test_what_means_the_same_is_near(encoder: Encoder) -> None:
    """Or the graph would be one of another model."""
    question, same, other = encoder.encode(["does it relieve pain?", "will it hurt less?", "where is my parcel?"])
    assert question @ same > question @ other + 0.2


def test_the_vocabulary_is_of_whole_lower_case_words() -> None:
    words = encoding.vocabulary()
    assert {"pain", "pregnant", "light"} <= words
    assert len(words) > 20_000
    assert not any(word.startswith("##") or word != word.lower() for word in words)
