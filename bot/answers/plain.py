"""A bare yes or no, numbers of a list, and questions for a yes. Where one decides that a warning is dropped,
nothing else counts as one.
"""

import re

_COURTESY = r"(,? *(thanks|thank you|please|cheers))?[ .!]*$"
_WHICH = (
    r"(of )?(the )?(these|those|them|above|that|it|things|conditions|points|groups|list)"
    r"( (things|conditions|points|ones|groups))?"
)
_NO = re.compile(
    r"^\W*((ah|oh|sorry|well|hm+|um|uh|erm|actually|luckily|no|nope|nah|fine|ok|okay|alright|all right|right)\W+)*"
    r"(no|nope|nah|none|nothing|neither|no,? (none|nothing)|(no,? )?none " + _WHICH + r"|"
    r"(no,? )?(none|nothing)( " + _WHICH + r")? (applies|apply|applied|fits|fit|concerns?|is|are)"
    r"( ?(to|for|about|with)? ?(me|us|her|him|them|mine|my case))?|"
    r"no,? (to )?(all|any|every ?one|each|the lot|the whole list)( " + _WHICH + r")?|"
    r"not (any|one|a single one)( " + _WHICH + r")?|"
    r"(no,? )?(i|we|she|he|they) (don'?t|do not|doesn'?t|does not) have any(thing)?( "
    + _WHICH
    + r")?|(no,? )?(i|we|she|he|they)('?ve|'?s| have| has)( got)? none( "
    + _WHICH
    + r")?|(no,? )?nothing (like that|on (the|that|this) list))"
    + _COURTESY,
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(yes|yep|yeah|yup|sure|ok|okay|please do|do it|go ahead|confirm|"
    r"(yes,? )?(please )?(forget|delete|erase) (it|that|them|everything|it all|all( of it)?))" + _COURTESY,
    re.IGNORECASE,
)


def is_no(text: str) -> bool:
    """Whether a text says 'none of it' and nothing more."""
    return bool(_NO.match(text.replace("\u2019", "'").strip()))


def is_none(text: str) -> bool:
    """Whether a text says 'none of it', and not merely no."""
    return is_no(text) and bool(re.search(r"none|nothing|neither|any|all|each|every", text, re.IGNORECASE))


def is_yes(text: str) -> bool:
    """Whether a text says yes and nothing more."""
    return bool(_YES.match(text.replace("\u2019", "'").strip()))


_FOR_YES = re.compile(
    r"\b(so|then|therefore|means|it'?s|its|it is|that'?s|i'?ll|i will|i can|we can|she can|he can|they can)\b.*"
    r"\b(fine|safe|ok|okay|alright|all right|allowed|yes|use|try|start|go ahead|do it|harmless|no problem)\b"
    r"|\b(fine|safe|ok|okay|alright|allowed|yes)\b.* then\b",
    re.IGNORECASE | re.DOTALL,
)


def takes_for_yes(text: str) -> bool:
    """Whether a text concludes that something is allowed: 'so it is fine', 'I will use it then'."""
    return bool(_FOR_YES.search(text.replace("\u2019", "'")))


_WHY_NOT = re.compile(
    r"\b(?:why|reason)\b.*(?:\bnot\b|n't\b|\bno\b|excluded|ruled out|off limits|forbidden|avoid|warn)"
    r"|\bwhat(?:'s| is) the (?:problem|harm|danger|matter)\b",
    re.IGNORECASE | re.DOTALL,
)


def asks_why_not(text: str) -> bool:
    """Whether a text asks for the reason of a no."""
    return bool(_WHY_NOT.search(text.replace("\u2019", "'")))


_HALF = re.compile(
    r"^\W*((ah|oh|sorry|well|hm+|um|uh)\W+)*(no|nope|nah|none|yes|yeah|yep|yup|not|only|just|maybe)\b", re.I
)


def half_answers(text: str) -> bool:
    """Whether a text begins as an answer to a yes or no question does."""
    return bool(_HALF.match(text)) and "?" not in text


ORDINALS = re.split(" ", "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth")
_CARDINALS = re.split(" ", "one two three four five six seven eight nine ten eleven twelve thirteen")
_NUMBER = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?|({'|'.join(ORDINALS)})|({'|'.join(_CARDINALS)}))\b", re.I)
# 'the second one' names one of the list, and 'one' none of it.
_ONE_OF = re.compile(r"\b(the|this|that|which|st|nd|rd|th|" + "|".join(ORDINALS) + r")(\W+)one\b", re.I)
# The last one may be the last condition of the list, or what stands below it: none of these.
_UNCLEAR = re.compile(r"\b(except|but|not|all|besides|apart|or|maybe|between|before|after|last)\b", re.I)


def numbers(text: str, most: int) -> list[int]:
    """The numbers of a list that a text names, from 1 to `most`; none where that is not plain."""
    text = _ONE_OF.sub(r"\1", text)
    if _UNCLEAR.search(text):
        return []
    found = []
    for digits, ordinal, cardinal in _NUMBER.findall(text):
        if digits:
            found.append(int(digits))
        else:
            found.append(1 + (ORDINALS.index(ordinal.lower()) if ordinal else _CARDINALS.index(cardinal.lower())))
    return found if all(1 <= number <= most for number in found) else []


_DOUBT = re.compile(
    r"\b(?:i (?:think|guess|suppose|believe|assume|hope|reckon)|probably|presumably|maybe|perhaps|possibly|"
    r"might (?:be|have)|not (?:quite |completely |totally |really |a hundred percent |100 ?% )?(?:sure|certain)|"
    r"unsure|uncertain|as far as i know|don'?t know|do not know)\b",
    re.IGNORECASE,
)
_REPLACED = re.compile(
    r"\b(?:replac(?:ed|ing|ement)|exchanged|swapped|renewed|(?:new|newer|another|different) ones?|"
    r"put (?:it |them )?back|(?:put|went|back)(?: \w+)? in|"
    r"(?:put|got|get|fitted|given|gave|has|have|inserted|implanted)(?: \w+){0,2} another)\b",
    re.IGNORECASE,
)


def leaves_doubt(text: str) -> bool:
    """Whether a text that says that something is over says so without certainty, or that it is replaced."""
    text = text.replace("\u2019", "'")
    return bool(_DOUBT.search(text) or _REPLACED.search(text))


_YES_OR_NO = re.compile(
    r"^\W*(?:(?:so|and|hi|hello|hey|ok|okay|please|also|but)\W+)*(?:can|could|does|do|is|are|will|would|may|might)\b"
    r"(?!.*\b(?:n't|not|no|never|or|stop|without|instead|replace|cure)\b)(?!.*n't\b)",
    re.IGNORECASE | re.DOTALL,
)


def asks_yes_or_no(text: str) -> bool:
    """Whether a text asks whether something is so, and 'yes' could only mean that it is."""
    return bool(_YES_OR_NO.match(text.replace("\u2019", "'")))


_BACK = re.compile(r"\b(it|its|it's|that|this|these|those|they|them|then|one|too|same)\b", re.IGNORECASE)
_SHORT = 8  # words: a longer message brings its own subject


def refers_back(text: str) -> bool:
    """Whether a text leans on what was said before: short, and with a word that stands for it."""
    return len(text.split()) <= _SHORT and bool(_BACK.search(text))
