"""The shelf of corpora."""

from collections import deque
from dataclasses import replace

import pytest

from bot.corpus import UnknownCorpusError, shelf

from .conftest import Read


@pytest.fixture(autouse=True)
def empty_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_corpora", {})
    monkeypatch.setattr(shelf, "_latest", deque(maxlen=1))


def test_corpora_are_kept_by_their_hash(read: Read) -> None:
    first = read()
    second = replace(first, sha256="2")
    assert shelf.latest() is None
    shelf.put(first)
    shelf.put(second)
    assert (shelf.get(first.sha256), shelf.get("2"), shelf.latest()) == (first, second, second)
    shelf.put(first)
    assert shelf.latest() is first


def test_unknown_hash_is_named() -> None:
    with pytest.raises(UnknownCorpusError) as caught:
        shelf.get("abc")
    assert isinstance(caught.value, KeyError)
    assert str(caught.value).startswith("No documents with the hash 'abc' are loaded")
