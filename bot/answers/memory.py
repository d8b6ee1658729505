"""The health conditions mentioned in a conversation: whose they are, and that none is lost.

A memory is a list of {"id", "holder", "status", "said"}, one entry for each condition of each person, as it stands
in the slot `conditions`. Status is as the extractor names it: stated, unsure, denied or past. `said` holds the
words it was named by. Some entries have more: `last`, of what was spoken of last, the number of messages since;
`assumed`, said of nobody in particular, and `own`, before that of this person; `names`, what else the person is
called; `of`, seen under another name of the holder for this turn only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from bot.answers import references
from bot.answers.persons import FAMILY, PAIRS, SHE_AND_HE, fits, may_be, of_the_family, pronoun_of

CUSTOMER = "customer"
PEOPLE = "people"  # 'pregnant women', 'anyone with lupus': nobody in particular
IN_FORCE = frozenset({"stated", "unsure"})
PRONOUNS = frozenset({"she", "he", "they", "it"})
# Somebody said that something on the list applies, and not what.
UNSPECIFIED = "unspecified"
# Asked about for people in general, until something else is spoken of: 'my wife has one' may follow.
ASKED = "asked"
# One may be denied and another one stay: no lipoma, but cancer; no hearing aid, but a pacemaker.
SEVERAL_THINGS = frozenset(
    {"electronic_device", "photosensitivity", "tumor", "infection", "acute_skin_infection", "fracture"}
)
# 'We are expecting': it is said by the husband as well.
EXPECTING_WITH = frozenset({"wife", "girlfriend"})
_ASKING_FOR = re.compile(r"\b(?:ask|speak|talk|writ)", re.IGNORECASE)
# By these bare names what is denied, or said to be over, is so whatever it was called before.
_FRACTURE = frozenset({"fracture", "fractures"})
ENDED_BY_NAME = {"denied": _FRACTURE, "past": _FRACTURE | {"infection", "infections", "skin infection"}}
SAME_WORDS = 0.75  # likeness of two words for the same thing, misspelling allowed for

Condition = dict[str, Any]
# As a message has it: id, holder (None where nobody is named), status and the words.
Mention = Mapping[str, str | None]


def resolve(holder: str | None, last_person: str, memory: Iterable[Condition] = ()) -> str:
    """Whose a mention is.

    Without a name the person last spoken of; with a pronoun the only one whom it means, else the pronoun stays;
    under another name of the only one in the memory who it may be ('partner' for the wife), that one.
    """
    if holder is None:
        return last_person
    if holder in PRONOUNS:
        may_mean = meant_by(holder, last_person, memory)
        if last_person in may_mean and holder == pronoun_of(last_person):
            return last_person
        return may_mean[0] if len(may_mean) == 1 and fits(holder, may_mean[0]) else holder
    known = {c["holder"]: c.get("names", ()) for c in memory if "of" not in c}
    if holder in known or holder in (CUSTOMER, PEOPLE):
        return holder
    called = [who for who, names in known.items() if holder in names]
    alike = called or [who for who in known if who not in PAIRS and may_be(holder, who)]
    return alike[0] if len(alike) == 1 else holder


def meant_by(pronoun: str, last_person: str, memory: Iterable[Condition] = ()) -> list[str]:
    """Whom a pronoun may mean: the person last spoken of whom it fits; where that is not plain, all whom it may.

    'They' are all spoken of. A pronoun that fits nobody is a slip, and may mean anybody.
    """
    last = [last_person] if last_person not in {CUSTOMER, PEOPLE, FAMILY, *PRONOUNS} else []
    pair = PAIRS.get(last_person, ())
    others = [c for c in memory if "of" not in c and c["holder"] not in {CUSTOMER, PEOPLE, FAMILY, *PRONOUNS, *pair}]
    if last and (pronoun == pronoun_of(last_person) or pair) and pronoun != "they":
        # Of several spoken of in one message, it may be any.
        others = [c for c in others if c.get("last", 2) <= 1 and fits(pronoun, c["holder"])]
    known = list(dict.fromkeys((*last, *(c["holder"] for c in others))))
    return [who for who in known if fits(pronoun, who)] or known


def mentioned(
    mentions: Iterable[Mention], last_person: str, memory: Sequence[Condition] | None = None
) -> list[Condition]:
    """The mentions of one message as conditions, with their holders resolved.

    Args:
        mentions: as `bot.answers.turn.mentions_of` gives them.
        last_person: whom the conversation was about before.
        memory: what a mention without a condition's name may refer to; without it, those are left out.
    """
    mentions = list(mentions)
    found: list[Condition] = []
    of_all = {m["id"] for m in mentions if m["holder"] == FAMILY}
    for mention in mentions:
        holders = _holders(mention, last_person, memory or ())
        if mention["holder"] is None and mention["id"] in of_all:
            holders = tuple(dict.fromkeys((*holders, CUSTOMER)))
        if mention["id"] == references.MEANT_FOR and _ASKING_FOR.search(mention["said"] or ""):
            found += _not_the_customers(memory or ())
        if mention["id"] in references.ALL:
            for holder in holders if memory is not None else ():
                found += references.conditions(mention, holder, _settled(memory or ()))
            continue
        for holder in holders:
            condition = {
                "id": str(mention["id"]),
                "holder": holder,
                "status": str(mention["status"]),
                "said": [mention["said"]] if mention.get("said") else [],
            }
            found.append({**condition, "assumed": True} if mention["holder"] is None else condition)
    return found


def _not_the_customers(memory: Iterable[Condition]) -> list[Condition]:
    """What was asked just before without saying for whom, once it is said that it was for somebody else."""
    asked = [c for c in memory if c["holder"] == CUSTOMER and c.get("assumed") and c.get("last", 2) <= 1]
    asked = [c for c in in_force(asked) if not c.get("own")]
    return [{"id": c["id"], "holder": CUSTOMER, "status": "denied", "said": c.get("said", [])} for c in asked]


def _holders(mention: Mention, last_person: str, memory: Sequence[Condition]) -> tuple[str, ...]:
    """Whose a mention is; of the parents, spoken of before, 'he' is one.

    What stands is everybody's whom a pronoun may mean; what is taken back is so only of one who is plainly meant.
    """
    holder = mention["holder"]
    who = resolve(holder, last_person, memory)
    if who in PRONOUNS and mention["status"] in IN_FORCE and last_person != CUSTOMER:
        all_meant = [each for each in meant_by(who, last_person, memory) if fits(who, each)]
        return tuple(dict.fromkeys(each for one in all_meant for each in PAIRS.get(one, (one,)))) or (who,)
    if who not in PAIRS:
        return (who,)
    return SHE_AND_HE[who].get(holder or "", PAIRS[who])


def remember(memory: Iterable[Condition], conditions: Iterable[Condition]) -> list[Condition]:
    """The memory after a message.

    A condition stays until that of the same person, and where there can be several the same one, is denied or
    past; then the entry stays with that status. Conditions of people in general are nobody's.
    """
    entries = {(c["id"], c["holder"]): dict(c) for c in memory}
    new = [c for c in conditions if c["holder"] != PEOPLE]
    if new:
        for entry in entries.values():
            entry.pop("last", None)
    for condition in new:
        key = condition["id"], condition["holder"]
        known = entries.get(key)
        entry = _joined(known, condition) if known and known["status"] in IN_FORCE else dict(condition)
        if known and "names" in known:
            entry["names"] = known["names"]
        entries[key] = {**entry, "last": 0}
    return list(entries.values())


def after_message(
    memory: Iterable[Condition],
    mentions: Sequence[Mention],
    asked_person: str | None,
    last_person: str,
    names: Mapping[str, str | None] | None = None,
    doubtful: Sequence[Mention] = (),
) -> list[Condition]:
    """The memory after a message, with what those it is about are known to have under other names.

    Args:
        memory: what the slot holds.
        mentions, asked_person: of the message.
        last_person: whom the conversation was about before.
        names: the personal names in the message, each with the relation it is given for ('my wife Sarah'), if any.
        doubtful: the mentions that take nothing back that stands, whatever they say.
    """
    known = _settled(memory)
    for entry in known:
        if "last" in entry:
            entry["last"] += 1
    known = [c for c in known if c["status"] != ASKED or c.get("last", references.LONG_AGO + 1) <= references.LONG_AGO]
    found = mentioned(mentions, last_person, known)
    if doubtful:
        certain = mentioned([m for m in mentions if m not in doubtful], last_person, known)
        stands = {(c["id"], c["holder"]) for c in in_force(known)}
        found = [c for c in found if c["status"] in IN_FORCE or c in certain or (c["id"], c["holder"]) not in stands]
    general = [{**c, "status": ASKED, "last": 0} for c in found if c["holder"] == PEOPLE]
    if found:
        known = [c for c in known if c["status"] != ASKED]
    if general and len(general) == len(found):
        for entry in known:
            entry.pop("last", None)
    known = remember(known, found) + general
    for entry in known:
        called = [name for name, relation in (names or {}).items() if entry["holder"] in (name, relation)]
        if called:
            entry["names"] = sorted({*entry.get("names", ()), *called})
    asked = meant_by(asked_person, last_person, known) if asked_person in PRONOUNS else [asked_person]
    people = {*asked, last_person, *(m["holder"] for m in mentions)} - {None, CUSTOMER, PEOPLE} - PRONOUNS
    return known + [seen for person in sorted(p for p in people if p) for seen in _seen_as(person, known, names or {})]


def _settled(memory: Iterable[Condition]) -> list[Condition]:
    """A copy of the memory without what was seen under another name for one turn."""
    return [dict(c) for c in memory if "of" not in c]


def _seen_as(person: str, memory: Sequence[Condition], names: Mapping[str, str | None]) -> list[Condition]:
    """What stands for a person under another name: the wife's for 'partner', both parents' for 'parent'.

    A personal name that nobody has explained may be anybody's who has none yet.
    """
    own = {c["id"] for c in memory if c["holder"] == person}
    unknown = person in names and not names[person] and not any(person in c.get("names", ()) for c in memory)
    return [
        {**c, "holder": person, "of": c["holder"]}
        for c in in_force(memory)
        if c["id"] not in own
        and c["holder"] not in (CUSTOMER, PEOPLE, person)
        and (
            may_be(person, c["holder"])
            or person in c.get("names", ())
            or (unknown and not c.get("names"))
            or (c["holder"] == FAMILY and of_the_family(person))
        )
    ] + [
        {**c, "holder": person, "of": CUSTOMER}
        for c in in_force(memory)
        if (c["id"], c["holder"]) == ("pregnancy", CUSTOMER) and person in EXPECTING_WITH and "pregnancy" not in own
    ]


def remember_unspecified(memory: Iterable[Condition], holder: str) -> list[Condition]:
    """The memory after somebody said that something on the list applies to this person, and not what."""
    return remember(memory, [{"id": UNSPECIFIED, "holder": holder, "status": "stated", "said": []}])


def _joined(known: Condition, new: Condition) -> Condition:
    """What stands after a condition that stood is mentioned again."""
    said, named = known.get("said", []), new.get("said", [])
    if new["status"] in IN_FORCE:
        status = "stated" if "stated" in (known["status"], new["status"]) else "unsure"
        if known.get("own") or not known.get("assumed"):
            new = {**new, "own": True}
        return {**new, "status": status, "said": list(dict.fromkeys((*said, *named)))}
    # 'No fracture any more' ends it, whatever it was called.
    ended = any(word.lower() in ENDED_BY_NAME.get(new["status"], ()) for word in named)
    left = [word for word in said if not ended and not any(_same(word, other) for other in named)]
    if new["id"] in SEVERAL_THINGS and left:
        return {**known, "said": left}
    return dict(new)


def _same(one: str, other: str) -> bool:
    """Whether words that are denied, or said to be over, take back those that were said: 'no skin cancer' no cancer."""
    said, denied = one.lower(), other.lower()
    return denied in said or SequenceMatcher(None, said, denied).ratio() >= SAME_WORDS


def in_force(conditions: Iterable[Condition]) -> list[Condition]:
    """Those that stand: stated or not certain."""
    return [c for c in conditions if c["status"] in IN_FORCE]


def settled(memory: Iterable[Condition], status: str) -> list[Condition]:
    """The memory after what was not certain, and was asked about last, is said to be so or not."""
    return [{**c, "status": status} if c["status"] == "unsure" and c.get("last", 2) <= 1 else dict(c) for c in memory]
