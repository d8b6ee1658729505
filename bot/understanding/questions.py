"""The questions of a message, each with what is told before it."""

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from bot.understanding.conditions.words import tokenize

Piece = TypeVar("Piece")

SHORTEST = 4  # words of a question that another one follows in the same sentence
MOST = 4  # questions of one message that are looked at
PIECES = 100  # sentences or clauses of one message that are looked at for what must not be overlooked in any
_VERBS = "can|could|does|do|is|are|should|shall|will|would|may|might|did|has|have|am"
# 'When the baby is born, can I use it?' begins with no question.
_ASKS = rf"how|what|whats|why|(?:when|where)(?=\s+(?:{_VERBS}|to)\b)|who|which|{_VERBS}"
# 'how does it work and is it safe': the second half asks by itself.
_JOINT = re.compile(
    rf"(?:\s*,)?\s+(?:and|but|also|plus|then)\s+(?=(?:(?:also|if so|then|please),?\s+)?(?:{_ASKS})\s+\S+)"
    rf"|\s*,\s+(?=(?:{_ASKS})\s+\S+\s+\S+)"
    r"|(?:\s*,)?\s+(?:and|plus)\s+(?=the (?:price|cost|address|number)\b)",
    re.IGNORECASE,
)
_OPENS = re.compile(
    # 'Two things: does it ...'
    rf"^\W*(?:[^:?.!]{{1,30}}:\s*)?(?:(?:and|but|so|also|then|ok|okay|oh|ah|hi|hello|hey|please)\W+)*(?:{_ASKS})\b",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"[,;:.!?]+[)\"']*(?=\s|$)|\s(?=\()|\s-+(?=\s)|\s(?=(?:but|just|only|so)\s)", re.IGNORECASE)
# 'I am pregnant and want a person': where a clause ends, with the mark that ends it. Messages that were sent one after
# the other are lines of one.
_CLAUSE = re.compile(
    r"[,;:.!?]+[)\"']*(?=\s|$)|\s*\n\s*|\s(?=\()|\s-+(?=\s)"
    r"|\s(?=(?:and|but|so|because|cos|since|otherwise)\s)",
    re.IGNORECASE,
)
# What a short follow-up names, but for a person alone.
_ELLIPSIS = re.compile(
    r"^\W*(?:(?:ok|okay|thanks|thank you|hm+|ah|oh|right|well|so)\W+)*"
    r"(?:and|or|also|(?:and |or )?(?:what|how) about)\s+"
    r"(?:(?:what about|for|on|with|against|in case of)\s+)?"
    rf"(?!(?:for|{_ASKS}|if|then|now|me|us|him|her|them|you|it|that|this|mine|hers|his|ours|theirs)\b)(?P<what>[^,.;:?!]{{3,60}})\W*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


class Part(NamedTuple):
    """One question with its context: `text` is all of it, `question` the asking words alone.

    A short follow-up has one that is not in the message: what it stands for.
    """

    text: str
    question: str


def parts(text: str) -> list[Part]:
    """The questions of a message in order, each with the statements that lead up to it; none where nothing asks.

    Sentences end as the condition extractor ends them. A sentence is cut before a joined question if both halves
    have two words at least and the first half asks too: 'I have a dog and can he use it' is one.
    """
    if ellipsis := _ELLIPSIS.match(text):  # 'And for my gums?'
        whole = f"does it help with {ellipsis['what']}?"
        return [Part(whole, whole)]
    found: list[Part] = []
    told: list[str] = []
    for sentence in [half for whole in _sentences(text) for half in _joined_questions(whole)]:
        if _is_question(sentence):
            found.append(Part(" ".join([*told, sentence]), sentence))
            told = []
        else:
            told.append(sentence)
    if found and told:  # 'Does it help? My knee is stiff.'
        last = found.pop()
        found.append(Part(" ".join([last.text, *told]), last.question))
    return found[:MOST]


def statements(text: str) -> list[str]:
    """The sentences of a message of several that are none of its `parts`: they ask nothing, or too late."""
    sentences = _sentences(text)
    asked = {part.question for part in parts(text)}
    return within([s for s in sentences if asked.isdisjoint(_joined_questions(s))]) if len(sentences) > 1 else []


def within(pieces: Sequence[Piece], most: int = PIECES) -> list[Piece]:
    """No more pieces of a message than `most`, an even number: of too many the first and the last ones."""
    return list(pieces) if len(pieces) <= most else [*pieces[: most // 2], *pieces[-most // 2 :]]


def clauses(text: str) -> list[str]:
    """The clauses of a message, in order: joined again they are the message."""
    cuts = [0, *(found.end() for found in _CLAUSE.finditer(text)), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(cuts) if end > start]


def _is_question(sentence: str) -> bool:
    return sentence.endswith("?") or bool(_OPENS.match(sentence))


def without(text: str, places: list[tuple[int, int]]) -> str:
    """The clauses of a message without those that hold one of these places (start, end)."""
    clauses, start = [], 0
    for end in [*(found.start() for found in _CLAUSE_ENDS.finditer(text)), len(text)]:
        if not any(first < end and start < last for first, last in places):
            clauses.append(text[start:end])
        start = end
    return "".join(clauses).strip(" ,;:.-")


def _sentences(text: str) -> list[str]:
    spans: dict[int, tuple[int, int]] = {}
    for token in tokenize(text):
        start, _ = spans.get(token.sentence, (token.start, 0))
        spans[token.sentence] = (start, token.end)
    sentences = [text[start:end].strip(" ,;\n") for start, end in spans.values()]
    return [sentence for sentence in sentences if _WORD.search(sentence)]


def _joined_questions(sentence: str) -> list[str]:
    cut: list[str] = []
    start = 0
    for joint in _JOINT.finditer(sentence):
        before, after = sentence[start : joint.start()], sentence[joint.end() :]
        # 'What, if anything, does it do?' is one question.
        asks = _OPENS.match(before) and len(_WORD.findall(before)) >= SHORTEST
        if asks and len(_WORD.findall(after)) >= 2:
            cut.append(before.strip())
            start = joint.end()
    return [*cut, sentence[start:].strip()]
