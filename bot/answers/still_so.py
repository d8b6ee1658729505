"""'Still so?': after a long silence, what is remembered of people's health is asked about again.

It is due from the message that ends the silence on, and asked at the end of the first reply that asks nothing else.
What is asked about stands until it is said to be over, and a no takes back nothing else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answers import memory, plain
from bot.answers.answer import Answer, AnswerKind, Option, Question
from bot.answers.memory import Condition
from bot.answers.turn import Turn
from bot.answers.warned import about_conditions, undocumented, with_warnings, yes_or_no

# A value of the slot `awaiting`.
STILL_SO = "still_so"
LONG_SILENCE = 30  # days
NONE = "none"
# After these the question waits for the next reply.
NOT_AFTER = frozenset({AnswerKind.EMERGENCY, AnswerKind.HANDOVER, AnswerKind.FAILURE})

_NO_LONGER = re.compile(r"\W*(?:no\W+)?(?:not (?:any ?more|any longer)|no longer)\W*", re.IGNORECASE)
_ALL = re.compile(
    r"\W*(?:yes\W+)?(?:all|both|each|every ?one|they all|all three)(?: of (?:them|these|those|it))?"
    r"(?: still)?(?: (?:do|apply|applies|are|is|so))*\W*",
    re.IGNORECASE,
)
# What may stand around the names of those that still apply, and changes nothing.
_AROUND = re.compile(r"\b(?:yes|only|just|still|the|my|a|an|please|it is|it's|that is)\b", re.IGNORECASE)
# Between two of them; 'and pregnancy' says that it is one more.
_NAMED = "\0"
_AND = re.compile(rf"(?<={_NAMED})[^\w?]*(?:and also|and|also|[&+])[^\w?]*(?={_NAMED})", re.IGNORECASE)
_ADDS = re.compile(r"[\w?&+]")
# 'The second one', and not 'the second one has healed'.
_AROUND_NUMBERS = re.compile(rf"{_AROUND.pattern}|\b(?:applies|apply|are|is|so)\b", re.IGNORECASE)
# So may '2 apply', 'the 2' and 'still 2', but not '2' and 'number 2'.
_HOW_MANY = re.compile(
    r"(?=.*\b(?:the|only|just|still|applies|apply|are|is|so)\b)(?!.*\b(?:numbers?|options?)\b)\D*\b\d+\b\D*",
    re.IGNORECASE | re.DOTALL,
)

Key = tuple[str, str]  # condition and holder


def recalled(remembered: Iterable[Condition]) -> list[list[str]]:
    """What is to be asked about again: condition and holder of each that stands."""
    return [list(_key(c)) for c in memory.in_force(remembered) if "of" not in c]


def with_still_so(turn: Turn, answer: Answer, remembered: Sequence[Condition]) -> Answer:
    """The answer with the question at its end, where it is due and nothing else is asked.

    Args:
        remembered: the memory after this turn.
    """
    asked = due(turn, remembered)
    if not asked or answer.question or answer.awaits or answer.kind in NOT_AFTER:
        return answer
    return replace(answer, question=_question(turn, asked), awaits=STILL_SO, related=())


def due(turn: Turn, remembered: Sequence[Condition]) -> list[Condition]:
    """What is still to be asked about: not what was asked just before, unless another long silence came after.

    Nor what this very message speaks of.
    """
    if turn.awaiting == STILL_SO and turn.silent_days < LONG_SILENCE:
        return []
    return [c for c in _standing(turn, remembered) if c.get("last") != 0]


def kept(turn: Turn) -> set[Key] | None:
    """Those of the conditions asked about that still apply by this message; None where it does not say so plainly."""
    asked = [(id, holder) for id, holder in turn.recalled]
    if turn.awaiting != STILL_SO or not asked or "?" in turn.text:
        return None
    for text in (turn.text, turn.written):
        if plain.is_no(text) or _NO_LONGER.fullmatch(text):
            return set()
        if _ALL.fullmatch(text):
            return set(asked)
    titles = _titles(turn, asked)
    if turn.intent == "choose_option" and len(titles) > 1 and _is_choice(turn.text):
        listed = [*titles.values(), set[Key]()]
        chosen = [listed[number - 1] for number in plain.numbers(turn.text, len(listed))]
        return set().union(*chosen) if chosen and (all(chosen) or len(chosen) == 1) else None
    if turn.intent == "affirm" and not turn.mentions:
        return set(asked)
    return _named(turn.text, titles) or _named(turn.written, titles)


def settled(turn: Turn, remembered: Iterable[Condition]) -> list[Condition]:
    """The memory after an answer: what was asked about and no longer applies is past."""
    still = kept(turn)
    over = {(id, holder) for id, holder in turn.recalled} - still if still is not None else set()
    seen = [c for c in remembered if (c["id"], c.get("of")) not in over]
    return [{**c, "status": "past"} if _key(c) in over else dict(c) for c in seen]


def only_that(turn: Turn) -> Turn:
    """The turn of an answer to the question as one that tells nothing else: 'Fracture (wife)' is an option."""
    return replace(turn, mentions=(), apart={}, asked_person=None, parts=()) if kept(turn) is not None else turn


def answered(turn: Turn) -> Answer:
    """What stands is warned of, and what no longer does is named; until it is plainly said, all of it stands.

    Args:
        turn: with the memory after the message, see `settled`.
    """
    still = _standing(turn, turn.remembered)
    over = [c for c in turn.remembered if list(_key(c)) in [list(k) for k in turn.recalled] and c not in still]
    unclear = kept(turn) is None
    said = []
    if unclear and turn.intent == "unsure":
        said.append(turn.responses("not_certain"))
    elif over:
        said.append(turn.responses("no_longer", conditions=", ".join(_titles(turn, map(_key, over)))))
    if [c for c in still if c["id"] in turn.corpus.contraindications]:
        answer = about_conditions(turn, AnswerKind.CONTRAINDICATION, of=still)
    elif still:
        answer = undocumented(turn, AnswerKind.CONTRAINDICATION)
    else:
        lead = tuple(said) or (turn.responses("condition_dropped"),)
        return with_warnings(turn, Answer(AnswerKind.CONTRAINDICATION, lead=lead, cites=False))
    answer = replace(answer, closing=(*said, *answer.closing))
    if unclear and turn.intent != "unsure":
        return replace(answer, question=_question(turn, still), awaits=STILL_SO, offers=None)
    return answer


def _standing(turn: Turn, remembered: Sequence[Condition]) -> list[Condition]:
    asked = {(id, holder) for id, holder in turn.recalled}
    return [c for c in memory.in_force(remembered) if _key(c) in asked and "of" not in c]


def _question(turn: Turn, asked: Sequence[Condition]) -> Question:
    titles = _titles(turn, map(_key, asked))
    if len(titles) == 1:
        return Question(turn.responses("still_so", conditions=next(iter(titles))), yes_or_no(turn))
    options = [Option(":".join(min(keys)), title) for title, keys in titles.items()]
    none = Option(NONE, turn.responses("option_none"))
    return Question(turn.responses("which_still_so"), (*options, none), multiple=True)


def _titles(turn: Turn, keys: Iterable[Key]) -> dict[str, set[Key]]:
    """What conditions are called, with whose they are; what no document names has one name for all of somebody's."""
    titles: dict[str, set[Key]] = {}
    for id, holder in keys:
        known = turn.corpus.contraindications.get(id)
        title = known.title if known else turn.responses("something_else")
        person = turn.responses("you") if holder == memory.CUSTOMER else holder.replace("-", " ")
        titles.setdefault(f"{title} ({person})", set()).add((id, holder))
    return titles


def _named(text: str, titles: dict[str, set[Key]]) -> set[Key] | None:
    """Those that a text names by their title, with or without whose they are, and nothing more."""
    rest, found = text.lower().replace(_NAMED, " "), set[Key]()
    bare = [title.rpartition(" (")[0] for title in titles]
    for title, keys in sorted(titles.items(), key=lambda t: -len(t[0])):
        short = title.rpartition(" (")[0]
        for name in (title, short) if bare.count(short) == 1 else (title,):
            if name.lower() in rest:
                rest = rest.replace(name.lower(), _NAMED)
                found |= keys
    return found if found and not _says_more(rest) else None


def _is_choice(text: str) -> bool:
    """Whether a text names some of the list by their number, and nothing more; 'two' may be how many they are."""
    return bool(plain.picked(text, _AROUND_NUMBERS)) and not _HOW_MANY.fullmatch(text) and not plain.counts(text)


def _says_more(rest: str) -> bool:
    """Whether there is more in a text than names, with what stands between and around them."""
    return bool(_ADDS.search(_AND.sub(_NAMED, _AROUND.sub(" ", rest))))


def _key(condition: Condition) -> Key:
    return condition["id"], condition["holder"]
