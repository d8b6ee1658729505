"""Wounds: which kinds a message states of one, and which are too slight to count."""

import re
from collections.abc import Iterator

from bot.understanding.conditions.lexicon import Hit
from bot.understanding.conditions.words import Token, word_set

GRAZE = r"(?:graze|grazes|grazed|abrasion|abrasions|scrape|scrapes|scraped|scratch|scratches|scratched)"
WOUND = (
    r"(?:wounds?|cuts?|gash(?:es)?|incisions?|scars?|ulcers?|sores?|lacerations?|"
    r"stitches|sutures|burns?|blisters?|bites?|scab|piercing)"
)
BODY = (
    r"(?:arms?|forearms?|elbows?|legs?|foot|feet|toes?|toenails?|nails?|ankles?|fingers?|fingernails?|thumbs?|"
    r"hands?|palms?|fingertips?|knuckles?|soles?|forehead|eyebrow|eyelid|hips?|"
    r"ribs?|shoulders?|nose|neck|knees?|knee ?cap|jaw|shins?|heels?|skin|face|ear|ears|lip|belly|tummy|stomach|"
    r"breasts?|back|chest|calf|calves|thighs?|head|scalp|lungs?|liver|kidneys?|groin|armpit|throat|wrists?|abdomen|"
    r"ovary|ovaries|testicle|testicles|cheek|bum|buttock|brain|spine|bowel|colon|prostate|thyroid|pancreas|bladder|"
    r"womb|uterus)"
)
_NOUN = re.compile(rf"(?:{WOUND}|{GRAZE}|incised|surgery)")
_BODY = re.compile(BODY)
_KINDS = {
    **dict.fromkeys(("infected", "septic", "festering", "festers", "pus", "puss", "green", "smelly"), "infected_wound"),
    **dict.fromkeys(("deep", "deeply", "gaping", "gapes", "gape", "gaped", "gap"), "deep_wound"),
    **dict.fromkeys(("open", "reopened", "unhealed", "weeping", "oozing", "bleeding", "raw"), "open_wound"),
}
_FOUL = word_set("septic pus puss festering festers")  # said of a part of the body, they need no wound
_GREEN = word_set("green smelly")  # of much else, too
_MAY_FOLLOW = word_set(
    "and or but so now too again at in on as since it one ones with from though enough can could is are was has have i "
    "my we she he they the a an that this to for because when if after before yet though although still already today "
    "last over during by under around near despite due overnight yesterday just only not no all right also there "
    "here maybe then than what how does do should will would may"
)
_BREAK = word_set("but just only however though although yet instead rather merely . ! ? ; : - ( ) luckily")
_NOT = word_set("no not never non without nor neither hardly barely nothing")
_OPENED = word_set(
    "is are was still wide an one again came come split burst open be very fully been stays stayed remains left"
)
_OTHER = word_set("it one ones that this they them wound cut which")


def kinds_of_wounds(tokens: list[Token]) -> Iterator[Hit]:
    """What is said of a wound in its sentence or the next one and is not negated: open, deep or infected."""
    nouns = [n for n, t in enumerate(tokens) if _NOUN.fullmatch(t.text.split()[0] if t.text else "")]
    said = [(place, noun) for place in range(len(tokens)) if (noun := _wound_of(place, nouns, tokens)) is not None]
    worse = {noun for place, noun in said if _KINDS[tokens[place].text] != "open_wound"}
    end = 0
    for place, noun in said:
        kind = _KINDS[tokens[place].text]
        if kind == "open_wound" and noun in worse:
            continue
        if min(noun, place) >= end:
            end = max(noun, place) + 1
            yield Hit(kind, min(noun, place), end, (tokens[place].text,))
        yield Hit(kind, place, place + 1, (tokens[place].text,))


def _wound_of(place: int, nouns: list[int], tokens: list[Token]) -> int | None:
    """The place of the wound that a word states something of."""
    word = tokens[place].text
    if word not in _KINDS:
        return None
    noun = _noun_of(place, nouns, tokens)
    if noun is None and word in _FOUL:
        near = range(max(0, place - 6), min(place + 3, len(tokens)))
        noun = next((n for n in near if _BODY.fullmatch(tokens[n].text)), None)
    if noun is None or _of_something_else(place, tokens) or _is_negated(place, tokens):
        return None
    lead = {w for t in tokens[max(0, place - 2) : place] for w in t.text.split()}
    return None if _KINDS[word] == "open_wound" and noun < place and not _OPENED & lead else noun


def _noun_of(place: int, nouns: list[int], tokens: list[Token]) -> int | None:
    """The wound that a word is said of: the nearest in its sentence, or the last one of the sentence before."""
    sentence = tokens[place].sentence
    here = [n for n in nouns if tokens[n].sentence == sentence and n != place]
    if here:
        return min(here, key=lambda n: abs(n - place))
    earlier = [n for n in nouns if tokens[n].sentence == sentence - 1]
    lead = [t.text for t in tokens[:place] if t.sentence == sentence]
    referring = len(lead) <= 3 or bool(_OTHER & {w for text in lead for w in text.split()})
    return earlier[-1] if earlier and referring else None


