"""Misspelt words of a message put right, so that the encoder and the classifier meet words that they know.

A word is misspelt if no English dictionary has it, nor the encoder, the documents or the lexicon of conditions. It is
taken for the nearest of the words that the documents and the training examples use: the one that sounds alike, else the
one with the fewest slips (optimal string alignment distance), and of equals the most frequent.
"""

import functools
import importlib.util
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.errors import BotError
from bot.understanding.conditions.spelling import HASTE
from bot.understanding.encoder import vocabulary

WORD_LIST = "symspellpy", "frequency_dictionary_en_82_765.txt"
_WORD = re.compile(r"\d?[^\W\d_]+(?:'[^\W\d_]+)*")
SHORTEST = 4  # letters; too many shorter words are one slip apart
_LONG = 8  # from here on two slips are allowed
REMEMBERED = 10_000  # misspelt words whose right ones are kept at hand
# Of a message with more unknown words than this nobody knows what it says: it may be of another language.
_MOST_UNKNOWN = 2 / 3
_SENTENCE = 300  # characters of a long one
# A capital within a sentence: a name, of a person or a product.
_NAME = re.compile(r"[^\W\d_.!?:\n][^.!?:\n]* [A-Z][^\W\d_]*$")
_SOUNDS = (("kn", "n"), ("wr", "r"), ("rh", "r"), ("ph", "f"), ("ck", "k"), ("c", "k"), ("z", "s"), ("y", "i"))
_VERBS = "do does did ca could wo would should is are was were have has had ai must"
_SHORT = [
    ("i", "ve"),
    ("i", "m"),
    ("you", "ve"),
    ("we", "ve"),
    ("they", "ve"),
    *((who, "s") for who in ("he", "she", "that")),
]
_CONTRACTIONS = {f"{verb}nt": f"{verb}n't" for verb in _VERBS.split()} | {
    f"{who}{rest}": f"{who}'{rest}" for who, rest in _SHORT
}

# How words are cut short on a phone.
_SHORTHAND = HASTE | {
    **dict.fromkeys(("u", "yu", "ya"), "you"),
    **dict.fromkeys(("ur", "yr"), "your"),
    **dict.fromkeys(("pls", "plz", "pleez"), "please"),
    **dict.fromkeys(("cos", "bcos"), "because"),
    **dict.fromkeys(("thx", "tnx", "fanks"), "thanks"),
    **dict.fromkeys(("sum", "sumthin", "sumfing", "summat"), "something"),
    **dict.fromkeys(("tmrw", "tmr"), "tomorrow"),
    **{"r": "are", "y": "why", "n": "and", "bak": "back", "bk": "back", "cn": "can", "cna": "can", "wid": "with"},
    **{"dat": "that", "dis": "this", "da": "the", "teh": "the", "dey": "they", "dem": "them", "wich": "which"},
    **{"giv": "give", "av": "have", "nite": "night", "2nite": "tonight", "2day": "today", "tite": "tight"},
    **{"thru": "through", "tho": "though", "gud": "good", "luv": "love", "ppl": "people", "mths": "months"},
    **{"wks": "weeks", "msg": "message", "fone": "phone", "wuz": "was", "iz": "is", "bin": "been", "owt": "anything"},
}
# '4 her', but not '4 weeks'.
_FOR = re.compile(r"(?<!\S)4(?= (?:me|my|u|you|your|ur|her|him|his|us|our|them|their|a|the|it)\b)", re.IGNORECASE)


class SpellingError(BotError):
    """The word list is not installed; the message says what to do."""


@functools.cache
def english() -> frozenset[str]:
    """The words, lower case, that are no misspelling: of an English dictionary and of the encoder.

    Raises:
        SpellingError: the dictionary is not installed.
    """
    # The package itself is not imported: its list is all that is wanted.
    package, name = WORD_LIST
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SpellingError(f"The package {package} is not installed. Install it: make setup")
    lines = (Path(spec.origin).parent / name).read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines) | vocabulary()


class Speller:
    """Puts words right.

    Args:
        wanted: the words that a misspelt one may stand for, lower case, with how often they are used.
        known: further words that are right.
    """

    def __init__(self, wanted: Mapping[str, int], known: Collection[str]) -> None:
        self.wanted, self.known = dict(wanted), frozenset(known)
        # Most frequent first: of equally near words the first one is taken.
        self._words = sorted(wanted, key=lambda word: (-wanted[word], word))
        self._sounding = {_sound(word): word for word in reversed(self._words)}
        self._looked_up = functools.lru_cache(REMEMBERED)(self._nearest)

    def corrected(self, text: str) -> str:
        """A text with its misspelt words put right, all else as it was written."""
        words = [word for word in _WORD.findall(text.lower()) if len(word) >= SHORTEST]
        unknown = [word for word in words if word not in _CONTRACTIONS and not self._is_right(word)]
        if len(words) > 2 and len(unknown) / len(words) > _MOST_UNKNOWN:
            return text
        shouted = text.isupper()
        text = _FOR.sub("for", text)

        def is_common(found: re.Match[str]) -> bool:
            # Only what begins with a capital can be a name: not to look at the whole text again for every word.
            return shouted or not (
                found[0][0].isupper() and _NAME.search(text, max(0, found.start() - _SENTENCE), found.end())
            )

        return _WORD.sub(lambda found: self._word(found[0], is_common(found)), text)

    def _is_right(self, word: str) -> bool:
        if "'" in word or word in _CONTRACTIONS:
            return word not in _CONTRACTIONS
        singular = word.removesuffix("s")
        forms = (word, singular) if len(singular) >= SHORTEST else (word,)  # 'nees' is no plural
        return any(form in kind for form in forms for kind in (self.wanted, self.known, english()))

    def _word(self, written: str, common: bool) -> str:
        word = written.lower()
        if word in _CONTRACTIONS:
            return _CONTRACTIONS[word]
        if common and word in _SHORTHAND:
            return _SHORTHAND[word]
        if not common or len(word) < SHORTEST or not word.isascii() or self._is_right(word):
            return written
        right = self._looked_up(word)
        return right.upper() if written.isupper() else right.capitalize() if written[0].isupper() else right

    def _nearest(self, word: str) -> str:
        alike = self._sounding.get(_sound(word))
        if alike:
            return alike
        slips = 2 if len(word) >= _LONG else 1
        near = extract(word, self._words, scorer=OSA.distance, score_cutoff=slips, limit=5)
        # A slip in the first letter is rare.
        best = min(near, key=lambda found: (found[1], found[0][0] != word[0], found[2]), default=None)
        return best[0] if best else word


def _sound(word: str) -> str:
    """A rough key of how a word sounds."""
    for spelt, heard in _SOUNDS:
        word = word.replace(spelt, heard)
    return re.sub(r"(.)\1", r"\1", word)
