"""What a message asks that mentions a health condition: by its words alone telling, denying and asking are close."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from bot.understanding.conditions.context import DENIED, PAST, STATED, UNSURE
from bot.understanding.questions import without

Intent = dict[str, Any]

# Below this confidence the intent of a message is not clear.
CLEAR_FROM = 0.5
CUSTOMER, FALLBACK, EMERGENCY = "customer", "nlu_fallback", "emergency"
STATE, DENY, SUITABILITY = "state_condition", "deny_condition", "ask_suitability"
# What a message may be that answers something or tells it, and mentions a condition.
TELLING = frozenset(("affirm", "deny", "unsure", "ask_diagnosis"))
# What may be asked with the rest of a message that denies a condition.
ASKED = "ask_"
ENOUGH_WORDS = 2  # a rest of fewer says nothing


def settled(
    intent: Intent,
    text: str,
    mentions: Collection[Mapping[str, Any]],
    apart: Mapping[str, bool],
    person: str | None,
    rank: Callable[[str], Intent],
) -> Intent:
    """The intent of a message after what it mentions.

    A message that asks nothing, and answers or tells, is about the conditions that it mentions; so is one whose kind
    is not clear. One that only denies, or says that something is over, may ask with the rest: 'no pacemaker, just a
    stiff neck'. One that tells what somebody else has only to leave him out asks for the speaker.

    Args:
        intent: by the words alone, with its confidence.
        mentions: the conditions found: `status`, `holder` and place (`at`) of each.
        apart: who is not asked about, and whether the message says so plainly (bot.understanding.conditions.apart).
        person: whom the message asks about.
        rank: the intent of another text.
    """
    name, asks = intent["name"], "?" in text
    statuses = {m["status"] for m in mentions if m["holder"] not in apart}
    unclear = name == FALLBACK or intent["confidence"] < CLEAR_FROM
    tells = not asks and name != EMERGENCY and (unclear or name in TELLING)
    if statuses and (tells or name in (STATE, DENY)):
        intent = {**intent, "name": STATE if statuses & {STATED, UNSURE} else DENY}
    standing = [m for m in mentions if m["status"] in (STATED, UNSURE)]
    if standing and all(apart.get(m["holder"]) for m in standing) and person == CUSTOMER:
        return {**intent, "name": SUITABILITY} if intent["name"] in (STATE, FALLBACK) else intent
    if intent["name"] in (DENY, STATE, FALLBACK) and mentions and not standing:
        return _of_the_rest(text, mentions, rank) or intent
    return intent


def _of_the_rest(text: str, mentions: Collection[Mapping[str, Any]], rank: Callable[[str], Intent]) -> Intent | None:
    """What is asked with the clauses that mention nothing."""
    rest = without(text, places_over(mentions))
    if len(rest.split()) < ENOUGH_WORDS:
        return None
    found = rank(rest)
    return found if found["name"].startswith(ASKED) and found["confidence"] >= CLEAR_FROM else None


def places_over(mentions: Collection[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Where a message says that something is denied or over."""
    return [(m["at"][0], m["at"][1]) for m in mentions if m.get("status") in (DENIED, PAST)]
