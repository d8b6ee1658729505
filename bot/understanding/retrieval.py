"""Which passages of the documents answer a question: embeddings for what is meant, tf-idf for what is said.

A passage's score is the weighted mean of two likenesses. What is meant: the mean cosine to four views of the
passage, since a question may be near a sentence, its heading or all of its section. What is said: tf-idf over the
words' characters (char_wb 3-5) in folded spelling, which holds terms that the encoder never learned and is patient
with misspelling; half its cosine, half the share of the question that the passage covers, so that a bare term
finds a long sentence.

The training examples help a question that shares neither words nor meaning with a sentence: each example of a kind
that the documents are about is led to the section it finds by itself, and a question near it is led there too; one
of how it works that finds none clearly is led to the first section that explains, the overview. An example in words
that no document has may name its section, and draws more strongly.
What the words of a question speak for counts too, by a model of the examples that name one (`leading.py`).
Near an example of what the documents do not answer every score is lowered. The weights were chosen on
tests/understanding/questions.yml.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import skops.io
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.corpus import Corpus, Kind, Passage
from bot.understanding.encoder import Encoder
from bot.understanding.leading import NOWHERE, LeadingModel

LEXICAL_WEIGHT = 0.35
# How much each view of a passage counts: under its heading, alone, the heading, the whole section.
VIEWS = (0.35, 0.3, 0.15, 0.2)
# British and American, and how it sounds: haemorheology is hemorheology, 'fagocites' are phagocytes.
SPELLINGS = (
    ("ph", "f"),
    ("ae", "e"),
    ("oe", "e"),
    ("y", "i"),
    ("our", "or"),
    ("tre", "ter"),
    ("bre", "ber"),
    ("is", "iz"),
)
# From this score on an example leads to the section it finds; from this nearness on it draws a question there.
LEADS_FROM, NEAR_FROM = 0.25, 0.4
# Below this score a question of how it works names nothing special.
VAGUE_BELOW = 0.34
LEAD_WEIGHT, NAMED_WEIGHT, DECLINE_WEIGHT = 0.3, 0.6, 0.5
# How much a section gains that the words surely speak for.
SPOKEN_FOR_WEIGHT = 0.2
# How much all lose where the words surely speak for none.
NOWHERE_WEIGHT = 0.1
VECTORS_FILE, TERMS_FILE, CORPUS_FILE = "passages.npz", "terms.skops", "corpus.json"


NO_EXAMPLES = np.empty((0, 384), np.float32)
NO_SECTIONS = np.empty(0, np.int64)
NOT_NAMED = np.empty(0, np.bool_)


class Found(NamedTuple):
    """A passage's id with its score for a question, about 0 to 1."""

    passage: str
    score: float


class Examples(NamedTuple):
    """Questions of one kind: their texts, their embeddings (n, 384), and the kinds of section that answer them.

    The most fitting kind comes first; no kind at all: the documents do not answer them. `sections` has for each text
    the `document#section` that it names, or None; without it none does.
    """

    texts: Sequence[str]
    embeddings: NDArray[np.float32]
    kinds: Sequence[Kind]
    sections: Sequence[str | None] = ()


