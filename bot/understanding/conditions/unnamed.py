"""Wounds that a message calls 'it' or 'this one', and fresh cuts that it only tells of."""

import re
from collections.abc import Iterator

from bot.understanding.conditions.lexicon import Hit, hit_of
from bot.understanding.conditions.words import Token, sentences
from bot.understanding.conditions.wounds import BODY

_KINDS = {
    "infected_wound": "infected|infectious|septic|festering|festered|fester|festers|purulent|pus|puss",
    "deep_wound": "deep|deeper|gaping|gapes",
    "open_wound": "open|opened|reopened|raw|weeping|weeps|weep|weepy|oozing|oozy|oozes|ooze|bleeding|bleeds|bleed|"
    "unhealed|"
    "not closed|not close|not closing",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_KIND = "(?:" + "|".join(sorted(_KIND_OF, key=len, reverse=True)) + ")"
# One such word alone may be said of much else.
_VAGUE = frozenset(("open", "raw", "deep", "deeper"))
_PLACE = rf"(?: (?:on|in|at|under|behind) (?:(?:my|his|her|the|left|right|other) )*{BODY})?"
_IT = (
    rf"(?:(?:it|this|that|they|these|mine|hers|his|theirs)|(?:this|that|the (?:other )?|my other) ?one{_PLACE}"
    rf"|the one{_PLACE}|the (?:skin|spot|area){_PLACE})"
)
_IS = (
    r"(?:is|was|are|were|be|has|have|had|been|looks?|looking|seems?|feels?|smells?|got|gets|getting|became|become|becoming|"
    r"went|goes|gone|going|turned|turning|stays?|remains?|keeps?|kept|started|starts|starting|does|do|did|will|can|to|'s)"
)
# No word of these is one of those above: the two take turns, and a word of both would try every way.
_HOW = (
    r"(?:still|very|quite|really|pretty|rather|now|a bit|a little|kind of|kinda|so|too|also|wide|all|badly|slightly|"
    r"fairly|definitely|probably|maybe|already|that|just|again|not stop|not stopped|never stops|not|never|neither|nor|"
    r"either|or|and|,|with|full of|some|yellow|green|up|down|properly|quickly|clearly|completely|any|fully|yet|"
    r"no longer)"
)
_END = (
    r"(?= (?:[.,;!?:)-]|and|or|nor|but|so|now|again|yet|still|since|because|with|after|too|also|though|up|at all|"
    r"any ?more|can|"
    r"could|may|should|is it|what|a lot|badly|all the time|through|clear|yellow|from|i (?:think|guess|fear|"
    r"believe|suppose|am afraid))|$| $)"
)
_LEAD = (
    r"(?:^|[,;:.!?()-]|\b(?:and|but|so|now|because|cos|think|guess|believe|fear|afraid|worried|sure|say|says|said|know|"
    r"suspect|if|whether|that|since|though|although|ok|okay|well|oh|yes|no|also|actually|maybe|cut|hand|time|"
    r"unfortunately|"
    r"hi|hello|sorry))"
)
_SAID = re.compile(rf"{_LEAD} (?P<it>{_IT}) (?:{_HOW} )*{_IS} (?:(?:{_IS}|{_HOW}) )*(?P<kind>{_KIND}){_END}")
_DOES = re.compile(
    rf"{_LEAD} (?P<it>{_IT}) (?:(?:still|really|just|always|constantly|also) )*(?P<kind>oozes|weeps|bleeds|gapes|"
    rf"festers){_END}"
    rf"|{_LEAD} (?P<it2>{_IT}) (?:oozes|weeps|bleeds) (?:a |some )?(?P<kind2>clear|yellow|yellowish|pus|blood|"
    rf"liquid|fluid)(?= )"
)
_MORE = re.compile(rf" (?P<kind>{_KIND}){_END}")
# What 'it' is instead, where a message names it.
_THINGS = re.compile(
    r"\b(?:shops?|stores?|orders?|box|parcel|package|offer|sale|account|ticket|window|door|app|website|page|link|pads?|"
    r"panels?|lamps?|devices?|lights?|battery|cable|strap|office|warranty|position|job|question|source|pain|ache|voice|"
    r"sleep|tissue|penetrat\w*|reach\w*|meat|food|water|hole in the)\b"
)
_INNER = re.compile(
    r"\b(?:ears?|tooth|teeth|gums?|eyes?|throat|sinus(?:es)?|bladder|kidneys?|chest|lungs?|tonsils?|implant|"
    r"prosthesis)\b"
)
_CUT = re.compile(
    rf" (?P<just>just |recently )?(?P<words>(?:cut|sliced|gashed|slashed) (?:(?:my|his|her|their|the|left|right|own|"
    rf"index|little|middle) )*(?:{BODY}|myself|himself|herself))(?! off| short)(?P<behind> [^.?!;]*)"
)
_FRESH = re.compile(
    r"\b(?:yesterday|today|tonight|just now|this (?:morning|afternoon|evening|noon)|last night|earlier|"
    r"(?:an?|two|three|a few|some|few|\d+) (?:hours?|minutes?|mins?) ago|a moment ago|right now)\b"
)
_TRIMMED = re.compile(r"\b(?:toe ?nails?|finger ?nails?|nails?)$")


def unnamed_wounds(tokens: list[Token], told: set[int]) -> Iterator[Hit]:
    """What is said of a wound that the message calls by a pronoun, and fresh cuts.

    Args:
        tokens: the message.
        told: the places of words that are already understood.

    Yields:
        Hits; one that may mean something else is `unsure`, unless it is denied.
    """
    things = _THINGS.search(" ".join(t.text for t in tokens))
    for text, places in sentences(tokens):
        inner = _INNER.search(text)
        if not things:
            yield from _said(text, places, told, bool(inner))
        for cut in _CUT.finditer(text):
            if (cut["just"] or _FRESH.search(text)) and not _TRIMMED.search(cut["words"]):
                yield hit_of("open_wound", text, places, *cut.span("words"))._replace(stance="unsure")


def _said(text: str, places: list[int], told: set[int], inner: bool) -> Iterator[Hit]:
    first = _SAID.search(text) or _DOES.search(text)
    if not first:
        return
    spans = [first.span("kind") if first["kind"] else first.span("kind2")]
    end = spans[0][1]
    spans += [m.span("kind") for m in _MORE.finditer(text, end)]
    words = [text[start:stop] for start, stop in spans]
    kinds = [_KIND_OF.get(word, "open_wound") for word in words]
    alone = len(words) == 1 and words[0] in _VAGUE
    looks = re.search(r" (?:looks?|seems?|smells?|feels?) ", text[first.start() : end])
    lead = text[: max(first.start(name) for name in first.re.groupindex if name.startswith("it"))]
    asked = lead.endswith((" if ", " whether "))
    stance = "unsure" if alone or looks or asked else ""
    worse = {"deep_wound", "infected_wound"} & set(kinds)
    for kind, (start, stop) in zip(kinds, spans, strict=True):
        place = places[start]
        if place in told or (kind == "open_wound" and worse):
            continue
        hit = hit_of("infection" if inner and kind == "infected_wound" else kind, text, places, start, stop)
        yield hit._replace(stance=stance)
