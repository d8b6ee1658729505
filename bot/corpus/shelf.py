"""The corpora that this process has loaded, by the hash of their documents."""

from collections import deque

from bot.corpus.errors import UnknownCorpusError
from bot.corpus.model import Corpus

_corpora: dict[str, Corpus] = {}
_latest: deque[Corpus] = deque(maxlen=1)


def put(corpus: Corpus) -> None:
    """Keeps a corpus for the life of the process. One with the same hash is replaced."""
    _corpora[corpus.sha256] = corpus
    _latest.append(corpus)


def get(sha256: str) -> Corpus:
    """The corpus with this hash; UnknownCorpusError (a KeyError) when it was never put here."""
    try:
        return _corpora[sha256]
    except KeyError:
        raise UnknownCorpusError(
            f"No documents with the hash {sha256!r} are loaded: load the model that was trained on them."
        ) from None


def latest() -> Corpus | None:
    """The corpus that was put last, or None."""
    return _latest[-1] if _latest else None
