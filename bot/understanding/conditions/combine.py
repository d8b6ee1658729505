"""Conditions that only several words together tell: a deep cut, an infected wound, a hot swollen joint."""

import re

from bot.understanding.conditions.lexicon import Hit, hit_of
from bot.understanding.conditions.parts import BORN, RULES
from bot.understanding.conditions.told import told
from bot.understanding.conditions.unnamed import unnamed_wounds
from bot.understanding.conditions.words import Token, sentences
from bot.understanding.conditions.wounds import is_general, is_slight, kinds_of_wounds

# 'Breast cancer six years ago' is a tumor that may be there still.
_CANCER_ONCE = frozenset((("cancer", "year", "ago"),))


def combine(hits: list[Hit], tokens: list[Token]) -> list[Hit]:
    """The hits of a message with those that words make together, and without wounds too slight to count."""
    hits = [hit._replace(condition="tumor", stance="unsure") if hit.words in _CANCER_ONCE else hit for hit in hits]
    hits = [hit for hit in hits if not is_slight(hit, tokens) and not is_general(hit, tokens)]
    made = list(kinds_of_wounds(tokens))
    known = {place for hit in (*hits, *made) for place in range(hit.first, hit.last)}
    made += unnamed_wounds(tokens, known)
    for text, places in sentences(tokens):
        for condition, rule in RULES:
            made.extend(_hit(condition, match, text, places) for match in rule.finditer(text))
        made.extend(_hit("pregnancy", match, text, places)._replace(stance="past") for match in BORN.finditer(text))
    made += told(tokens)
    for new in made:
        overlapping = [hit for hit in hits if hit.first < new.last and new.first < hit.last]
        if all(_yields(hit, new) for hit in overlapping):
            hits = [hit for hit in hits if hit not in overlapping] + [new]
    return sorted(hits, key=lambda hit: hit.first)


def _yields(hit: Hit, new: Hit) -> bool:
    """Whether a hit gives way to what was made with it: the same in more words, or a wound that is worse."""
    stronger = {"open_wound": ("deep_wound", "infected_wound"), "deep_wound": ("infected_wound",)}
    if new.stance == "past":
        return True
    if hit.condition == "undocumented_condition" != new.condition:
        return True
    if hit.condition == new.condition:
        return not new.stance and new.first <= hit.first and hit.last <= new.last
    return new.condition in stronger.get(hit.condition, ())


def _hit(condition: str, match: re.Match[str], text: str, places: list[int]) -> Hit:
    return hit_of(condition, text, places, *match.span("words" if "words" in match.re.groupindex else 0))
