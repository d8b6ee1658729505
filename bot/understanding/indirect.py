"""Conditions that a message tells without naming them: 'the edges of my cut won't stay together'.

A linear model, on the sentence embedding and the spelling of a part of a message, over the conditions and none. It has
learned from examples whose words are annotated with the condition, and from what is said of everything else.
"""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import skops.io
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.understanding.conditions.holders import holders
from bot.understanding.conditions.homonyms import BREAKABLE, is_part_of_a_thing
from bot.understanding.conditions.lexicon import Hit
from bot.understanding.conditions.people import anchors
from bot.understanding.conditions.words import Token, tokenize, word_set
from bot.understanding.indirect_status import denied, over
from bot.understanding.questions import within

NONE = "none"
# From how likely on something is said of a condition, and of those how likely it is to be this one.
SAID_FROM, THIS_FROM = 0.65, 0.4
MOST = 100  # segments of a message that are embedded: so many that no customer writes more
BARE = 4  # words of a question that has room for nothing else: 'can I use it'
TFIDF_WEIGHT = 0.8
INVERSE_REGULARISATION = 10.0
FILE = "indirect.skops"

_CUTS = frozenset(",;:()-/")
_JOINS = word_set("but so because cos although though")
_MODALS = word_set("can could may might should shall will would is does do")
_SUBJECTS = word_set("i he she it we they you this that my our the red")
# A next clause that begins so goes on about the same: 'I had a lump in the breast, it was taken out'.
_SAME = word_set("it that this they these all both now long luckily thankfully which then but and has have was were is")
# What is awaited or said of a child is no pregnancy: weddings, parcels, children of an age.
_NO_PREGNANCY = re.compile(
    r" (?:weddings?|marr(?:y|ies|ied|ying)|parcels?|(?:my|the|your|our) orders?|delivery date|shipment|invoice|bill|"
    r"rent|tax|refund|prom|"
    r"graduation|graduates?|grown up|kindergarten|nursery school|primary school|university|thirties|forties) |"
    r" (?:baby|son|daughter|child|kids?|boy|girl|first|second|third|youngest|eldest|oldest|middle|number (?:one|two|"
    r"three|\d)|born|he|she) (?:[^ ]+ ){0,4}?(?:is|are|was|turned|turns|aged|now|he 's|she 's|,|\() (?:(?:now|"
    r"already|nearly|almost|over|by now) )*"
    r"(?:[2-9]|[1-6]\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty)"
    r"(?: years? old| years?| now| already|(?= (?:and|but|so|,|\)|[.])| $)) "
)
_IS_PREGNANCY = re.compile(
    r" (?:due|bump|birth|unborn|scan|midwife|trimester|trimestre|weeks?|months?|kick\w*|belly|tummy|womb|carrying|"
    r"expect\w*|"
    r"pregnan\w*|showing|waters|labou?r|on (?:the|its|her|his) way|another|inside) "
)


class Segment(NamedTuple):
    """A sentence or a clause: the indices of its first token and after its last one."""

    first: int
    last: int


class Told(NamedTuple):
    """A condition that a message tells, where in its text, and of whom."""

    condition: str
    start: int
    end: int
    holder: str


class Judgement(NamedTuple):
    """The likeliest condition, how likely any is told at all, and if so, how likely this one is."""

    condition: str
    told: float
    this: float


