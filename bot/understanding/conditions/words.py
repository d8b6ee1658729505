"""Text to tokens: the normalised words of a message with their places in the original text."""

import re
import unicodedata
from typing import NamedTuple

from bot.understanding.conditions.folding import plain_letters, readable

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\uff07": "'"})
# Scripts written without spaces, ticks and pictures: every character is a token, and a phrase is a run of them.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\u2600-\u27bf\U0001f000-\U0001faff"
# Not a word character: spaces and the punctuation of the languages that may come. Everything else is, so that
# combining marks (Hindi, Arabic) stay in their word, which `\w` would not do.
_OUTSIDE = r"\s!-&(-/:-@\[-_{-\u0080\u00a0-\u00a9\u00ab-\u00b3\u00b6-\u00b9\u00bb-\u00bf"
_OUTSIDE += r"\u060c\u061b\u061f\u0964\u0965\u2000-\u200b\u200e-\u2017\u201a-\u206f\u3000-\u303f"
_OUTSIDE += r"\uff00-\uff06\uff08-\uff0f\uff1a-\uff20"
_INSIDE = rf"[^{_OUTSIDE}{_UNSPACED}'`\u2018\u2019\u02bc\u00b4\uff07]"
# An article or pronoun that French and Italian write on to the next word: 'l'eczéma', 'j'ai', 'un'infezione'.
_ELIDED = r"(?:l|d|n|j|qu|m|s|c|t|un|dell|nell|sull|all|dall|quell)['\u2019](?=[aeiouyhàâäéèêëîïôöùûü])"
_TOKEN = re.compile(
    rf"[{_UNSPACED}]|(?<!{_INSIDE})(?i:{_ELIDED})|\d+[.,]\d+|"
    rf"{_INSIDE}+(?:['`\u2018\u2019\u02bc\u00b4\uff07]{_INSIDE}+)*"
    r"|[.!?;:,()/=|\u2192\n\u2013\u2014\u3002\uff0c\uff1f\uff01\u0964\u061f\u060c]|(?<=\s)-+(?=\s)"
)
_PUNCTUATION = {
    **{mark: mark for mark in ".!?;:,()/-"},
    **{"\n": ".", "=": ":", "|": ":", "\u2192": ":", "\u2013": "-", "\u2014": "-", "\u3002": ".", "\u0964": "."},
    **{"\uff0c": ",", "\u060c": ",", "\uff1f": "?", "\u061f": "?", "\uff01": "!"},
}


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as one text."""
    return frozenset(text.split())


_SENTENCE_END = frozenset(".!?;")
_SUBJECTS = word_set("i he she it that this there who what we you they here where how")
_SHORT = {"'m": " am", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would"}
_NEGATED = ("do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "would", "should", "could")
TICK, CROSS = "\u2713", "\u2717"  # all ways to tick and to cross out
# Written without the apostrophe, as on a phone; 'ill', 'well', 'were' and the like stay what they are.
_UNMARKED = {
    **{f"{verb}nt": f"{verb} not" for verb in _NEGATED},
    **{
        "cant": "can not",
        "wont": "will not",
        "cannot": "can not",
        "aint": "is not",
        "im": "i am",
        "ive": "i have",
    },
    **{"shes": "she is", "hes": "he is", "theres": "there is", "thats": "that is", "dunno": "do not know"},
    **{"idk": "i do not know", "u": "you", "r": "are", "w": "with", "its": "its"},
    **dict.fromkeys("\u2713\u2714\u2705\u2611", TICK),
    **dict.fromkeys("\u2717\u2718\u274c\u2612\u274e\u2715\u2716", CROSS),
}


class Token(NamedTuple):
    """A word or a punctuation mark.

    Attributes:
        text: normalised, contractions written out: "isn't" is "is not", "wife's" is "wife 's".
        stem: what phrases are compared by: no plural s, no apostrophe; a line break is one.
        start, end: its place in the original text.
        sentence: number of its sentence in the message.
        capital: whether it begins with a capital letter and goes on in small ones.
        foreign: whether it is a word of another language that no rule knows.
    """

    text: str
    stem: str
    start: int
    end: int
    sentence: int
    capital: bool = False
    foreign: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is a word and not a punctuation mark."""
        return self.text not in _PUNCTUATION


def fold(word: str) -> str:
    """A word in lower case, with plain apostrophes and without accents."""
    word = word.translate(_APOSTROPHES).casefold()
    if word.isascii():
        return plain_letters(word)
    # Only the accents of Latin letters: in other scripts a mark is part of the spelling.
    plain = (
        c
        for c in unicodedata.normalize("NFKD", word.replace("ł", "l"))
        if not "\u0300" <= c <= "\u036f" and not c.isspace()
    )
    return plain_letters(unicodedata.normalize("NFC", "".join(plain)))


def stem(word: str) -> str:
    """A folded word without possessive 's, apostrophes and plural s."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _written_out(word: str) -> str:
    if word in _UNMARKED:
        return _UNMARKED[word]
    if "'" not in word:
        return word
    if word.endswith("n't"):
        return _UNMARKED.get(word.replace("'", ""), word[:-3] + " not")
    base, _, ending = word.rpartition("'")
    if ending == "s":
        return base + (" is" if base in _SUBJECTS else " 's")
    return base + _SHORT.get("'" + ending, ending)


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, in order; unspaced hyphens and other marks only separate words."""
    tokens: list[Token] = []
    sentence = 0
    seen, places = readable(text)
    for match in _TOKEN.finditer(seen):
        raw = match.group()
        start, end = match.span() if places is None else (places[match.start()], places[match.end() - 1] + 1)
        mark = _PUNCTUATION.get(raw) or ("-" if raw.startswith("-") else None)
        if mark:
            tokens.append(Token(mark, raw if raw == "\n" else mark, start, end, sentence))
            sentence += mark in _SENTENCE_END
            continue
        word = fold(raw)
        if not word:
            continue  # an accent on its own
        # 'NO' is nitric oxide where something is said of it, and must not deny what follows.
        if raw == "NO" and _is_nitric_oxide(seen, *match.span()):
            word = "nitricoxide"
        tokens.append(
            Token(_written_out(word), stem(word), start, end, sentence, raw[0].isupper() and raw[1:].islower())
        )
    return tokens


def _is_nitric_oxide(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 30) : start], text[end : end + 30]
    return bool(
        re.match(r"\)|[ -](?:release|production|level|synth|molecule|signal|bioavail|donor|is released)", after)
        or re.search(r"(?:nitric oxide|releas\w+|more|of|produc\w+) \(?$", before)
    )


def sentences(tokens: list[Token]) -> list[tuple[str, list[int]]]:
    """Each sentence as ' word word ' and, for every character of it, the index of the token it belongs to."""
    result: list[tuple[str, list[int]]] = []
    for index, token in enumerate(tokens):
        if index == 0 or token.sentence != tokens[index - 1].sentence:
            result.append((" ", [index]))
        text, places = result[-1]
        piece = token.text + " "
        result[-1] = (text + piece, places + [index] * len(piece))
    return [(text if text.endswith(". ") else text + ". ", places + places[-1:] * 2) for text, places in result]
