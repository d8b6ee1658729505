"""Which conditions a message means that names none: 'my wife does', 'it has healed', 'that was my sister, not me'."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_WOUNDS = frozenset({"open_wound", "deep_wound", "infected_wound"})
_HEALS = _WOUNDS | {"fracture", "acute_skin_infection", "acute_eczema", "acute_inflammation", "infection"}
# What the extractor calls a condition that is not named, and what it can be. Any: what was spoken of last.
_CAN_BE = {
    "healed": _HEALS,
    "removed": frozenset({"electronic_device", "tumor", "open_wound"}),
    "gone": _HEALS | {"tumor"},
    "unhealed": _WOUNDS | {"fracture"},
    "back": _HEALS | {"tumor"},
    "renewed": frozenset({"electronic_device", "undocumented_condition"}),
    "cleared": _HEALS | {"tumor", "pregnancy"},
    "born": frozenset({"pregnancy"}),
}
# Said of what was over, it is so no more.
_RETURNS = frozenset({"back", "renewed", "unhealed"})
_BABIES = frozenset({"baby", "twin"})
_CHILDREN = frozenset({"son", "daughter", "child"})
_PARENTS = frozenset({"customer", "wife", "girlfriend", "partner", "fiancee"})
SAME, MOVED, MEANT_FOR = "same", "moved", "meant_for"
ALL = frozenset({SAME, MOVED, MEANT_FOR, *_CAN_BE})
_STANDS = frozenset({"stated", "unsure"})
# So many messages ago at most: a reference drops what was just spoken of, and adds what was spoken of before.
_DROPS, _ADDS = 2, 4
LONG_AGO = _ADDS
_PART = re.compile(
    r"\b(?:my|the|his|her|their|our|'s) (?:left |right )?(\w{3,}) (?:has|have|is|are|was|were|all|healed|closed)\b",
    re.I,
)
_SEVERAL = re.compile(r"\b(?:they|both|all|everything|them|these|those)\b", re.IGNORECASE)
_PLAINLY = re.compile(
    r"\b(?:have|has|had|got|wears?|it|one|any|any ?more|longer|actually|sorry|wait|mistake|oops|after all)\b",
    re.IGNORECASE,
)
_IS = re.compile(r"\b(?:is|are|am|isn't|isnt|aren't|'m|be|was)\b|'s$", re.IGNORECASE)
_MEANT = re.compile(r"\b(?:mean|meant|ask\w*|talking|speaking|writing|thinking|referring)\b", re.IGNORECASE)
_NOT_ME = re.compile(r"\b(?:not|than|of) (?:me|mine|i|myself)\b", re.IGNORECASE)
_WHO = re.compile(r"\b(?:who|that|which) (?:has|had|is|was|does|did|wears|got|have)\b", re.IGNORECASE)

Conditions = list[dict[str, Any]]


def conditions(mention: Mapping[str, str | None], holder: str, memory: Sequence[dict[str, Any]]) -> Conditions:
    """The conditions that a mention means, as they stand after it; none where that is not plain.

    Args:
        mention: with what is said as its id, one of `ALL`.
        holder: whose it is.
        memory: what is remembered; `last` tells how many messages ago what was spoken of last was.
    """
    what, said, status = str(mention["id"]), mention.get("said") or "", str(mention["status"])
    drops = status not in _STANDS or what == MOVED
    last = [
        c for c in memory if c.get("last", LONG_AGO + 1) <= (_DROPS if drops else _ADDS) and c["id"] != "unspecified"
    ]
    if what == MOVED:
        return _moved(memory, last, said, holder)
    if what == MEANT_FOR:
        asked = [c for c in last if c["status"] == "asked" or (c.get("assumed") and c["status"] in _STANDS)]
        return [_as(c, holder, c["status"] if c["status"] in _STANDS else "stated") for c in asked]
    if what == SAME:
        meant = _meant(last, said)
        if drops and len({c["id"] for c in meant}) > 1 and not _SEVERAL.search(said):
            return []
        standing = {(c["id"], c["holder"]) for c in memory if c["status"] in _STANDS}
        # 'She isn't' may be said of much else; 'she doesn't have it', 'actually I'm not' are said of the condition.
        keeps = drops and not _PLAINLY.search(said)
        return [_as(c, holder, status) for c in meant if not (keeps and (c["id"], holder) in standing)]
    whose = None if mention["holder"] is None else holder
    if what == "cleared":
        return [_as(c, c["holder"], status) for c in _feared(memory, holder, whose)]
    if what == "born":
        expected = [c for c in memory if c["id"] == "pregnancy" and c["status"] in _STANDS]
        own = expected and expected[0]["holder"] in _PARENTS and "born" in said
        born = holder in _BABIES or (holder in _CHILDREN and own)
        return [_as(c, c["holder"], status) for c in expected] if born and len(expected) == 1 else []
    before = _STANDS | {"past"} if what in _RETURNS else _STANDS
    possible = [
        c for c in memory if c["id"] in _CAN_BE[what] and c["status"] in before and whose in (None, c["holder"])
    ]
    part = _PART.search(said)
    if part:  # 'my wrist has healed': it is the wrist that was broken
        possible = [c for c in possible if any(part[1].lower() in word.lower() for word in c.get("said", ()))]
    else:
        possible = [c for c in possible if c in last]
    if what == "unhealed":
        unnamed: dict[str, Any] = {"id": "open_wound", "holder": holder, "status": status, "said": []}
        return [_as(c, c["holder"], "stated") for c in possible] or [unnamed]
    if what in _RETURNS:  # of several all: a warning too many is better than one too few
        return [_as(c, c["holder"], "stated") for c in possible if c["status"] == "past"]
    one_wound = len({c["holder"] for c in possible}) == 1 and {c["id"] for c in possible} <= _WOUNDS
    plain = len(possible) == 1 or one_wound or _SEVERAL.search(said)
    return [_as(c, c["holder"], status) for c in possible] if plain else []


def _feared(memory: Sequence[dict[str, Any]], holder: str, whose: str | None) -> Conditions:
    """What was not certain in the message before: a test says no, or the customer on being asked."""
    feared = [c for c in memory if c["status"] == "unsure" and c.get("last", LONG_AGO) <= 1]
    found = [c for c in feared if c["id"] in _CAN_BE["cleared"] and whose in (None, c["holder"])]
    return found if len(found) == 1 else []


def _meant(last: Sequence[dict[str, Any]], said: str) -> Conditions:
    """What 'is' or 'does' stands for: somebody is pregnant, and has all else."""
    pregnancy = [c for c in last if c["id"] == "pregnancy"]
    others = [c for c in last if c["id"] != "pregnancy"]
    return (pregnancy or others) if _IS.search(said) else (others or pregnancy)


def _moved(memory: Sequence[dict[str, Any]], last: Sequence[dict[str, Any]], said: str, holder: str) -> Conditions:
    """What was said of somebody else is this person's, and not theirs; of several things, only where that is plain."""
    all_of_it = _MEANT.search(said) or _NOT_ME.search(said)
    meant = list(last) if _MEANT.search(said) or not _WHO.search(said) else _meant(last, said)
    plain = all_of_it or len({c["id"] for c in meant}) == 1
    moved: Conditions = []
    for c in meant:
        stands = c["status"] in _STANDS
        before = "customer" if _NOT_ME.search(said) else c["holder"]
        theirs = [o for o in memory if o["id"] == c["id"] and o["holder"] == before and o["status"] in _STANDS]
        moved.append(_as(c, holder, c["status"] if stands else "stated"))
        if plain and before != holder:
            moved += [_as(o, before, "denied") for o in theirs]
    return moved


def _as(condition: Mapping[str, Any], holder: str, status: str) -> dict[str, Any]:
    return {"id": condition["id"], "holder": holder, "status": status, "said": list(condition.get("said", ()))}
