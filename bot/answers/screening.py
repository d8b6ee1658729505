"""The screening question: is it suitable for this person? Asked once for each, answered in any way."""

from dataclasses import replace

from bot.answers import memory, plain, quoting
from bot.answers.answer import Answer, AnswerKind, AnswerVerdict, Option, Question
from bot.answers.turn import Turn
from bot.answers.warned import about_conditions, undocumented, with_mentioned, with_person, with_warnings
from bot.corpus import Kind, Passage

NONE = "none"
# Values of the slot `awaiting`: the question was just asked; something else was asked before it was answered.
SCREENING, INTERRUPTED = "screening", "interrupted"
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
    if named == [NONE]:
        return _cleared(turn)
    if not named or NONE in named:
        return which_applies(turn)
    stated = [_stated(condition, turn.person) for condition in named]
    turn = replace(turn, remembered=memory.remember(turn.remembered, stated))
    return about_conditions(turn, AnswerKind.CONTRAINDICATION)


def chosen_conditions(turn: Turn) -> list[str]:
    """The conditions that a message names by their number in the list; empty where none is told for certain."""
    listed = [option.id for option in _question(turn).options]
    return [listed[number - 1] for number in plain.numbers(turn.text, len(listed))]


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
    named = [c for c in chosen_conditions(turn) if c != NONE] if turn.intent == "choose_option" else []
    if named and not answer.question:
        return memory.remember(turn.remembered, [_stated(condition, turn.person) for condition in named])
    if answer.verdict is AnswerVerdict.UNKNOWN and not turn.mentions:
        return memory.remember_unspecified(turn.remembered, turn.person)
    if answer.kind is AnswerKind.SCREENING and answer.verdict is not AnswerVerdict.UNKNOWN and answer.statements:
        return [c for c in turn.remembered if c["id"] != memory.UNSPECIFIED or c["holder"] != turn.person]
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