class PassageIndex:
    """All passages of a corpus, ready to be searched."""

    def __init__(
        self,
        corpus: Corpus,
        vectors: NDArray[np.float32],
        terms: TfidfVectorizer,
        leading: NDArray[np.float32] = NO_EXAMPLES,
        leads_to: NDArray[np.int64] = NO_SECTIONS,
        named: NDArray[np.bool_] = NOT_NAMED,
        declined: NDArray[np.float32] = NO_EXAMPLES,
        spoken_for: LeadingModel | None = None,
    ) -> None:
        self.corpus = corpus
        self._ids = [passage.id for passage in corpus.passages]
        sections = list(dict.fromkeys((p.document, p.section) for p in corpus.passages))
        self._section_of = np.array([sections.index((p.document, p.section)) for p in corpus.passages])
        self._vectors = vectors
        self._terms = terms
        matrix = terms.transform([folded(_in_context(corpus, p)) for p in corpus.passages]).T.tocsr()
        self._matrix = matrix
        self._holds = (matrix > 0).astype(np.float32)
        self._units = terms.build_analyzer()
        # What no passage holds is as telling as what only one does.
        self._unknown = float(np.log(1 + len(self._ids)) + 1)
        self._leading, self._leads_to, self._named, self._declined = leading, leads_to, named, declined
        self._spoken_for = spoken_for

    @classmethod
    def build(cls, corpus: Corpus, encoder: Encoder, examples: Iterable[Examples] = ()) -> "PassageIndex":
        """Embed and index every passage, and let examples of questions lead to sections."""
        texts = [folded(_in_context(corpus, passage)) for passage in corpus.passages]
        terms = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
        terms.fit(texts)
        views = zip(*(_views(corpus, passage) for passage in corpus.passages), strict=True)
        # The mean of cosines is the cosine to the mean.
        vectors = sum(weight * encoder.encode(list(view)) for weight, view in zip(VIEWS, views, strict=True))
        index = cls(corpus, np.asarray(vectors, np.float32), terms)
        index._learn(list(examples))
        return index

    def _learn(self, examples: Sequence[Examples]) -> None:
        kinds = [self.corpus.section(p.document, p.section).kind for p in self.corpus.passages]
        overview = kinds.index(Kind.MECHANISM) if Kind.MECHANISM in kinds else None
        numbers = {f"{p.document}#{p.section}": n for p, n in zip(self.corpus.passages, self._section_of, strict=True)}
        leading, leads_to, named = [NO_EXAMPLES], [], []
        texts: list[str] = []
        telling: list[bool] = []
        for group in examples:
            right = np.array([kind in group.kinds for kind in kinds])
            names = group.sections or [None] * len(group.texts)
            for text, row, name in zip(group.texts, group.embeddings, names, strict=True) if right.any() else ():
                # A name that these documents do not hold leads nowhere by itself.
                number = numbers[name] if name in numbers else self._own(text, row, right, group.kinds[0], overview)
                if number is not None:
                    leading.append(row[np.newaxis])
                    leads_to.append(number)
                    texts.append(folded(text))
                    telling.append(name in numbers)
                    # To the overview whatever is vague leads anyway.
                    named.append(name in numbers and (overview is None or number != self._section_of[overview]))
        declined = [group.embeddings for group in examples if not group.kinds]
        nowhere = [folded(text) for group in examples if not group.kinds for text in group.texts]
        self._leading, self._leads_to = np.concatenate(leading), np.array(leads_to, np.int64)
        self._named = np.array(named, np.bool_)
        self._declined = np.concatenate([NO_EXAMPLES, *declined])
        self._spoken_for = LeadingModel.fit(
            [text for text, tells in zip(texts, telling, strict=True) if tells] + nowhere,
            np.concatenate([self._leading[np.array(telling, np.bool_)], self._declined]),
            np.append(self._leads_to[np.array(telling, np.bool_)], [NOWHERE] * len(nowhere)).astype(np.int64),
        )

    def _own(
        self, text: str, row: NDArray[np.float32], right: NDArray[np.bool_], kind: Kind, overview: int | None
    ) -> int | None:
        """The section that an example finds by itself among the right passages, if any."""
        scores = np.where(right, self._scores(text, row), -1.0)
        best = int(scores.argmax())
        if overview is not None and kind is Kind.MECHANISM and scores[best] < VAGUE_BELOW:
            best = overview
        elif scores[best] < LEADS_FROM:
            return None
        return int(self._section_of[best])

    def search(self, text: str, embedding: NDArray[np.float32], limit: int) -> list[Found]:
        """The `limit` best passages for a question, best first.

        Args:
            embedding: of the question: (384,), of length one.
        """
        scores = self._scores(text, embedding)
        likeness = self._leading @ embedding
        sections = int(self._section_of.max()) + 1
        # How much the nearest example of each section draws, by the larger of both ways.
        drawn = np.zeros(sections, np.float32)
        np.maximum.at(drawn, self._leads_to, np.where(self._named, NAMED_WEIGHT, LEAD_WEIGHT) * (likeness - NEAR_FROM))
        if self._spoken_for is not None:
            shares, nowhere = self._spoken_for.shares(folded(text), embedding, sections)
            drawn += SPOKEN_FOR_WEIGHT * shares - NOWHERE_WEIGHT * nowhere
        nearest = max(NEAR_FROM, float(likeness.max(initial=0.0)))
        declined = max(0.0, float((self._declined @ embedding).max(initial=0.0)) - nearest)
        scores = scores + drawn[self._section_of] - DECLINE_WEIGHT * declined
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Found(self._ids[i], round(float(scores[i]), 4)) for i in best]

    def _scores(self, text: str, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        """How well each passage itself answers a question."""
        said = folded(text)
        cosine = (self._terms.transform([said]) @ self._matrix).toarray()[0]
        lexical = (cosine + self._covered(said)) / 2
        scores: NDArray[np.float32] = (1 - LEXICAL_WEIGHT) * (self._vectors @ embedding) + LEXICAL_WEIGHT * lexical
        return scores

    def _covered(self, said: str) -> NDArray[np.float32]:
        """For each passage the share of a text that it holds, rare parts counting more."""
        units = sorted(set(self._units(said)))
        known = [self._terms.vocabulary_[unit] for unit in units if unit in self._terms.vocabulary_]
        weights = self._terms.idf_[known]
        total = float(weights.sum()) + self._unknown * (len(units) - len(known))
        shares: NDArray[np.float32] = (weights @ self._holds[known]) / max(total, 1.0)
        return shares

    def titled(self, text: str) -> list[Found]:
        """All passages of the section with this very title, each with the full score; none where there is none."""
        wanted = text.strip().casefold()
        section = next((s for s in self.corpus.sections if s.passages and s.title.casefold() == wanted), None)
        return [Found(passage.id, 1.0) for passage in section.passages] if section else []

    def save(self, folder: Path) -> None:
        """Write the index and the corpus itself into a folder, without pickles."""
        (folder / CORPUS_FILE).write_text(self.corpus.to_json(), encoding="utf-8")
        np.savez(
            folder / VECTORS_FILE,
            vectors=self._vectors,
            leading=self._leading.astype(np.float16),
            leads_to=self._leads_to,
            named=self._named,
            declined=self._declined.astype(np.float16),
        )
        skops.io.dump(self._terms, folder / TERMS_FILE)
        if self._spoken_for is not None:
            self._spoken_for.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "PassageIndex":
        """Read what `save` wrote; the documents themselves are not needed."""
        corpus = Corpus.from_json((folder / CORPUS_FILE).read_text(encoding="utf-8"))
        with np.load(folder / VECTORS_FILE) as arrays:
            leading, declined = (arrays[name].astype(np.float32) for name in ("leading", "declined"))
            terms = skops.io.load(folder / TERMS_FILE)
            learned = leading, arrays["leads_to"], arrays["named"], declined, LeadingModel.load(folder)
            return cls(corpus, arrays["vectors"], terms, *learned)


def best_of(one: list[Found], other: list[Found]) -> list[Found]:
    """Two results as one, each passage with its better score, best first."""
    best = {found.passage: found for found in sorted([*one, *other], key=lambda found: found.score)}
    return sorted(best.values(), key=lambda found: -found.score)


def _in_context(corpus: Corpus, passage: Passage) -> str:
    """The sentence under the titles of its section: 'Gate control' says what 'the gate' in it is."""
    return ". ".join([corpus.section(passage.document, passage.section).title, passage.text])


def _views(corpus: Corpus, passage: Passage) -> tuple[str, str, str, str]:
    section = corpus.section(passage.document, passage.section)
    whole = " ".join(other.text for other in section.passages)
    return _in_context(corpus, passage), passage.text, section.title, whole


def folded(text: str) -> str:
    """A text in lower case and in one spelling, to compare words by; not to be read."""
    text = text.lower()
    for spelling, other in SPELLINGS:
        text = text.replace(spelling, other)
    return re.sub(r"(.)\1", r"\1", text)
