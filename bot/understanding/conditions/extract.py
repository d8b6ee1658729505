"""Health conditions in a message: which, whose, and whether they are stated, unsure, past or denied."""

import re
from dataclasses import dataclass, replace

from bot.understanding.conditions.combine import combine
from bot.understanding.conditions.context import DENIED, PAST, STATED, UNSURE, status, surroundings
from bot.understanding.conditions.holders import Holder, holders
from bot.understanding.conditions.languages import in_english
from bot.understanding.conditions.lexicon import Hit, Lexicon
from bot.understanding.conditions.lookalikes import is_lookalike
from bot.understanding.conditions.over import lately
from bot.understanding.conditions.people import CUSTOMER, PEOPLE, anchors
from bot.understanding.conditions.references import MOVED, NOT_ME, references
from bot.understanding.conditions.spelling import in_full
from bot.understanding.conditions.turns import restated
from bot.understanding.conditions.words import Token, tokenize

_STRENGTH = {STATED: 3, UNSURE: 2, PAST: 1, DENIED: 0}
_CORRECTS = re.compile(
    r"\b(?:sorry|actually|correction|i mean|i meant|wait|oops|typo|mistake|scratch that|wrong|correct)\b"
)
_ON_ME = re.compile(r" (?:on|in|into|onto|inside|under|to|gave|given|fitted) (?:me|my) ")
_HERE = re.compile(r" (?:[^ .?!,]+ ){0,2}?(?:here|speaking|writing|asking) ")
_NOT_ME = re.compile(rf"\b{NOT_ME}\b")
_CLAIMS = re.compile(
    r" (?:i|he|she|we|they|who)(?: also| really)? (?:have|has|am|is|are|had|"
    r"got|wear|wears)\b"
)


@dataclass(frozen=True)
class Mention:
    """A condition that a message mentions.

    Attributes:
        condition: its id; of one that the message does not name, what is said of it (see `references`).
        text, start, end: the words that say so and their place in the message.
        status: 'stated', 'unsure', 'past' or 'denied'.
        holder: 'customer', 'people' (in general), a relation in its one word, or 'she', 'he', 'they'.
    """

    condition: str
    text: str
    start: int
    end: int
    status: str
    holder: str


def extract(text: str, lexicon: Lexicon) -> list[Mention]:
    """The conditions mentioned in a message.

    Args:
        text: the message as written.
        lexicon: the phrases to look for.

    Returns:
        Mentions in order, one for each condition and holder; two overlap only if their words are the same.
    """
    tokens = in_full(in_english(tokenize(text), lexicon.languages))
    hits = [
        hit
        for hit in combine(lexicon.find(tokens), tokens)
        if _had_lately(hit, tokens) or not is_lookalike(hit, tokens)
    ]
    people = anchors(tokens)
    if not hits:
        found = []
        for what, first, last, said, who in references(tokens, people):
            start, end = tokens[first].start, tokens[last - 1].end
            found.append(Mention(what, text[start:end], start, end, said, who))
        return found
    kept: dict[tuple[str, str], Mention] = {}
    for hit in hits:
        before, after = surroundings(hit, hits, tokens)
        phrase = " ".join(token.text for token in tokens[hit.first : hit.last])
        start, end = tokens[hit.first].start, tokens[hit.last - 1].end
        persons = [_patient(each, hit, tokens) for each in holders(hit, tokens, people)]
        said = PAST if hit.stance == PAST else status(hit, before, after, phrase, persons[0][0])
        if hit.stance == UNSURE and said == STATED:
            said = UNSURE
        if hit.stance == PAST and restated(after, persons[0][0], ended=True):
            said = STATED
        for who, late, other in persons:
            stance = PAST if late else other or said
            mention = Mention(hit.condition, text[start:end], start, end, stance, who)
            earlier = kept.get((hit.condition, who))
            if earlier is None or _replaces(mention, earlier, hit, tokens):
                kept[hit.condition, who] = mention
    for what, first, last, _, who in references(tokens, people):
        # 'No, that's my sister, not me! She's pregnant.'
        if what == MOVED and _NOT_ME.search(" ".join(t.text for t in tokens[first:last])):
            theirs = [m for m in kept.values() if m.holder == who and m.status in (STATED, UNSURE)]
            for m in theirs:
                kept.setdefault((m.condition, CUSTOMER), replace(m, status=DENIED, holder=CUSTOMER))
    return sorted(kept.values(), key=lambda mention: mention.start)


def _had_lately(hit: Hit, tokens: list[Token]) -> bool:
    """Whether shingles, else the cause of a nerve pain, were had too lately to be over."""
    sentence = [t for t in tokens if t.sentence == tokens[hit.first].sentence]
    start, end = tokens[hit.first].start, tokens[hit.last - 1].end
    before = " " + "".join(t.text + " " for t in sentence if t.end <= start)
    here = "".join(" " + t.text for t in sentence if t.start >= end)
    return hit.condition == "acute_skin_infection" and lately(before, here)


def _patient(holding: Holder, hit: Hit, tokens: list[Token]) -> Holder:
    """Whose a condition is that others put there, or that the speaker goes by.

    'They have stuck a monitor on me', 'lupus sufferer here'.
    """
    sentence = tokens[hit.first].sentence
    here = [t for t in tokens if t.sentence == sentence]
    words = "".join(f" {t.text}" for t in here) + " "
    after = "".join(f" {t.text}" for t in here if t.start >= tokens[hit.last - 1].end) + " "
    unnamed = holding[0] == PEOPLE or (holding[0] == "patient" and not re.search(r" (?:my|our|a|the|this) ", words))
    own = (holding[0] == "they" and _ON_ME.search(words)) or (unnamed and _HERE.match(after))
    return (CUSTOMER, *holding[1:]) if own else holding


def _replaces(later: Mention, earlier: Mention, hit: Hit, tokens: list[Token]) -> bool:
    """Whether a later mention of the same condition and holder counts instead of the earlier one."""
    if _STRENGTH[later.status] > _STRENGTH[earlier.status]:
        return True
    if later.status not in (DENIED, PAST) or earlier.status not in (STATED, UNSURE):
        return False
    # A denial after it takes a claim back only if it says so; a mere question claims nothing.
    between = "".join(" " + t.text for t in tokens if earlier.end <= t.start < later.start)
    sentence = next(t.sentence for t in tokens if t.end >= earlier.end)
    lead = "".join(" " + t.text for t in tokens if t.sentence == sentence and t.start < earlier.start) + " "
    asked = any(t.text == "?" and t.sentence == sentence for t in tokens) and tokens[hit.first].sentence != sentence
    return bool(_CORRECTS.search(between)) or (
        asked and not _CLAIMS.search(lead) and not re.search(r" my(?: \w+)? $", lead)
    )