def _of_something_else(place: int, tokens: list[Token]) -> bool:
    """Whether a word describes another noun ('deep tissue'), the light ('how deep does it go'), or a slight colour."""
    before = {w for t in tokens[max(0, place - 3) : place] for w in t.text.split()}
    if {"how", "light", "penetrate", "penetrates", "reach", "reaches", "go", "goes", "heat"} & before:
        return True
    if tokens[place].text in _GREEN and not before & {"gone", "turned", "is", "looks", "went", "going", "smells"}:
        return True
    ahead = tokens[place + 1 : place + 4]
    if not ahead or not ahead[0].is_word or ahead[0].text.split()[0] in _MAY_FOLLOW or ahead[0].text in _KINDS:
        return False
    ahead = ahead[: next((n for n, t in enumerate(ahead) if t.text.split()[0] in _MAY_FOLLOW), 3)]
    described = any(_NOUN.fullmatch(token.text.split()[0]) for token in ahead if token.is_word)
    return not described and not re.search(r"..(?:ly|ed)$", ahead[0].text) and tokens[place].text not in _FOUL


def _is_negated(place: int, tokens: list[Token]) -> bool:
    alternative = any(t.text in ("or", "nor") for t in tokens[place : place + 4]) or tokens[place - 1].text in (
        "or",
        "nor",
    )
    for n in range(place - 1, max(-1, place - 8), -1):
        words = tokens[n].text.split()
        if tokens[n].text in _BREAK and not (
            tokens[n].text in ("just", "only") and n and "not" in tokens[n - 1].text.split()
        ):
            return False
        if (tokens[n].text == "," and not alternative) or (
            tokens[n].text == "and" and tokens[n - 1].text not in _KINDS
        ):
            return False
        if _NOT & set(words):
            return tokens[n + 1].text not in ("only", "just", "merely", "simply")
        if n < place - 1 and words[0] in ("it", "is", "are") and tokens[n - 1].text == "and":
            return False
    return False


PLAIN_WOUND = frozenset(("wound", "laceration", "surgical wound", "road rash", "scald"))
_OPEN = re.compile(
    r" (?:open|opens|opening|reopens|reopening|bleeds|weeps|oozes|unhealed|reopened|bleeding|weeping|oozing|raw|"
    r"fresh|not (?:yet |"
    r"fully |quite |completely )*(?:healed|closed|heal|close)|apart) "
)
_SLIGHT = re.compile(
    r" (?:superficial|minor|small|little|shallow|tiny|slight|surface|slow healing|"
    r"slow to heal|heals slowly|healing slowly|not deep) "
)
_SHUT_BEFORE = re.compile(r" (?<!not )(?:closed|healed|dry|dried)(?: (?:surgical|surgery|op|old|up|,))* $")


def is_slight(hit: Hit, tokens: list[Token]) -> bool:
    """Whether an open_wound is only a graze, or a wound said to be slight or closed and not to be open."""
    if hit.condition != "open_wound":
        return False
    phrase = " ".join(hit.words)
    if re.fullmatch(GRAZE, phrase):
        return True
    if phrase not in PLAIN_WOUND:
        return False
    sentence = [
        i
        for i in range(max(0, hit.first - 30), min(len(tokens), hit.last + 30))
        if tokens[i].sentence == tokens[hit.first].sentence
    ]
    around = " " + "".join(tokens[i].text + " " for i in sentence)
    if _OPEN.search(around):
        return False
    near = " " + "".join(tokens[i].text + " " for i in sentence if hit.first - 6 <= i < hit.last + 8)
    before = " " + "".join(tokens[i].text + " " for i in sentence if i < hit.first)
    return bool(_SLIGHT.search(near) or _SHUT_BEFORE.search(before))


# A wound that somebody has, or had, and not wounds as such: 'my wound', 'I have a wound', 'the wound on her leg'.
_HAS_IT = re.compile(
    r" (?:(?:this|that) (?:(?!for|on|meant|with|to|of|good|ok|helps?|heals?)\w+ )?$"
    r"|(?:my|his|her|their|our|the|these|those|'s|two|three|four|both|several|many|\d+|no|any|without|not|"
    r"never|fresh|new|old) (?:\w+ ){0,2}$"
    r"|(?:have|has|had|got|gets|getting|suffer|there (?:is|are|was)) (?!(?:a |one |some |another )?(?:question|"
    r"idea|doubt))"
    r"(?:\w+ ){0,5}$)"
)
_ITS_PLACE = re.compile(
    rf"^ (?:on|in|at|under|across|to) (?:(?:my|his|her|their|our|the|left|right) )*{BODY}\b|^ (?:is|was|"
    rf"has) (?!it |this |the |your )"
)
_ASKS = re.compile(
    r"^ (?:(?:so|and|but|ok|hi|hello|please|also) )*(?:can|could|may|might|is|are|does|do|should|will|would|what|how|"
    r"which|when|who|am|must|shall|for|any good|good)\b.* $|.* \? $|.* (?:helps?|good|heal|heals|works?|suitable|"
    r"use it) .*wounds? "
)
_OFTEN = re.compile(r" (?:often|always|easily|a lot|sometimes|tend|regularly|frequently|prone|constantly|every) ")


def is_general(hit: Hit, tokens: list[Token]) -> bool:
    """Whether a wound is nobody's: 'what kind of wounds is it for', 'can it be used on a wound', 'I often get "
    "wounds'."""
    phrase = " ".join(hit.words)
    if hit.condition != "open_wound" or phrase not in PLAIN_WOUND:
        return False
    before, after = (
        " " + "".join(t.text + " " for t in part if t.sentence == tokens[hit.first].sentence)
        for part in (tokens[: hit.first], tokens[hit.last :])
    )
    phrase = " ".join(t.text for t in tokens[hit.first : hit.last])
    if _OFTEN.search(before + after):
        return True
    if _HAS_IT.search(before) or _ITS_PLACE.match(after) or _OPEN.search(after) or _OPEN.search(before):
        return False
    return bool(_ASKS.match(f"{before}{phrase}{after}"))
