"""What every reply about the documents goes through: its warnings, the conditions that stand, a person to ask."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import conditions, quoting
from bot.answers.answer import Answer, AnswerKind, AnswerVerdict, Option, Question
from bot.answers.memory import Condition
from bot.answers.responses import Responses
from bot.answers.turn import ASKED, ELSEWHERE, Turn
from bot.corpus import Contact, Passage

# What a reply quotes and warns of together, in characters: the rest of what a phone shows is for the words around it.
REPLY_LENGTH = 1250
# A value of the slot `awaiting`: a person was offered.
PERSON = "person"


def with_warnings(turn: Turn, answer: Answer) -> Answer:
    """The answer with every warning bound to what it quotes, and with the conditions that stand.

    A condition of those the question could be about that the answer does not yet speak of is added as a warning,
    and so are the customer's own and one that this very message mentions of somebody else.
    """
    said = {passage.id for passage in answer.statements}
    standing = [*turn.concerning, *turn.besides]
    unsaid = [c for c in conditions.contraindications(turn.corpus, standing) if c.passage.id not in said]
    bound = quoting.warnings_for(turn.corpus, answer.statements)
    warnings = tuple(dict.fromkeys((*answer.warnings, *conditions.as_warnings(unsaid), *bound)))
    statements = _shortened(answer.statements, turn, sum(len(w.text) for w in warnings))
    answer = replace(answer, statements=statements)
    return replace(answer, warnings=warnings, conditions=shown((*standing, *turn.undocumented)))


def _shortened(statements: tuple[Passage, ...], turn: Turn, warned: int) -> tuple[Passage, ...]:
    """Statements that leave room for the warnings: the worst answering ones give way, contraindications never."""
    needed = {c.passage.id for c in turn.corpus.contraindications.values()}
    scores = {found.passage.id: found.score for found in turn.ranked}
    kept = list(statements)
    for passage in sorted(statements, key=lambda p: scores.get(p.id, 0.0)):
        if sum(len(p.text) for p in kept) + warned <= REPLY_LENGTH or len(kept) == 1:
            break
        if passage.id not in needed:
            kept.remove(passage)
    return tuple(kept)


def with_mentioned(turn: Turn, answer: Answer) -> Answer:
    """An answer that is about something else, with the warnings of the conditions that its message mentions."""
    return with_conditions(turn, answer, turn.mentioned)


def with_conditions(turn: Turn, answer: Answer, standing: Sequence[Condition]) -> Answer:
    """An answer with the warnings of these conditions."""
    found = conditions.contraindications(turn.corpus, standing)
    if not found:
        return answer
    return replace(answer, warnings=conditions.as_warnings(found), conditions=shown(standing), cites=True)


def about_conditions(turn: Turn, kind: AnswerKind, of: Sequence[Condition] = ()) -> Answer:
    """What the documents say of the conditions that stand, or of some of them, and nothing that could soften it."""
    standing: list[Condition] = list(of or turn.concerning or turn.mentioned)
    found = conditions.contraindications(turn.corpus, standing)
    verdict = AnswerVerdict(found[0].severity.value)
    lead = [turn.responses(f"verdict_{verdict.value}")]
    if any(c["status"] == "unsure" for c in standing):
        lead.append(turn.responses("not_certain"))
    closing = [turn.responses("ask_a_doctor")]
    if turn.mentions_undocumented:
        closing.insert(0, turn.responses("besides_undocumented"))
    if turn.foreign:
        closing += [turn.responses("not_english"), reach(turn)]
    answer = Answer(kind, verdict, tuple(lead), tuple(c.passage for c in found), closing=tuple(closing))
    return _asking(turn, with_warnings(turn, replace(answer, contact=turn.contact)))


def _asking(turn: Turn, answer: Answer) -> Answer:
    """The answer with a question back where the message may mean a condition and does not say so for certain."""
    perhaps = conditions.contraindications(turn.corpus, [c for c in turn.mentioned if c["status"] == "unsure"])
    if not perhaps:
        return answer
    question = Question(turn.responses("is_it_so"), yes_or_no(turn))
    return replace(answer, question=question, awaits="confirming")


def yes_or_no(turn: Turn) -> tuple[Option, ...]:
    """The options of a question that is answered so."""
    return tuple(Option(name, turn.responses(f"option_{name}")) for name in ("yes", "no"))


def undocumented(turn: Turn, kind: AnswerKind) -> Answer:
    """Something stands that may matter and that no document names."""
    answer = with_person(turn, kind, AnswerVerdict.UNKNOWN, "condition_undocumented")
    return with_warnings(turn, replace(answer, conditions=shown(turn.undocumented), cites=True))


def with_person(
    turn: Turn, kind: AnswerKind, verdict: AnswerVerdict, response: str, reason: str = "unanswered"
) -> Answer:
    """A canned response, and how to reach a person: by the contact's number, or the offer of one here."""
    closing = () if turn.contact is None else (reach(turn),)
    answer = Answer(kind, verdict, (turn.responses(response),), closing=closing, contact=turn.contact, cites=False)
    return offering(turn, answer, reason)


def offering(turn: Turn, answer: Answer, reason: str) -> Answer:
    """The answer with the offer of a person at its end, where one can be reached here and nothing else is asked."""
    if turn.reach == ELSEWHERE or answer.question:
        return answer
    if turn.reach == ASKED:
        return replace(answer, closing=tuple(dict.fromkeys((*answer.closing, reach(turn)))))
    options = tuple(Option(name, turn.responses(f"option_person_{name}")) for name in ("yes", "no"))
    question = Question(turn.responses(f"offer_{turn.reach}"), options)
    return replace(answer, question=question, awaits=PERSON, offers=reason)


def reach(turn: Turn) -> str:
    """The sentence that says how to reach a person."""
    if turn.contact is None:
        return turn.responses("person_asked" if turn.reach == ASKED else "person_here")
    return by_number(turn.responses, turn.contact)


def by_number(responses: Responses, contact: Contact) -> str:
    """The sentence that names the contact."""
    return responses("contact", name=contact.name, number=contact.whatsapp, link=contact.link)


def shown(found: Sequence[Condition]) -> tuple[dict[str, str], ...]:
    """Conditions as the payload has them, each once: without the customer's words."""
    shown = {(c["id"], c["holder"]): {"id": c["id"], "holder": c["holder"], "status": c["status"]} for c in found}
    return tuple(shown.values())
