"""One function for each kind of reply: a turn to an answer.

Whatever the kind, `with_warnings` adds the warnings bound to what is quoted and the conditions that must be
spoken of (bot.answers.warned); no reply about the documents is made without it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answers import conditions, memory, offered, plain, quoting
from bot.answers.answer import Answer, AnswerKind, AnswerVerdict, Option, Question
from bot.answers.related import key
from bot.answers.responses import Responses
from bot.answers.screening import concluded, screening, uses, which_applies
from bot.answers.several import VETOES
from bot.answers.turn import ELSEWHERE, HERE, Turn
from bot.answers.warned import (
    PERSON,
    about_conditions,
    by_number,
    offering,
    reach,
    undocumented,
    with_conditions,
    with_mentioned,
    with_person,
    with_warnings,
    yes_or_no,
)
from bot.corpus import Corpus, Kind, Passage, Section

# From this score on a passage answers a question of a kind that the documents are about, and from the second one
# also a message whose kind is not known or that seems to ask about another use.
ANSWERS_FROM = 0.22
ANSWERS_UNASKED_FROM = 0.4
# A question of how it works that names nothing the documents know is still one from this confidence on.
SURE_FROM = 0.85
# By so much another kind of section must answer better than the kind that was asked for.
CLEARLY_BETTER = 0.05
# Below this confidence the kind of question is a guess: then the documents must plainly speak of it.
GUESSED_BELOW = 0.5
# From this score on a figure is that of what the message names, not of what was last spoken of.
FIGURE_FROM = 0.25
# A section that introduces others gives way to the overview that scores this close to it.
INTRODUCES_WITHIN = 0.12
# How much is quoted of what is only perhaps meant, in characters.
ASIDE_LENGTH = 300
ASIDE_WITHIN = 0.12
# A question of how it works is answered in general even from this score on.
GENERAL_FROM = 0.17
# From this score on a follow-up names its own topic: 'and endorphins?', not 'and for my husband?'
NAMES_FROM = 0.3
# Below this a question about how it works names nothing special: 'the science behind it?'
SPECIAL_FROM = 0.36
# What a reply quotes of more than one section, in characters.
STATEMENTS_LENGTH = 700
# Kinds of question that a customer who was not understood can choose from.
OFFERED_KINDS = frozenset(
    {"ask_mechanism", "ask_suitability", "ask_contraindication", "ask_limits", "ask_timing", "ask_contact"}
)
# Near these a question of who must not use it asks whether this person may.
FOR_SOMEBODY = frozenset({"ask_suitability", "ask_suitability_for_me"})
# What asks whether it helps with something; from this confidence on a follow-up is clearly one of these.
OF_USES = frozenset({"ask_suitability", "ask_other_use", "ask_limits", "ask_uses"})
CLEARLY_FROM = 0.6
SUBJECT = (Kind.MECHANISM, Kind.USE, Kind.LIMIT, Kind.REPLACEMENT, Kind.TIMING, Kind.EVIDENCE)
# These say nothing of the device: what is told on the way is warned of in a line.
NOT_LED = frozenset({AnswerKind.EMERGENCY, AnswerKind.FAILURE, AnswerKind.HANDOVER, AnswerKind.SMALLTALK})
JUDGED = (Kind.USE, Kind.LIMIT, Kind.REPLACEMENT)


def mechanism(turn: Turn) -> Answer:
    """How it works: the sections that explain what was asked, or the first of all when nothing special was."""
    if turn.concerning and plain.asks_why_not(turn.text):
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    statements = _explaining(turn)
    if not statements:
        return unanswered(turn)
    answer = Answer(AnswerKind.MECHANISM, statements=statements)
    # Mentioned in the same message: the answer leads with the condition.
    return _warned_first(turn, answer) if turn.mentioned else with_warnings(turn, answer)


def suitability(turn: Turn) -> Answer:
    """Whether it helps with what was asked, for the person asked about."""
    return _judging(turn, AnswerKind.SUITABILITY, (Kind.USE,), ANSWERS_FROM)


def right_for(turn: Turn) -> Answer:
    """Whether it is right for somebody: the screening question; for people in general, what holds of them."""
    if turn.asked_person == memory.PEOPLE and not turn.mentions:
        return timing(turn) if turn.last_question == "ask_timing" else contraindication(turn)
    asked = quoting.rank_sections(turn.corpus, turn.ranked, SUBJECT)
    if turn.confidence < SURE_FROM and _is_rather(turn, (Kind.USE,), ()) and asked[0].section.parent:
        return other_use(turn)  # 'My scar is slow to close. Is it for that sort of thing?'
    return screening(turn)


def all_uses(turn: Turn) -> Answer:
    """What it is for."""
    if turn.concerning:
        return contraindication(turn)
    statements = uses(turn)
    return (
        with_warnings(turn, Answer(AnswerKind.SUITABILITY, statements=statements)) if statements else unanswered(turn)
    )


def other_use(turn: Turn) -> Answer:
    """Whether it helps with something that is probably in no document."""
    return _judging(turn, AnswerKind.SUITABILITY, JUDGED, ANSWERS_UNASKED_FROM)


def limits(turn: Turn) -> Answer:
    """What it does not do, or only in part."""
    return _judging(turn, AnswerKind.LIMITS, (Kind.LIMIT,), ANSWERS_FROM)


def replacement(turn: Turn) -> Answer:
    """Whether it takes the place of medicine, surgery or a doctor."""
    statements = _all_of(turn.corpus, Kind.REPLACEMENT)
    if not statements:
        return limits(turn)
    verdict = AnswerVerdict.NOT_SUPPORTED
    answer = Answer(AnswerKind.LIMITS, verdict, (turn.responses(f"verdict_{verdict.value}"),), statements)
    return _warned_first(turn, answer) if turn.concerning else with_warnings(turn, answer)


def timing(turn: Turn) -> Answer:
    """How soon, and whether for everyone: all that the documents say of time."""
    statements = _all_of(turn.corpus, Kind.TIMING)
    if not statements:
        return contraindication(turn) if turn.concerning else unanswered(turn)
    if turn.confidence < SURE_FROM and _is_rather(turn, JUDGED, (Kind.TIMING,)):
        return other_use(turn)
    answer = Answer(AnswerKind.TIMING, statements=statements)
    return _warned_first(turn, answer) if turn.concerning else with_warnings(turn, answer)


def source(turn: Turn) -> Answer:
    """Where it stands: what was last quoted, and what the documents say of their evidence."""
    quoted = _topic(turn)[:1]
    evidence = _all_of(turn.corpus, Kind.EVIDENCE)
    if _is_rather(turn, (*JUDGED, Kind.MECHANISM), (Kind.EVIDENCE,)):
        # 'I read that it burns fat, is that true?'
        asked = quoting.rank_sections(turn.corpus, turn.ranked, SUBJECT)[0].section
        about = quoting.quote(asked, turn.ranked, turn.room)
        answer = Answer(AnswerKind.SOURCE, lead=(turn.responses("source"),), statements=(*about, *evidence))
        return _warned_first(turn, answer) if turn.mentioned else with_warnings(turn, answer)
    lead = (turn.responses("source_of_last") if quoted else turn.responses("source"),)
    answer = Answer(AnswerKind.SOURCE, lead=lead, statements=evidence)
    if quoted and not set(quoted[0].passages) & set(evidence):
        answer = replace(answer, statements=(*_said_of(turn, quoted[0]), *evidence))
    if not answer.statements:
        return unanswered(turn)
    return _warned_first(turn, answer) if turn.mentioned else with_warnings(turn, answer)


def contraindication(turn: Turn) -> Answer:
    """Who must not use it: about the conditions that stand for the person asked about, or the whole list."""
    if turn.concerning:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    if turn.undocumented_now:
        return undocumented(turn, AnswerKind.CONTRAINDICATION)
    if turn.mentions:
        # 'No pacemaker, not pregnant: does it help my knee?' What is excluded was just denied.
        answer = suitability(turn)
        if answer.statements:
            return answer
    if _is_rather(turn, JUDGED, (Kind.CONTRAINDICATIONS,)):
        return other_use(turn)  # 'Is it safe on grazes?', 'is it bad for varicose veins?'
    if turn.asked_person not in (None, memory.PEOPLE) and FOR_SOMEBODY & set(turn.close_intents):
        return screening(turn)  # 'Could I hold it to my knee?'
    found = conditions.strongest_first(turn.corpus.contraindications.values())
    answer = Answer(
        AnswerKind.CONTRAINDICATION,
        lead=(turn.responses("who_should_not"),),
        statements=tuple(c.passage for c in found),
        closing=(turn.responses("not_on_the_list"), reach(turn)),
        contact=turn.contact,
    )
    return with_warnings(turn, answer)


def condition_noted(turn: Turn) -> Answer:
    """A condition was mentioned, denied or corrected and nothing was asked."""
    if turn.concerning or turn.mentioned:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    if turn.undocumented_now:
        return undocumented(turn, AnswerKind.CONTRAINDICATION)
    if turn.mentions:
        if "?" in turn.text:  # 'The fracture has healed. OK for a stiff wrist?'
            answer = suitability(turn)
            return screening(turn) if answer.kind is AnswerKind.UNANSWERED else answer
        lead = (turn.responses("condition_dropped"),)
        return with_warnings(turn, Answer(AnswerKind.CONTRAINDICATION, lead=lead, cites=False))
    if plain.is_none(turn.text):
        return concluded(turn)  # 'None of those', after a list that was no question
    if _names_topic(turn) or turn.confidence < SURE_FROM:
        return contraindication(turn)
    return which_applies(turn)  # 'My lymph nodes are swollen': is it one of the list?


def confirmed(turn: Turn) -> Answer:
    """What may have applied does."""
    return condition_noted(
        replace(turn, remembered=memory.settled(turn.remembered, "stated"), asked_person=turn.person)
    )


def dropped(turn: Turn) -> Answer:
    """What may have applied does not, after a plain no and nothing else."""
    if not plain.is_no(turn.text):
        return condition_noted(replace(turn, asked_person=turn.person))
    turn = replace(turn, remembered=memory.settled(turn.remembered, "denied"), asked_person=turn.person)
    if turn.concerning:
        return contraindication(turn)
    lead = (turn.responses("condition_dropped"),)
    return with_warnings(turn, Answer(AnswerKind.CONTRAINDICATION, lead=lead, cites=False))


def contact(turn: Turn) -> Answer:
    """How to reach a person, and who the supplier is; whoever is writing to the number is not told of it."""
    statements = (*_all_of(turn.corpus, Kind.CONTACT), *_all_of(turn.corpus, Kind.COMPANY))
    number = _digits(turn.corpus.contact.whatsapp)
    answer = Answer(
        AnswerKind.CONTACT,
        statements=statements if turn.number else tuple(p for p in statements if number not in _digits(p.text)),
        closing=() if turn.contact is None else (reach(turn),),
        contact=turn.corpus.contact if turn.number else None,
        cites=False,
    )
    answer = offering(turn, answer, "asked")
    return _warned_first(turn, answer) if turn.mentioned else with_warnings(turn, answer)


def handover(turn: Turn) -> Answer:
    """The customer wants a person, or takes the offer of one."""
    if turn.intent == "affirm" and offered.is_taken(turn) is False:
        return smalltalk(turn)  # 'yes, it does feel warm'
    if turn.reach == ELSEWHERE:
        return with_mentioned(turn, with_person(turn, AnswerKind.HANDOVER, AnswerVerdict.NONE, "handover"))
    reason = (turn.offered if turn.awaiting == PERSON else None) or "asked"
    lead = [turn.responses(f"handover_{turn.reach}")]
    if turn.hours and turn.reach != HERE:
        lead.append(turn.responses("handover_hours", hours=turn.hours))
    return with_mentioned(turn, Answer(AnswerKind.HANDOVER, lead=tuple(lead), handover=reason, cites=False))


def taken(turn: Turn) -> Answer | None:
    """The offer of a person is taken, whatever else the message says; in an emergency that is said first."""
    if not offered.is_taken(turn):
        return None
    return emergency(turn) if turn.intent == "emergency" else handover(turn)


def unanswered(turn: Turn) -> Answer:
    """The documents do not answer this; a person may."""
    if turn.mentioned or (turn.confidence < CLEARLY_FROM and _just_warned(turn)):
        answer = about_conditions(turn, AnswerKind.UNANSWERED)
        answer = replace(answer, closing=(*answer.closing, turn.responses("unanswered")))
        return offering(turn, answer, "unanswered")
    # 'How many minutes a day?' is asked by whoever means to use it.
    answer = with_warnings(turn, with_person(turn, AnswerKind.UNANSWERED, AnswerVerdict.UNKNOWN, "unanswered"))
    return replace(answer, cites=bool(answer.warnings))


def clarification(turn: Turn) -> Answer:
    """The kind of question was not recognised: answer what the documents plainly speak of, else ask once more.

    After a warning it is repeated: 'him?', 'still no?', 'not even through a shirt'.
    """
    if turn.mentioned or _just_warned(turn):
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    if turn.ranked and turn.ranked[0].score >= ANSWERS_UNASKED_FROM:
        best = turn.ranked[0].passage
        listed = turn.corpus.section(best.document, best.section).kind is Kind.CONTRAINDICATIONS
        return contraindication(turn) if listed else other_use(turn)
    if turn.intent == "choose_option" and turn.last_question == "ask_contraindication":
        return which_applies(turn)  # 'The second one', after a list that was no question
    close = [name for name in turn.close_intents if name in OFFERED_KINDS][:2]
    if len(close) > 1:
        options = tuple(Option(name, turn.responses(f"option_{name}")) for name in close)
        question = Question(turn.responses("which_kind"), options)
    else:
        question = Question(turn.responses("clarification"))
    return Answer(AnswerKind.CLARIFICATION, question=question, contact=turn.contact, cites=False)


def not_understood_again(turn: Turn) -> Answer:
    """It was not understood twice in a row: offer a person."""
    if turn.mentioned or _just_warned(turn):
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    return with_person(turn, AnswerKind.HANDOVER, AnswerVerdict.NONE, "not_understood_again", "not_understood")


def emergency(turn: Turn) -> Answer:
    """Emergency services before anything else; then what the message itself mentions is warned of; a person last."""
    lead = (turn.responses("emergency"),)
    answer = with_mentioned(turn, Answer(AnswerKind.EMERGENCY, AnswerVerdict.SEE_DOCTOR_FIRST, lead, cites=False))
    if offered.is_taken(turn) and turn.reach != ELSEWHERE:
        return replace(answer, lead=(*answer.lead, *handover(turn).lead), handover="emergency")
    return offering(turn, answer, "emergency")


def not_english(turn: Turn) -> Answer:
    """It answers in English; a condition named in another language is warned of first."""
    if turn.mentioned:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    return with_person(turn, AnswerKind.CLARIFICATION, AnswerVerdict.UNKNOWN, "not_english")


def diagnosis(turn: Turn) -> Answer:
    """What somebody has, or should take, is for a doctor to say."""
    if turn.mentioned:
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    if _is_rather(turn, JUDGED, ()):
        return other_use(turn)
    return with_person(turn, AnswerKind.UNANSWERED, AnswerVerdict.UNKNOWN, "diagnosis")


def smalltalk(turn: Turn) -> Answer:
    """A canned response of the intent's own name; a condition mentioned on the way is answered instead.

    Whoever takes a warning for a yes ('thanks, so it is safe then') is warned again.
    """
    doubts = plain.takes_for_yes(turn.text) or plain.asks_why_not(turn.text)
    if turn.mentioned or (turn.concerning and doubts):
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    # Nobody but the customer knows whether a person is wanted.
    left_open = turn.intent == "unsure" and turn.awaiting == PERSON
    return Answer(AnswerKind.SMALLTALK, lead=(turn.responses("skip" if left_open else turn.intent),), cites=False)


def follow_up(turn: Turn) -> Answer:
    """'And endorphins?', 'and for my knee?', 'and for my husband?': the same question about something else."""
    if turn.last_question == "ask_timing" and not _names_topic(turn):
        return timing(turn)
    before = _topic(turn)
    if before and before[0].kind is Kind.MECHANISM and not turn.asked_person:
        return mechanism(turn)
    if turn.last_question in OF_USES and turn.parts and turn.asked_person in (None, memory.CUSTOMER):
        # 'And for my gums?' asks whether it helps with them.
        whole = turn.parts[0]
        if whole.intent in OF_USES and whole.confidence >= CLEARLY_FROM:
            return QUESTIONS[whole.intent](replace(turn, intent=whole.intent, ranked=whole.ranked))
    if _names_topic(turn):
        return suitability(turn)
    if before and before[0].kind in JUDGED and turn.last_question in ("ask_suitability", "ask_limits"):
        return suitability(replace(turn, ranked=_ranked_again(before[0])))
    return screening(turn)  # 'And for me?'


def more(turn: Turn) -> Answer:
    """Why, or more of it: the next sections that explain what was last asked; of a warning, the warning."""
    before = _topic(turn)[:1]
    if turn.concerning and (plain.asks_why_not(turn.text) or any(s.kind is Kind.CONTRAINDICATIONS for s in before)):
        return about_conditions(turn, AnswerKind.CONTRAINDICATION)
    if before and before[0].kind is Kind.LIMIT and before[0].passages:
        # The reason of a limit stands with it, how it works says nothing of it.
        return with_warnings(turn, Answer(AnswerKind.LIMITS, statements=before[0].passages))
    explaining = [s for s in _topic(turn)[1:] if s.kind in (Kind.MECHANISM, Kind.EVIDENCE) and key(s) not in turn.read]
    statements: tuple[Passage, ...] = ()
    for section in explaining:
        quoted = quoting.quote(section, turn.ranked, turn.room)
        if statements and sum(len(p.text) for p in (*statements, *quoted)) > STATEMENTS_LENGTH:
            break
        statements += quoted
    statements = statements or _overview(turn)
    return with_warnings(turn, Answer(AnswerKind.MECHANISM, statements=statements)) if statements else unanswered(turn)


def figure(turn: Turn) -> Answer:
    """'By how much?': the figures that the documents give for what was last spoken of."""
    told = {(s.document, s.id) for s in turn.corpus.sections if s.kind in SUBJECT}  # a phone number is no figure
    figures = [r for r in turn.ranked if _has_figure(r.passage) and (r.passage.document, r.passage.section) in told]
    best = figures[0].score if figures else 0.0
    for section in _topic(turn) if best < FIGURE_FROM else ():
        of_topic = tuple(passage for passage in section.passages if _has_figure(passage))
        if of_topic:
            return with_warnings(turn, Answer(AnswerKind.MECHANISM, statements=of_topic))
    if best < GENERAL_FROM:
        return unanswered(turn)
    named = turn.corpus.section(figures[0].passage.document, figures[0].passage.section)
    statements = quoting.quote(named, figures, turn.room)
    return with_warnings(turn, Answer(AnswerKind.MECHANISM, statements=statements))


def topic(turn: Turn) -> Answer:
    """A section asked for by its own title, as quick replies do."""
    if not turn.ranked:
        return unanswered(turn)  # of other documents than these
    section = turn.corpus.section(turn.ranked[0].passage.document, turn.ranked[0].passage.section)
    if section.kind is Kind.CONTRAINDICATIONS:
        return contraindication(turn)
    if section.kind is Kind.TIMING:
        return timing(turn)
    if section.kind in (Kind.CONTACT, Kind.COMPANY):
        return contact(turn)
    if section.kind in JUDGED:
        return _judging(turn, AnswerKind.SUITABILITY, (section.kind,), 0.0)
    return with_warnings(turn, Answer(AnswerKind.MECHANISM, statements=quoting.quote(section, turn.ranked, turn.room)))


def started_over(turn: Turn) -> Answer:
    """From the beginning; it says that health conditions are kept, and which, if there are any."""
    kept = memory.in_force(turn.remembered)
    lead = [turn.responses("started_over"), *([turn.responses("conditions_kept")] if kept else [])]
    return with_conditions(turn, Answer(AnswerKind.SMALLTALK, lead=tuple(lead), cites=False), kept)


def ask_to_forget(turn: Turn) -> Answer:
    """Ask before health conditions are forgotten."""
    question = Question(turn.responses("ask_to_forget"), yes_or_no(turn))
    return Answer(AnswerKind.CLARIFICATION, question=question, awaits="forgetting", cites=False)


def forgotten(turn: Turn) -> Answer:
    """They are forgotten, after a plain yes and nothing else."""
    if not plain.is_yes(turn.text):
        return ask_to_forget(turn)
    return Answer(AnswerKind.SMALLTALK, lead=(turn.responses("forgotten"),), cites=False)


def failure(responses: Responses, corpus: Corpus | None, here: bool = False) -> Answer:
    """Something raised, or nothing was predicted: say so, and name the person if any documents are loaded.

    Args:
        here: a person is reached in the conversation itself, and not by a number.
    """
    contact = corpus.contact if corpus and not here else None
    closing = (by_number(responses, contact),) if contact else (responses("person_here"),) if here else ()
    return Answer(
        AnswerKind.FAILURE,
        AnswerVerdict.UNKNOWN,
        (responses("failure"),),
        closing=closing,
        contact=contact,
        cites=False,
    )


def led_by_conditions(turn: Turn, answer: Answer) -> Answer:
    """The answer, led by what its own message tells of whom it is about, whatever kind of reply it is."""
    standing = {(c["id"], c["holder"]) for c in turn.concerning}
    told = [c for c in turn.mentioned if (c["id"], c["holder"]) in standing]
    if not told or answer.verdict in VETOES or answer.kind in NOT_LED:
        return answer
    return _warned_first(turn, answer)


def sections_quoted(turn: Turn, answer: Answer) -> list[str]:
    """`document#section` of what an answer quotes, then of what else was found: the topic of the next turn."""
    quoted = [f"{p.document}#{p.section}" for p in answer.quoted]
    found = [f"{r.document}#{r.section.id}" for r in quoting.rank_sections(turn.corpus, turn.ranked, SUBJECT)]
    return list(dict.fromkeys((*quoted, *found)))[:6]


def _explaining(turn: Turn) -> tuple[Passage, ...]:
    """The passages that explain what was asked; none where the documents do not."""
    best = turn.ranked[0].score if turn.ranked else 0.0
    vague = best < SPECIAL_FROM
    sections = quoting.rank_sections(turn.corpus, turn.ranked, SUBJECT, () if vague else (Kind.MECHANISM,))
    overview = _overview(turn)
    if best < ANSWERS_FROM or not sections:
        return overview if turn.confidence >= SURE_FROM or best >= GENERAL_FROM else ()
    if sections[0].section.kind is Kind.EVIDENCE:
        return _quoted(turn, sections)
    special = [s for s in sections if not overview or s.section.id != overview[0].section]
    if vague or special[:1] != sections[:1] or _introduces(turn, sections):
        # Perhaps it names something, perhaps it asks how it works in general.
        near = [s for s in special[:1] if s.score >= sections[0].score - ASIDE_WITHIN]
        aside = [p for s in near for p in quoting.quote(s.section, turn.ranked, ASIDE_LENGTH)]
        return tuple(dict.fromkeys((*overview, *aside)))
    return _quoted(turn, sections)


def _introduces(turn: Turn, sections: Sequence[quoting.RankedSection]) -> bool:
    """Whether the best section only introduces others, while how it works in general is asked about as much."""
    best = sections[0].section
    parent = any((s.document, s.parent) == (best.document, best.id) for s in turn.corpus.sections)
    overview = _overview(turn)[:1]
    near = [s.score for s in sections if overview and s.section.id == overview[0].section]
    return parent and bool(near) and near[0] >= sections[0].score - INTRODUCES_WITHIN


def _overview(turn: Turn) -> tuple[Passage, ...]:
    """How it works in short: the first section that explains."""
    explaining = (s for s in turn.corpus.sections if s.kind is Kind.MECHANISM and s.passages)
    return next((quoting.quote(section, turn.ranked, turn.room) for section in explaining), ())


def _judging(turn: Turn, kind: AnswerKind, preferred: Sequence[Kind], enough: float) -> Answer:
    sections = quoting.rank_sections(turn.corpus, turn.ranked, SUBJECT, preferred)
    if turn.concerning:
        leading = about_conditions(turn, kind)
        told_before = not turn.mentioned and sections and turn.ranked[0].score >= ANSWERS_UNASKED_FROM
        if not told_before or sections[0].section.kind is Kind.USE:
            return leading  # what it does for others is nothing to this person
        # What it does not do, or how it works, softens no warning.
        about = quoting.quote(sections[0].section, turn.ranked, ASIDE_LENGTH)
        return with_warnings(turn, replace(leading, statements=(*leading.statements, *about)))
    if turn.undocumented_now:
        return undocumented(turn, kind)
    enough = max(enough, ANSWERS_UNASKED_FROM) if turn.confidence < GUESSED_BELOW else enough
    if not sections or turn.ranked[0].score < enough:
        before = _topic(turn)
        if not before or not plain.refers_back(turn.text):
            return unanswered(turn)
        # 'And once it has closed?': what the documents say of it, without a judgement of the rest.
        statements = quoting.quote(before[0], turn.ranked, turn.room)
        return with_warnings(turn, Answer(kind, statements=statements)) if statements else unanswered(turn)
    verdict = _verdict(sections[0])
    if turn.undocumented and verdict is not AnswerVerdict.NOT_SUPPORTED:
        return undocumented(turn, kind)
    statements = _quoted(turn, [found for found in sections if _verdict(found) is verdict])
    lead = [turn.responses(f"verdict_{verdict.value}")] if verdict is not AnswerVerdict.NONE else []
    if verdict is AnswerVerdict.SUPPORTED and plain.asks_yes_or_no(turn.text):
        lead.insert(0, turn.responses("yes"))
    return with_warnings(turn, Answer(kind, verdict, tuple(lead), statements))


def _verdict(found: quoting.RankedSection) -> AnswerVerdict:
    """What a section says of the use that it is about; one that only explains says nothing of it."""
    return AnswerVerdict(found.section.verdict.value) if found.section.verdict else AnswerVerdict.NONE


def _quoted(turn: Turn, sections: Sequence[quoting.RankedSection]) -> tuple[Passage, ...]:
    """The best section, and the next one if it is as good and both are short enough for a phone."""
    chosen = [quoting.quote(found.section, turn.ranked, turn.room) for found in quoting.close_to_best(sections)]
    both = tuple(passage for passages in chosen for passage in passages)
    return both if sum(len(p.text) for p in both) <= STATEMENTS_LENGTH else chosen[0]


def _all_of(corpus: Corpus, kind: Kind) -> tuple[Passage, ...]:
    return tuple(passage for section in corpus.sections if section.kind is kind for passage in section.passages)


def _topic(turn: Turn) -> list[Section]:
    """What was last quoted, then what else was found for it; without what the documents no longer hold."""
    known = {key(section): section for section in turn.corpus.sections}
    return [known[id] for id in turn.topic if id in known]


def _warned_first(turn: Turn, answer: Answer) -> Answer:
    """An answer after what the documents say of the conditions that stand."""
    leading = about_conditions(turn, answer.kind)
    statements = (*leading.statements, *answer.statements)
    both = replace(leading, statements=statements, closing=(*answer.closing, *leading.closing))
    return with_warnings(turn, offering(turn, both, answer.offers) if answer.offers else both)


def _is_rather(turn: Turn, kinds: Sequence[Kind], than: Sequence[Kind]) -> bool:
    """Whether what was asked is answered by a section of these kinds, clearly better than by those."""
    sections = quoting.rank_sections(turn.corpus, turn.ranked, (*SUBJECT, *than))
    others = [found.score for found in sections if found.section.kind in than]
    best = sections[0] if sections else None
    if not best or best.section.kind not in kinds or best.score < ANSWERS_UNASKED_FROM:
        return False
    return best.score >= max(others, default=0.0) + CLEARLY_BETTER


def _said_of(turn: Turn, section: Section) -> tuple[Passage, ...]:
    """What was quoted of a section: of the list of those who should not use it, what stands for this person."""
    own = tuple(c.passage for c in conditions.contraindications(turn.corpus, turn.concerning))
    return own if own and section.kind is Kind.CONTRAINDICATIONS else quoting.quote(section, turn.ranked)


def _just_warned(turn: Turn) -> bool:
    """Whether the last reply warned of what stands for those whom the message may be about."""
    before = _topic(turn)[:1]
    return bool(turn.concerning) and any(section.kind is Kind.CONTRAINDICATIONS for section in before)


def _has_figure(passage: Passage) -> bool:
    return any(character.isdigit() for character in passage.text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _names_topic(turn: Turn) -> bool:
    """Whether the message by itself names something that the documents speak of."""
    return bool(turn.ranked) and turn.ranked[0].score >= NAMES_FROM


def _ranked_again(section: Section) -> list[quoting.Ranked]:
    """The passages of a section as if they had just been asked for."""
    return [quoting.Ranked(passage, 1.0) for passage in section.passages]


# What composes the answer to each kind of question; a message may ask several of these at once.
QUESTIONS: dict[str, Callable[[Turn], Answer]] = {
    "ask_mechanism": mechanism,
    "ask_suitability": suitability,
    "ask_suitability_for_me": right_for,
    "ask_uses": all_uses,
    "ask_other_use": other_use,
    "ask_limits": limits,
    "ask_replacement": replacement,
    "ask_timing": timing,
    "ask_source": source,
    "ask_contraindication": contraindication,
    "ask_contact": contact,
    "ask_person": handover,
    "ask_diagnosis": diagnosis,
    "out_of_scope": unanswered,
}
# Among other questions, one that leans on the last topic has its own: 'and how much does PGE2 fall?'
PARTS: dict[str, Callable[[Turn], Answer]] = {
    **QUESTIONS,
    "follow_up_figure": mechanism,
    "follow_up_other": suitability,
}
