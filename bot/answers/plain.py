"""A bare yes or no, numbers of a list, and questions for a yes. Where one decides that a warning is dropped,
nothing else counts as one.
"""

import re
import unicodedata

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


# One to twenty.
ORDINALS = re.split(
    " ",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth",
)
_CARDINALS = re.split(
    " ",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
)
_NUMBER = re.compile(
    rf"(?<![\w.:%])(?:(\d{{1,4}})(?:st|nd|rd|th)?|({'|'.join(ORDINALS)})|({'|'.join(_CARDINALS)}))(?![\w%]|[.:]\d)",
    re.I,
)
# 'The second one' names one of the list, and 'one' none of it.
_ONE_OF = re.compile(
    r"((?:\b(?:the|this|that|which|" + "|".join(ORDINALS) + r")|\d(?:st|nd|rd|th)))\W+ones?\b", re.IGNORECASE
)
# The last one may be the last condition of the list, or what stands below it: none of these.
_UNCLEAR = re.compile(r"\b(except|but|not|all|besides|apart|or|maybe|between|before|after|last)\b", re.I)


def numbers(text: str, most: int) -> list[int]:
    """The numbers of a list that a text names, from 1 to `most`; none where that is not plain."""
    text = _ONE_OF.sub(r"\1", _with_digits(text))
    found = [] if _UNCLEAR.search(text) else _numbers(text)
    return found if all(1 <= number <= most for number in found) else []


def _numbers(text: str) -> list[int]:
    found = []
    for digits, ordinal, cardinal in _NUMBER.findall(text):
        if digits:
            found.append(int(digits))
        else:
            found.append(1 + (ORDINALS.index(ordinal.lower()) if ordinal else _CARDINALS.index(cardinal.lower())))
    return found


# 'Number 4', 'no. 4', '#4'; 'no one' is nobody.
_LABEL = re.compile(r"\b(?:numbers?|num|nr|nos?(?=\W*\d)|options?|points?|items?)\b|#", re.IGNORECASE)
_LABELLED = re.compile(r"\b(numbers?|num|nr|no|options?)\.?(?=\d)", re.IGNORECASE)
_AND = re.compile(r"(?<=\0)[^\w?]*(?:and also|and|also|plus|[&+])[^\w?]*(?=\0)", re.IGNORECASE)
# What may stand around the numbers in an answer to 'which of these applies?', and what puts one right.
_AROUND = re.compile(
    r"\b(?:yes|yep|yeah|ok|okay|well|hmm*|and|also|too|as well|the|it is|it's|its|that is|that's|those are|only|just|"
    r"please|thanks|thank you|for me|to me|me|mine|i(?: do)? have(?: got)?|i've(?: got)?|she has|he has|apply|applies|"
    r"is|are|do|does|would be|i'd say|"
    r"i think|i guess|oh|ah|oops|ups|whoops|no|nope|sorry|wait|hang on|hold on|actually|correction|my mistake|my bad|"
    r"i|was|it|meant|mean|rather|instead|should (?:be|have been)|to (?:say|write|press)|forgot|missed|overlooked|"
    r"misread|about|lied|after all|in fact|scratch that|there|"
    # With these it is not plain which.
    r"except|but|not|all|besides|apart|from|or|maybe|perhaps|probably|possibly|sure|of (?:them|these|those)|them|"
    r"these|those|any|none|to|both)\b|[&+?]",
    re.IGNORECASE,
)
_NOT_PLAINLY = re.compile(
    r"\b(?:except|but|not|all|besides|apart|or|maybe|perhaps|probably|possibly|think|guess|of|none|any|to)\b|\?"
    # From one to the other, or two keycaps that may be one number.
    r"|\d *[-\u2013\u2014] *\d|\u20e3\d",
    re.IGNORECASE,
)
_SAYS_MORE = re.compile(r"[\w?&+$€£°]")
_NOT_THAT = re.compile(r"(?<=\d)\W+not\W+(?:number\W+)?\d+\b", re.IGNORECASE)
# 'Two apply', 'I have 3' and 'yes, one does' say how many.
_HOW_MANY = re.compile(r"\b(?:apply|do|are|have|has|got|'ve)\b|\bone\b(?!\W*$)|\w\W+one\b", re.IGNORECASE)


