"""The supplier's documents as documents, sections, passages and warnings. Imports no Rasa."""

from bot.corpus import shelf
from bot.corpus.conditions import KNOWN_CONDITIONS
from bot.corpus.errors import CorpusError, NotInCorpusError, Problem, UnknownCorpusError
from bot.corpus.model import (
    BoundWarning,
    Contact,
    Contraindication,
    Corpus,
    Document,
    Kind,
    Level,
    Passage,
    Section,
    Severity,
    Verdict,
)
from bot.corpus.reader import documents_sha256, read_corpus

__all__ = [
    "KNOWN_CONDITIONS",
    "BoundWarning",
    "Contact",
    "Contraindication",
    "Corpus",
    "CorpusError",
    "Document",
    "Kind",
    "Level",
    "NotInCorpusError",
    "Passage",
    "Problem",
    "Section",
    "Severity",
    "UnknownCorpusError",
    "Verdict",
    "documents_sha256",
    "read_corpus",
    "shelf",
]
