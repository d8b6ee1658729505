"""What a person of the staff asked of a customer's health, and whether the customer's message says that it is so."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.answers import memory, plain
from bot.answers.memory import Mention
from bot.answers.turn import mentions_of

_FIRST = r"^\W*(?:(?:ah|oh|well|hm+|um|uh|erm|hi|hello|hey|sorry|actually|so|and|unfortunately|sadly|yours)\W+)*"
_YES = re.compile(
    rf"{_FIRST}(?:(?:ye+s+|yep|yeah|yea|yup|ya|aye|indeed|of course|certainly|definitely|absolutely|afraid so)\b|"
    r"(?:sure|right|correct|true|exactly|both|that'?s (?:right|correct|true))(?=\W*(?:$|\n))|"
    r"(?:(?:i|we) (?:am|do|have|are|did|was|might|may|could)|(?:she|he|it|there|they) (?:is|does|has|are|do|have|was))"
    r"(?: (?:be|so|indeed|actually|still|now|one))*(?=\W*(?:$|[,.;!\n])| \d))",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    rf"{_FIRST}(?:(?:it )?(?:maybe|perhaps|possibly|probably|might be|could be|can be)|yes and no|kind of|sort of|"
    r"(?:(?:i'?m|i am|we are|we're|quite|still) )*(?:not (?:\w+ )?(?:sure|certain)|unsure|uncertain)|no idea|who knows|"
    r"(?:(?:i|we) )?(?:really |honestly )*(?:don'?t|do not) (?:really |actually )?know|dunno|hard to (?:say|tell)|"
    r"(?:i|we) (?:think|guess|suppose|believe|suspect|hope) so|(?:i|we) (?:might|may|could)\b)",
    re.IGNORECASE,
)
_NO = re.compile(rf"{_FIRST}(?:no|nope|nah|not|none|never|neither)\b", re.IGNORECASE)

_SENTENCE = re.compile(r"[^.!?:;\n\u2013\u2014]+\??")
_FORM = (
    r"(?:are|were|do|did|have|had|is|does|has|might|could)(?:n'?t)? "
    r"(?:you(?! like)|your|there|any\w*|she|he|they|the)\b"
)
_OF_YOU = re.compile(rf"\b{_FORM}", re.IGNORECASE)
_WHETHER = re.compile(
    r"\b(?:ask|asked|tell|say|know|check|confirm|sure|wonder|wondering|wondered|remember)\b[^?]{0,20}\b(?:if|whether)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(rf"{_FIRST}(?:{_FORM}|any)", re.IGNORECASE)
_NO_YES = re.compile(rf"{_FIRST}(?:what|how|why|when|where|which|who)\b(?! about)", re.IGNORECASE)
# What is only spoken of: 'did you read the part about pacemakers', 'is it clear that one must not when pregnant'.
_SPOKEN_OF = re.compile(
    r"\b(?:if|when|while|unless|in case|would you (?:like|prefer|mind)"
    r"|(?:can|may|shall|should|could|would|will) (?:i|we)"
    r"|read|reading|seen?|know|known|knew|understand|understood|aware|clear|heard)\b"
    r"|\b(?:about|on|regarding|concerning)(?: an?| the| any)? $",
    re.IGNORECASE,
)


def says_so(text: str) -> str | None:
    """The status of what was asked, by the answer: 'stated' after a yes, 'unsure' after a maybe, else None."""
    text = text.replace("\u2019", "'")
    if _PERHAPS.match(text):
        return "unsure"
    if not _YES.match(text):
        return None
    return "unsure" if plain.leaves_doubt(text) else "stated"


def answers(text: str) -> bool:
    """Whether a text answers a question that asks for a yes or a no."""
    return bool(_NO.match(text) or says_so(text))


def questions(texts: Sequence[str]) -> list[str]:
    """The sentences of what a person wrote that ask for a yes or a no."""
    found = [sentence.strip() for text in texts for sentence in _SENTENCE.findall(text.replace("\u2019", "'"))]
    return [
        each
        for each in found
        if (each.endswith("?") or _QUESTION.match(each) or _WHETHER.search(each)) and not _NO_YES.match(each)
    ]


def confirmed(asked: Sequence[Mapping[str, Any]], status: str) -> list[Mention]:
    """The conditions of somebody that a person asked about, once the customer says that it is so.

    Args:
        asked: the questions as parse data.
        status: of the answer: see `says_so`.
    """
    found: list[Mention] = []
    for data in asked:
        text = data.get("written") or data.get("text") or ""
        for mention in mentions_of(data):
            said = mention["said"] or ""
            before = text[: text.find(said)] if said else text
            if mention["status"] in memory.IN_FORCE and mention["holder"] != memory.PEOPLE and _is_asked(before):
                found.append({**mention, "holder": mention["holder"] or memory.CUSTOMER, "status": status})
    # A yes to several questions may be to one of them.
    several = len(asked) > 1 or len({mention["id"] for mention in found}) > 1
    return [{**mention, "status": "unsure"} for mention in found] if several else found


def _is_asked(before: str) -> bool:
    """Whether a condition is asked about, by what stands before it, and not only spoken of."""
    forms = list(_OF_YOU.finditer(before))
    return bool(_WHETHER.search(before)) or not _SPOKEN_OF.search(before[forms[-1].start() :] if forms else before)