def picked(text: str, around: re.Pattern[str] = _AROUND) -> list[int] | None:
    """The numbers of a list that a text names where it says nothing else, whether or not they are on the list.

    Args:
        around: the words that may stand around the numbers.

    Returns:
        None where it says something else ('10 minutes'), or names no number; nothing where it is not plain which.
    """
    text = _NOT_THAT.sub("", _ONE_OF.sub(r"\1", _with_digits(text)))
    rest = _AND.sub("\0", _LABEL.sub(" ", _NUMBER.sub("\0", text)))
    if "\0" not in rest or _SAYS_MORE.search(around.sub(" ", rest)):
        return None
    found = _numbers(text)
    how_many = len(found) == 1 and not _LABEL.search(text) and _HOW_MANY.search(text)
    return [] if how_many or _NOT_PLAINLY.search(text) else found


def _with_digits(text: str) -> str:
    """A text with its keycaps, circled and wide digits as plain ones."""
    text = text.replace("\ufe0f", "").replace("\U0001f51f", " 10 ").replace("\0", " ").replace("\u2019", "'")
    return _LABELLED.sub(r"\1 ", unicodedata.normalize("NFKC", text))


_CORRECTS = re.compile(
    r"^\W*(?:(?:oh|ah|oops|ups|whoops|sorry|no|wait|hang on|hold on|actually|correction|my (?:mistake|bad|fault)|typo|"
    r"(?:that|this|it) (?:was|is) (?:a mistake|wrong|an accident)|(?:by )?(?:mistake|accident)|undo|scratch that|"
    r"i mis(?:typed|clicked|read)|(?:i )?(?:pressed |chose |hit |tapped |typed )?(?:the )?"
    r"wrong (?:number|button|one|thing)|i meant|meant|i mean|to (?:say|write|press|choose)|"
    r"(?:it )?should (?:be|have been))\b\W*)+",
    re.IGNORECASE,
)
_REPLACES = re.compile(r"\b(?:meant|mean|instead|not|should (?:be|have been)|wrong|typo|mistake)\b", re.IGNORECASE)
_PUTS_RIGHT = re.compile(
    r"\d|\b(?:actually|wait|sorry|oops|ups|whoops|hang on|hold on|correction|mistake|my bad|meant|mean|forgot|missed|"
    r"overlooked|misread|lied|scratch that|in fact|after all|appl(?:y|ies)|does|should)\b",
    re.IGNORECASE,
)


def takes_back(text: str) -> bool:
    """Whether a text says that of what was just chosen nothing applies: 'oops, none of them'.

    'None of these' alone may be of the rest of the list.
    """
    text = text.replace("\u2019", "'")
    lead = _CORRECTS.match(text)
    return lead is not None and is_none(text[lead.end() :])


def regrets(text: str) -> bool:
    """Whether a text says that what was just said is wrong, or no, and nothing more."""
    return is_no(text) or bool(_CORRECTS.fullmatch(text.replace("\u2019", "'")))


def replaces(text: str) -> bool:
    """Whether a text that names another number says that the one before was meant to be this: 'sorry, I meant 4'."""
    return bool(_REPLACES.search(text))


def puts_right(text: str) -> bool:
    """Whether numbers may put right what was answered just before: they are digits, or the text says so."""
    return bool(_PUTS_RIGHT.search(_with_digits(text)) or _LABEL.search(text))


_STRONGLY = (
    r"(?:actually|wait|sorry|oops|correction|scratch that|hold on|hang on|in fact|typo|i lied|i meant|meant|"
    r"my (?:mistake|bad|fault)|(?:that|this|it) (?:was|is) (?:a mistake|wrong|not true|not right)|"
    r"that's (?:wrong|not true))"
)
_REVERSES = re.compile(
    rf"\W*(?:(?:oh|ah|hmm*|um|no|well|but|and|lol|{_STRONGLY})\b\W*)*(?:(?:yes|yep|yeah)\W+)?"
    r"(?:(?:the |my )?(?:test|doctor|scan) says (?:that )?)?"
    r"(?:i|we|she|he|they) (?:(?:actually|really|in fact|now) )?"
    r"(?:am|is|are|do|does|have|has)(?: now)?(?: have| got| have got)?(?: one)?"
    r"(?: (?:after all|actually|in fact|indeed|now|though|too))*[\W]*"
    rf"|\W*(?:(?:oh|ah|hmm*|no|well|but)\b\W*)*(?:{_STRONGLY}\b\W*)+(?:yes|yep|yeah)\b\W*",
    re.IGNORECASE,
)


def reverses(text: str) -> bool:
    """Whether a text says that what was just denied is so after all, and nothing more: 'oh, actually yes', '*I do'."""
    return "?" not in text and bool(_REVERSES.fullmatch(text.replace("\u2019", "'")))


def counts(text: str) -> bool:
    """Whether a text has a number in words, which may be how many: 'two', and not 'the second one'."""
    return any(cardinal for _, _, cardinal in _NUMBER.findall(_ONE_OF.sub(r"\1", text)))


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
