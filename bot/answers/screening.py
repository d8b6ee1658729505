"""The screening question: is it suitable for this person? Asked once for each, answered in any way."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.answers import memory, plain, quoting
from bot.answers.answer import Answer, AnswerKind, AnswerVerdict, Option, Question
from bot.answers.turn import Turn
from bot.answers.warned import about_conditions, undocumented, with_mentioned, with_person, with_warnings
from bot.corpus import Kind, Passage

NONE = "none"
CHOICE, DOUBT = "choose_option", "deny"
# Values of the slot `awaiting`: the question was just asked; something else was asked before it was answered.
SCREENING, INTERRUPTED = "screening", "interrupted"
OPEN = (SCREENING, INTERRUPTED)
LISTED_FOR = 3  # messages after the answer, in which it can be put right by number
# Intents that the stories take for an answer to it, and what comes before any answer.
ANSWERS = frozenset({"deny", "affirm", "choose_option", "unsure", "skip", "nlu_fallback", "emergency"})
# From this confidence on something else is asked while it is open.
CLEAR_FROM = 0.7


def screening(turn: Turn) -> Answer:
    """Is it for me: what it is for, and the one question that lists who should not use it."""
    if turn.concerning:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    if turn.undocumented_now:
        return undocumented(turn, AnswerKind.SCREENING)
    if turn.person in turn.screened:
        return _cleared(turn)
    if turn.person in turn.screening_asked:
        closing = (turn.responses("screening_reminder"),)
        return with_warnings(
            turn, Answer(AnswerKind.SCREENING, statements=uses(turn), closing=closing, awaits=SCREENING)
        )
    answer = Answer(AnswerKind.SCREENING, statements=uses(turn), question=_question(turn), awaits=SCREENING)
    return with_warnings(turn, answer)


def concluded(turn: Turn) -> Answer:
    """None of the listed conditions applies; anything but a plain no leaves it open."""
    turn = _about_whom(turn)
    if turn.concerning:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    if turn.awaiting == INTERRUPTED and not plain.is_none(turn.text):
        # A mere no may answer what was said since.
        return with_mentioned(turn, Answer(AnswerKind.SMALLTALK, lead=(turn.responses("deny"),), cites=False))
    return _cleared(turn) if plain.is_no(turn.text) else which_applies(turn)


def which_applies(turn: Turn) -> Answer:
    """Something on the list applies, or was not understood: which? Until that is said, nothing is supported."""
    turn = _about_whom(turn)
    if turn.concerning:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    options = _question(turn).options
    question = Question(turn.responses("which_one"), options, multiple=True)
    answer = Answer(AnswerKind.SCREENING, AnswerVerdict.UNKNOWN, question=question, awaits=SCREENING, cites=False)
    return with_mentioned(turn, answer)


def half_answered(turn: Turn) -> Answer | None:
    """An answer to the open question that was taken for something else ('nope, except the heart thing'): which?"""
    other = turn.intent in ANSWERS or turn.confidence >= CLEAR_FROM or turn.mentions
    if turn.awaiting != SCREENING or other or not plain.half_answers(turn.text):
        return None
    return which_applies(turn)


def chosen(turn: Turn) -> Answer:
    """Some of the list by their number: 'the second one', '1 and 3'."""
    turn = _about_whom(turn)
    named = chosen_conditions(turn)
    turn = replace(turn, remembered=_put_right(turn, named))
    if named == [NONE]:
        return _cleared(turn)
    if not named or NONE in named:
        most = len(_question(turn).options)
        outside = any(not 1 <= number <= most for number in _picked(turn) or ())
        answer = which_applies(turn)
        if outside and answer.question:
            return replace(answer, lead=(turn.responses("not_on_list", most=str(most)),))
        return answer
    return about_conditions(turn, AnswerKind.CONTRAINDICATION)


def chosen_conditions(turn: Turn) -> list[str]:
    """The conditions that a message names by their number in the list; empty where none is told for certain."""
    listed = [option.id for option in _question(turn).options]
    picked = _picked(turn)
    if picked is None:
        picked = plain.numbers(turn.text, len(listed))
    return [listed[number - 1] for number in picked] if all(1 <= number <= len(listed) for number in picked) else []


def by_list(turn: Turn) -> tuple[Turn, Answer] | None:
    """What answers the list, or soon after puts the answer right, whatever it was taken for: numbers and nothing else.

    Just after a choice also what takes it back, 'oops, none of them', and what may mean that: 'none of these', 'no'.
    Then the choice stands, and the customer is told to say so once more.

    Returns:
        The turn as one that chooses, with its answer; None where the message is something else.
    """
    just_chosen = turn.awaiting is None and turn.listed and not turn.listed["ago"] and turn.listed["chosen"]
    is_doubted = turn.listed is not None and turn.listed["doubted"]
    if turn.mentions or turn.intent == "emergency":
        return None
    if _is_open(turn) and _picked(turn) is not None:
        turn = replace(_about_whom(_of_the_list(turn)), intent=CHOICE, parts=())
        is_none = chosen_conditions(turn) == [NONE] and not plain.replaces(turn.text)
        return _doubted(turn) if just_chosen and is_none and not is_doubted else (turn, chosen(turn))
    if turn.awaiting is None and turn.listed and not turn.listed["ago"] and plain.reverses(turn.written or turn.text):
        turn = replace(_about_whom(_of_the_list(turn)), intent=CHOICE, parts=())
        return turn, which_applies(turn)
    if just_chosen and (plain.takes_back(turn.text) or (is_doubted and plain.is_none(turn.text))):
        turn = _of_the_list(turn)
        turn = replace(turn, remembered=_put_right(turn, [NONE]), intent=CHOICE, text=turn.responses("option_none"))
        return turn, about_conditions(turn, AnswerKind.CONTRAINDICATION) if turn.concerning else _cleared(turn)
    return _doubted(turn) if just_chosen and plain.regrets(turn.text) and turn.concerning else None


def _doubted(turn: Turn) -> tuple[Turn, Answer]:
    """What was chosen stands, and the customer is told how to take it back."""
    answer = about_conditions(_of_the_list(turn), AnswerKind.CONTRAINDICATION)
    return replace(turn, intent=DOUBT), replace(answer, closing=(turn.responses("still_counts"), *answer.closing))


def listed(turn: Turn, answer: Answer, before: Sequence[memory.Condition], chose: bool) -> dict[str, Any] | None:
    """What to keep of the list after a reply: for whom it was answered, what was chosen, and how many messages ago.

    Args:
        before: the memory before the answer.
        chose: whether the message chose from the list, or took that back, see `by_list`.
    """
    if answer.awaits:
        return None
    if chose and turn.intent == DOUBT:
        return {**turn.listed, "doubted": True} if turn.listed else None
    if chose or (turn.awaiting in OPEN and not turn.asks):
        stood = {(c["id"], c["holder"]) for c in memory.in_force(before)}
        new = [c["id"] for c in memory.in_force(after(turn, answer)) if (c["id"], c["holder"]) not in stood]
        chosen_now = new if turn.intent == CHOICE else []
        return {"person": _about_whom(turn).person, "chosen": chosen_now, "ago": 0, "doubted": False}
    ago = turn.listed["ago"] + 1 if turn.listed else LISTED_FOR
    return {**turn.listed, "ago": ago} if turn.listed and ago < LISTED_FOR else None


def _is_open(turn: Turn) -> bool:
    """Whether a number may be one of the list: it waits for an answer, or was answered just before.

    Then 'the second' alone may be a use that was quoted since.
    """
    return turn.awaiting in OPEN or (
        turn.awaiting is None and turn.listed is not None and plain.puts_right(turn.written or turn.text)
    )


def _of_the_list(turn: Turn) -> Turn:
    """The turn as about the person for whom the list was answered, where it no longer is open."""
    return replace(turn, asked_person=turn.listed["person"]) if turn.listed and turn.awaiting not in OPEN else turn


def _put_right(turn: Turn, named: Sequence[str]) -> list[memory.Condition]:
    """The memory after a choice; 'sorry, I meant 4' and 'none of them' take back what was chosen just before."""
    remembered = [dict(c) for c in turn.remembered]
    again = {(id, turn.person) for id in turn.listed["chosen"]} if turn.listed and not turn.listed["ago"] else set()
    if named and (named == [NONE] or plain.replaces(turn.text)):
        remembered = [{**c, "status": "denied"} if (c["id"], c["holder"]) in again else c for c in remembered]
    if named and NONE not in named:
        stated = [_stated(condition, turn.person) for condition in named]
        remembered = memory.remember([c for c in remembered if not _is_unspecified(c, turn.person)], stated)
    return remembered


def _is_unspecified(condition: memory.Condition, person: str) -> bool:
    return (condition["id"], condition["holder"]) == (memory.UNSPECIFIED, person)


def _picked(turn: Turn) -> list[int] | None:
    """The numbers that a message names where it says nothing else, misspelt words put right or not.

    After 'none of these' on a line of its own they are put right.
    """
    if plain.is_no(turn.text):
        return None
    for text in (turn.written, turn.text):
        first, _, rest = text.partition("\n")
        found = plain.picked(rest if plain.is_no(first) else text)
        if found is not None:
            return found
    return None


def not_sure(turn: Turn) -> Answer:
    """Nobody knows whether something on the list applies: until it is known, nothing is supported."""
    turn = _about_whom(turn)
    if turn.concerning:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    answer = with_person(turn, AnswerKind.SCREENING, AnswerVerdict.UNKNOWN, "screening_unsure")
    return with_mentioned(turn, answer)


def left(turn: Turn) -> Answer:
    """The question is left unanswered."""
    lead = (turn.responses("screening_left"),)
    return with_mentioned(turn, Answer(AnswerKind.SCREENING, lead=lead, cites=False))


def uses(turn: Turn) -> tuple[Passage, ...]:
    """What it is for, in short: the uses that stand above the others."""
    found = [s for s in turn.corpus.sections if s.kind is Kind.USE and s.parent is None]
    return tuple(passage for section in found for passage in quoting.quote(section, turn.ranked))


def after(turn: Turn, answer: Answer) -> list[memory.Condition]:
    """The memory after an answer to the screening question.

    What was left open is settled by a plain no; somebody who says that something applies, or may, and not
    what, leaves it open.
    """
    named = chosen_conditions(turn) if turn.intent == CHOICE else []
    turn = replace(turn, remembered=_put_right(turn, named)) if named == [NONE] else turn
    named = [c for c in named if c != NONE]
    if named and not answer.question:
        return _put_right(turn, named)
    if answer.verdict is AnswerVerdict.UNKNOWN and not turn.mentions:
        return memory.remember_unspecified(turn.remembered, turn.person)
    if answer.kind is AnswerKind.SCREENING and answer.verdict is not AnswerVerdict.UNKNOWN and answer.statements:
        return [c for c in turn.remembered if not _is_unspecified(c, turn.person)]
    return list(turn.remembered)


def _about_whom(turn: Turn) -> Turn:
    """The turn as about the person for whom the question was asked."""
    return replace(turn, asked_person=memory.CUSTOMER if turn.person == memory.PEOPLE else turn.person)


def _stated(condition: str, holder: str) -> memory.Condition:
    return {"id": condition, "holder": holder, "status": "stated", "said": []}


def _question(turn: Turn) -> Question:
    options = tuple(Option(c.condition, c.title) for c in turn.corpus.contraindications.values())
    none = Option(NONE, turn.responses("option_none"))
    return Question(turn.responses("screening_question"), (*options, none), multiple=True)


def _cleared(turn: Turn) -> Answer:
    open_points = [c for c in turn.undocumented if c["id"] != memory.UNSPECIFIED]
    verdict = AnswerVerdict.UNKNOWN if open_points else AnswerVerdict.SUPPORTED
    return with_warnings(turn, Answer(AnswerKind.SCREENING, verdict, (turn.responses("screened"),), uses(turn)))
