"""Whether a message is in another language than English: its letters, its common words, then a detector (CLD3).

It has to be sure, for a short or misspelt English message looks foreign to any detector. What it lets pass is still
found by the intent not_english, which has learned from examples.
"""

import functools
import re

from gcld3 import NNetLanguageIdentifier

from bot.understanding.encoder import vocabulary

# A detector tells little of fewer words.
FEWEST_WORDS = 4
# From this probability on the detector is believed; with less it takes every twentieth English message for foreign.
BELIEVED_FROM = 0.99
# Of a foreign message fewer words than this are English ones.
ENGLISH_BELOW = 1 / 3
# In a message of other letters: 'β?' is none.
FEWEST_LETTERS = 2
LONGEST = 1000  # bytes that the detector looks at
# The encoder's vocabulary has short words of many languages; of them only these count as English.
_SHORT_WORDS = """
    a an the it its of my you your he him his she her we us our they i me who what why how when this that and or but
    if no not so too is are was am be been do did does has have had can will may get got use for from in on at to up
    by off out with any all one two new old bad good red sun skin pain leg arm eye ear hip cut hot low hi hey ok yes
    pls now vs don isn
"""
_SHORT = frozenset(_SHORT_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile("['’](?:s|t|re|ve|ll|m|d)(?![^\\W\\d_])")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]")


def foreign(text: str) -> float:
    """How sure it is that a text is in another language than English.

    Args:
        text: what somebody wrote, of any length.

    Returns:
        0.0 where it is English or not certainly foreign, else the probability, up to 1.0.
    """
    words = _WORD.findall(_ENDING.sub("", text.lower()))
    letters = "".join(words)
    others = len(letters) - len(_LATIN.findall(letters))
    if others >= FEWEST_LETTERS and others * 2 > len(letters):
        return 1.0
    if len(words) < FEWEST_WORDS or sum(map(_is_english, words)) >= len(words) * ENGLISH_BELOW:
        return 0.0
    found = _identifier().FindLanguage(text.lower())
    sure = found.language != "en" and found.probability >= BELIEVED_FROM
    return float(found.probability) if sure else 0.0


def _is_english(word: str) -> bool:
    return word in _SHORT or (len(word) > 3 and word in vocabulary())


@functools.cache
def _identifier() -> NNetLanguageIdentifier:
    return NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=LONGEST)