class IndirectModel:
    """The classifier, fitted."""

    def __init__(self, spelling: list[TfidfVectorizer], classifier: LogisticRegression) -> None:
        self._spelling = spelling
        self._classifier = classifier
        self._none = list(classifier.classes_).index(NONE)

    @classmethod
    def fit(cls, texts: list[str], embeddings: NDArray[np.float32], conditions: list[str]) -> "IndirectModel":
        """Fit on examples.

        Args:
            texts: n example texts.
            embeddings: (n, 384), rows of length one.
            conditions: the condition of each, or NONE; both must be there.
        """
        common: dict[str, Any] = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
        spelling = [
            TfidfVectorizer(ngram_range=(1, 2), **common).fit(texts),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), **common).fit(texts),
        ]
        # Not balanced: that most of what is said is none of it, is what keeps false alarms few.
        classifier = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=1000)
        return cls(spelling, classifier.fit(_features(spelling, texts, embeddings), conditions))

    def judge(self, texts: list[str], embeddings: NDArray[np.float32]) -> list[Judgement]:
        """What each of n texts, with embeddings (n, 384), tells."""
        probabilities = self._classifier.predict_proba(_features(self._spelling, texts, embeddings))
        probabilities[:, self._none] = 0.0
        best, any_at_all = probabilities.argmax(axis=1), probabilities.sum(axis=1)
        return [
            Judgement(str(self._classifier.classes_[b]), float(told), float(row[b] / max(told, 1e-9)))
            for row, b, told in zip(probabilities, best, any_at_all, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write the model into a folder, without pickles."""
        skops.io.dump({"spelling": self._spelling, "classifier": self._classifier}, folder / FILE)

    @classmethod
    def load(cls, folder: Path) -> "IndirectModel | None":
        """Read what `save` wrote, if it did. Raises what skops raises for a damaged file."""
        if not (folder / FILE).exists():
            return None
        parts = skops.io.load(folder / FILE)
        return cls(parts["spelling"], parts["classifier"])


def _features(spelling: list[TfidfVectorizer], texts: list[str], embeddings: NDArray[np.float32]) -> csr_matrix:
    # One after the other: a FeatureUnion takes longer to set out than to do it.
    return hstack([csr_matrix(embeddings), *(TFIDF_WEIGHT * s.transform(texts) for s in spelling)], format="csr")


def tell(
    text: str,
    embedding: NDArray[np.float32],
    named: Collection[str],
    understood: Collection[tuple[int, int]],
    model: IndirectModel,
    encode: Callable[[list[str]], NDArray[np.float32]],
) -> list[Told]:
    """The conditions that a message tells and does not name.

    Args:
        text: the message.
        embedding: that of the whole message.
        named: the conditions that it names, whatever it says of them.
        understood: where in the text the lexicon has found something; a segment with such is its business.
        model: what judges a segment.
        encode: texts to embeddings; called only for a message of several segments.

    Returns:
        In order, no two from overlapping segments, none that the message names, denies or says to be over.
    """
    tokens = tokenize(text)
    pieces = segments(tokens)
    unread = [s for s in pieces if not _overlaps(s, tokens, understood)]
    if not unread:
        return []
    words = [text[tokens[s.first].start : tokens[s.last - 1].end] for s in unread]
    # The first piece is the whole message, whose embedding is known.
    known = [embedding[np.newaxis]] if unread[0] == pieces[0] else []
    others = [encode(words[len(known) :])] if len(words) > len(known) else []
    judged = zip(unread, model.judge(words, np.concatenate(known + others)), strict=True)
    kept: list[tuple[Segment, str]] = []
    # The shortest first: it is told of whom that one speaks of.
    for segment, judgement in sorted(judged, key=lambda each: each[0].last - each[0].first):
        condition = judgement.condition
        if judgement.told < SAID_FROM or judgement.this < THIS_FROM or condition in named:
            continue
        if any(condition == c or (s.first < segment.last and segment.first < s.last) for s, c in kept):
            continue
        if _is_of_else(condition, _words(tokens, segment.first, segment.last)):
            continue
        if not _is_denied_or_over(condition, segment, pieces, tokens):
            kept.append((segment, condition))
    return [
        Told(condition, tokens[segment.first].start, tokens[segment.last - 1].end, who)
        for segment, condition in sorted(kept)
        for who in _holders(condition, segment, tokens)
    ]


def segments(tokens: list[Token]) -> list[Segment]:
    """The whole of a message first, then its sentences and clauses, but for single words and bare questions."""
    clauses = list(_runs(tokens, clauses=True))
    sentences = list(_runs(tokens, clauses=False))
    worded = [n for n, token in enumerate(tokens) if token.is_word]
    if not worded:
        return []
    whole = Segment(worded[0], worded[-1] + 1)
    several = {s for s in sentences + clauses if _says_something(tokens[s.first : s.last])} - {whole}
    return [whole, *within(sorted(several), MOST)]


def _runs(tokens: list[Token], clauses: bool) -> Iterator[Segment]:
    run: list[int] = []
    for place, token in enumerate(tokens):
        new = bool(run) and token.sentence != tokens[run[-1]].sentence
        cut = clauses and token.text in _CUTS
        joined = clauses and (token.text in _JOINS or _asks(tokens, place))
        if run and (new or cut or joined):
            yield Segment(run[0], run[-1] + 1)
            run = []
        if token.is_word:
            run.append(place)
    if run:
        yield Segment(run[0], run[-1] + 1)


def _says_something(tokens: list[Token]) -> bool:
    words = sum(token.is_word for token in tokens)
    return words > BARE or (words >= 2 and not _asks(tokens, 0))


def _asks(tokens: list[Token], place: int) -> bool:
    """Whether a question begins at a token: 'my sister is due in May can I use it'."""
    return tokens[place].text in _MODALS and place + 1 < len(tokens) and tokens[place + 1].text in _SUBJECTS


def _words(tokens: list[Token], first: int, last: int) -> str:
    return " " + "".join(token.text + " " for token in tokens[first:last])


def _overlaps(segment: Segment, tokens: list[Token], places: Collection[tuple[int, int]]) -> bool:
    start, end = tokens[segment.first].start, tokens[segment.last - 1].end
    return any(first < end and start < last for first, last in places)


def _is_denied_or_over(condition: str, segment: Segment, pieces: list[Segment], tokens: list[Token]) -> bool:
    words = _words(tokens, segment.first, segment.last)
    if denied(words) or over(words, condition):
        return True
    following = [s for s in pieces if s.first >= segment.last]
    after = min(following, key=lambda s: (s.first, s.last), default=None)
    goes_on = after is not None and tokens[after.first].text.split()[0] in _SAME
    return goes_on and after is not None and over(_words(tokens, after.first, after.last), condition)


def _is_of_else(condition: str, words: str) -> bool:
    """Whether a segment, ' word word ', speaks of something that is only like the condition."""
    if condition == "pregnancy":
        return bool(_NO_PREGNANCY.search(words)) and not _IS_PREGNANCY.search(words)
    return condition in BREAKABLE and is_part_of_a_thing(words)


def _holders(condition: str, segment: Segment, tokens: list[Token]) -> list[str]:
    """Who has it: whoever the segment speaks of last, as the lexicon's mentions have it; nobody who has died."""
    last = segment.last - 1
    hit = Hit(condition, last, segment.last, (tokens[last].stem,))
    return [who for who, late, _ in holders(hit, tokens, anchors(tokens)) if not late]
