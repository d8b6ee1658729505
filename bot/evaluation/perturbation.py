"""The same messages, written worse: how much is lost?

Each perturbation changes a text the same way every time (its random numbers come from the text), and never into
another meaning on purpose: negations and figures are left alone.
"""

import random
import re
from collections.abc import Callable

_KEYS = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "r": "t", "s": "d", "t": "y", "l": "k", "c": "v", "u": "i"}
# A slip in one of these changes what is meant, and not only how it is written.
_NEGATIONS = "not never without none cannot can't don't doesn't isn't wasn't haven't hasn't didn't"
_KEPT = frozenset(_NEGATIONS.split())
_LONG_ENOUGH = 4  # letters of a word that gets a slip
_WORDS_PER_SLIP = 8
_FILLERS = ("um", "like", "you know", "please", "hmm", "well", "so", "just wondering")
_OPENERS = ("hi there,", "hello,", "quick question:", "sorry to bother you,", "hey,")
_CLOSERS = ("thanks in advance", "thank you!", "many thanks", "cheers", "pls reply")


def upper_case(text: str) -> str:
    """All capitals."""
    return text.upper()


def lower_case_bare(text: str) -> str:
    """All small, and no punctuation but what stands within a word."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s'%+-]|(?<!\w)['-]|['-](?!\w)", " ", text.lower())).strip()


def typos(text: str) -> str:
    """One slip in every eighth word, one at least: a letter left out, doubled, swapped, or the key beside it."""
    chance = random.Random(text)
    places = [
        word
        for word in re.finditer(r"[^\W\d_]+(?:'[a-z]+)?", text)
        if len(word[0]) >= _LONG_ENOUGH and word[0].lower() not in _KEPT
    ]
    slips = chance.sample(places, min(len(places), 1 + len(text.split()) // _WORDS_PER_SLIP))
    for word in sorted(slips, key=lambda found: -found.start()):
        text = text[: word.start()] + _slipped(word[0], chance) + text[word.end() :]
    return text


def _slipped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)  # the first and the last letter are the ones seldom missed
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + _KEYS.get(word[at], "e") + word[at + 1 :]


def word_order(text: str) -> str:
    """Two neighbouring words change places, as in hurried or foreign English; a negation stays with its word."""
    chance = random.Random(text)
    words = text.split(" ")
    free = [i for i in range(len(words) - 1) if all(_is_free(word) for word in words[i : i + 2])]
    if free:
        at = chance.choice(free)
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _is_free(word: str) -> bool:
    return word.isalpha() and word.lower() not in _KEPT and word.lower() != "no"


def fillers(text: str) -> str:
    """Something polite before and after, and a filler within."""
    chance = random.Random(text)
    words = text.split(" ")
    words.insert(chance.randrange(len(words)), chance.choice(_FILLERS))
    return f"{chance.choice(_OPENERS)} {' '.join(words)} {chance.choice(_CLOSERS)}"


def emoji(text: str) -> str:
    """A face after each sentence."""
    chance = random.Random(text)
    return re.sub(
        r"(?<=[.!?])(?=\s|$)|$",
        lambda _: " " + chance.choice("\U0001f642\U0001f64f\U0001f914\U0001f605"),
        text,
        count=2,
    )


PERTURBATIONS: dict[str, Callable[[str], str]] = {
    "all capitals": upper_case,
    "small letters, no punctuation": lower_case_bare,
    "typos": typos,
    "word order": word_order,
    "fillers": fillers,
    "emoji": emoji,
}
