"""Several questions in one message, answered in one reply."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.answers.answer import Answer, AnswerVerdict, Block
from bot.answers.turn import Part, Turn
from bot.answers.warned import REPLY_LENGTH

MOST = 3  # questions of one message that are answered
# What may be quoted for all of them together, in characters.
ROOM = 900
# From this confidence on a part of a message counts as a question of its kind.
ASKS_FROM = 0.4
VETOES = (AnswerVerdict.AVOID, AnswerVerdict.SEE_DOCTOR_FIRST, AnswerVerdict.CONFIRM_FIRST)
# The verdict of a reply is the most careful of what it says about the person.
CAREFUL_FIRST = (
    *VETOES,
    AnswerVerdict.UNKNOWN,
    AnswerVerdict.NOT_SUPPORTED,
    AnswerVerdict.LIMITED,
    AnswerVerdict.SUPPORTED,
    AnswerVerdict.NONE,
)
# 'How much is it?' has no answer, but that says nothing about the person.
NOT_ABOUT_A_PERSON = frozenset({"out_of_scope", "ask_contact", "ask_person", "ask_source"})

Compose = Callable[[Turn], Answer]


def questions(turn: Turn, kinds: Mapping[str, Compose]) -> list[Part]:
    """The questions of a message that differ, in order: by their kind and by what was found for them."""
    found: dict[tuple[str, str | None], Part] = {}
    for part in turn.parts:
        if part.intent in kinds and part.confidence >= ASKS_FROM:
            passage = part.ranked[0].passage if part.ranked else None
            found.setdefault((part.intent, f"{passage.document}#{passage.section}" if passage else None), part)
    return list(found.values())[:MOST]


def several(turn: Turn, kinds: Mapping[str, Compose]) -> Answer | None:
    """One answer to all questions of a message; None where it asks one thing only.

    Args:
        kinds: what composes an answer, by intent.
    """
    asked = questions(turn, kinds)
    if len(asked) < 2 or turn.intent not in kinds:
        return None
    answers: list[tuple[int, str, Answer]] = []
    for number, part in enumerate(asked, 1):
        room = ROOM // len(asked)
        of_part = replace(
            turn,
            text=part.text,
            intent=part.intent,
            confidence=part.confidence,
            ranked=part.ranked,
            parts=(),
            room=room,
        )
        answer = _without(kinds[part.intent](of_part), [a for _, _, a in answers])
        if answer.lead or answer.statements:
            answers.append((number, part.intent, answer))
    if len(answers) < 2:
        return None
    # What forbids use comes first, whichever question it answers.
    answers.sort(key=lambda found: found[2].verdict not in VETOES)
    return _shortened(turn, _joined(turn, answers))


def _without(answer: Answer, said: Sequence[Answer]) -> Answer:
    """An answer without what the ones before it say already."""
    leads = {line for other in said for line in other.lead}
    quoted = {passage.id for other in said for passage in other.statements}
    statements = tuple(passage for passage in answer.statements if passage.id not in quoted)
    if not statements and (answer.statements or set(answer.lead) <= leads):
        return replace(answer, lead=(), statements=())
    # A warning that leads one answer leads the next ones too; a judgement is each one's own.
    lead = tuple(line for line in answer.lead if line not in leads) if answer.verdict in VETOES else answer.lead
    return replace(answer, lead=lead, statements=statements)


def _shortened(turn: Turn, answer: Answer) -> Answer:
    """An answer that a phone shows: of the longest block the last statement gives way, contraindications never.

    Where nothing is left to give way, what is said last does.
    """
    needed = {c.passage.id for c in turn.corpus.contraindications.values()}
    blocks = list(answer.blocks)
    rest = sum(len(text) for block in blocks for text in block.lead) + sum(len(w.text) for w in answer.warnings)
    rest += sum(len(line) for line in answer.closing)
    while rest + sum(_length(block) for block in blocks) > REPLY_LENGTH:
        spare = [n for n, b in enumerate(blocks) if len(b.statements) > 1 and b.statements[-1].id not in needed]
        if not spare:
            # The person to ask stands in the payload as well, warnings and leads nowhere else.
            answer = replace(answer, closing=())
            break
        longest = max(spare, key=lambda n: _length(blocks[n]))
        blocks[longest] = replace(blocks[longest], statements=blocks[longest].statements[:-1])
    return replace(answer, statements=blocks[0].statements, further=tuple(blocks[1:]))


def _length(block: Block) -> int:
    return sum(len(passage.text) for passage in block.statements)


def _joined(turn: Turn, answers: Sequence[tuple[int, str, Answer]]) -> Answer:
    blocks = [Block((turn.responses(f"question_{n}"), *a.lead), a.statements) for n, _, a in answers]
    only = [answer for _, _, answer in answers]
    judged = [a.verdict for _, intent, a in answers if intent not in NOT_ABOUT_A_PERSON] or [only[0].verdict]
    handover = next((answer.handover for answer in only if answer.handover), None)
    # What is asked for the answer's sake comes before the offer of a person; who gets one is asked nothing.
    asking = sorted((a for a in only if a.question and not handover), key=lambda a: bool(a.offers))
    question = asking[0].question if asking else None
    return replace(
        only[0],
        verdict=min(judged, key=CAREFUL_FIRST.index),
        lead=blocks[0].lead,
        further=tuple(blocks[1:]),
        warnings=tuple(dict.fromkeys(w for answer in only for w in answer.warnings)),
        closing=tuple(dict.fromkeys(line for answer in only for line in answer.closing)),
        conditions=tuple({(c["id"], c["holder"]): c for answer in only for c in answer.conditions}.values()),
        question=question,
        awaits=next((answer.awaits for answer in only if answer.question is question and answer.awaits), None),
        offers=asking[0].offers if asking else None,
        handover=handover,
        contact=next((answer.contact for answer in only if answer.contact), None),
        cites=any(answer.cites for answer in only),
    )
