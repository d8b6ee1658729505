"""Promise 3 in one answer: whose condition it is, that it leads, and what it is worth."""

from collections.abc import Callable
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_turns import ANY, COMPOSERS, HOLDERS, spoken, turns

from bot.answers import compose, conditions, memory
from bot.answers.answer import AnswerVerdict
from bot.answers.conditions import STRONGEST_FIRST
from bot.answers.responses import Responses
from bot.answers.turn import Turn
from bot.corpus import Corpus, Severity

SUBJECT = {"mechanism", "suitability", "other_use", "limits", "timing", "contraindication", "condition_noted"}
SUBJECT |= {
    "screening",
    "concluded",
    "which_applies",
    "chosen",
    "not_sure",
    "left",
    "several",
    "all_uses",
    "replacement",
    "figure",
    "topic",
    "not_english",
    "source",
    "contact",
    "unanswered",
    "clarification",
    "diagnosis",
    "smalltalk",
}
SUBJECT |= {"follow_up", "more", "not_understood_again"}
JUDGING = {"suitability", "other_use", "limits", "timing", "contraindication", "condition_noted"}
JUDGING |= {"screening", "all_uses", "concluded"}
FORBIDDING = {AnswerVerdict.AVOID, AnswerVerdict.SEE_DOCTOR_FIRST, AnswerVerdict.CONFIRM_FIRST}
Make = Callable[..., Turn]


def own(turn: Turn) -> list[memory.Condition]:
    """What stands for the person asked about and is documented, and that of people in general just mentioned."""
    standing = [c for c in turn.remembered if c["holder"] == turn.person]
    standing += [c for c in turn.mentions if c["holder"] == "people"]
    return [c for c in standing if c["status"] in {"stated", "unsure"} and c["id"] in turn.corpus.contraindications]


def stated(condition: str, holder: str = "customer", status: str = "stated") -> dict[str, str]:
    return {"id": condition, "holder": holder, "status": status}


@given(st.data())
@ANY
def test_a_condition_of_the_message_is_always_spoken_of(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    for name in SUBJECT:
        answer = COMPOSERS[name](turn)
        for found in conditions.contraindications(turn.corpus, turn.mentioned):
            assert found.passage.text in spoken(answer), name


@given(st.data())
@ANY
def test_a_standing_condition_of_the_person_leads_every_judgement(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    found = conditions.contraindications(turn.corpus, own(turn))
    listed = {c.passage: c.severity for c in turn.corpus.contraindications.values()}
    for name in JUDGING if found else ():
        answer = COMPOSERS[name](turn)
        leading = list(takewhile(listed.__contains__, answer.statements))
        assert {c.passage for c in found} <= set(leading), name
        assert answer.verdict.value == min((listed[p] for p in leading), key=STRONGEST_FIRST.index).value, name


@given(st.data())
@ANY
def test_any_answer_that_quotes_speaks_of_the_persons_conditions(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    for name, composer in COMPOSERS.items():
        answer = composer(turn)
        if answer.quoted:
            for found in conditions.contraindications(turn.corpus, own(turn)):
                assert found.passage.text in spoken(answer), name


@given(st.data())
@ANY
def test_another_persons_condition_vetoes_nothing(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    named = turn.asked_person in HOLDERS and not memory.in_force(turn.mentions)
    theirs = [c for c in memory.in_force(turn.remembered) if c["holder"] in {turn.asked_person, *memory.PRONOUNS}]
    if named and not theirs:
        for name in COMPOSERS.keys() - {"emergency", "chosen"}:
            assert COMPOSERS[name](turn).verdict not in FORBIDDING, name


def test_the_verdict_of_several_is_the_strongest_and_all_are_quoted(turn: Make, corpus: Corpus) -> None:
    standing = [stated("electronic_device"), stated("fracture"), stated("pregnancy")]
    answer = compose.suitability(turn("joint-discomfort", remembered=standing))
    severities = [corpus.contraindications[c["id"]].severity for c in standing]
    assert severities == [Severity.CONFIRM_FIRST, Severity.SEE_DOCTOR_FIRST, Severity.AVOID]
    assert answer.verdict is AnswerVerdict.AVOID
    assert {passage.text for passage in answer.statements} == {
        corpus.contraindications[c["id"]].passage.text for c in standing
    }
    weaker = compose.suitability(turn("joint-discomfort", remembered=standing[:2]))
    assert weaker.verdict is AnswerVerdict.SEE_DOCTOR_FIRST


def test_after_the_warning_a_limit_is_told_and_a_use_is_not(turn: Make) -> None:
    standing = [stated("pregnancy")]
    limit = compose.limits(turn("weight-loss", remembered=standing))
    assert limit.verdict is AnswerVerdict.AVOID
    assert next(p.section for p in limit.statements) == "who-should-not-use"
    assert {p.section for p in limit.statements[1:]} == {"weight-loss"}
    use = compose.suitability(turn("joint-discomfort", remembered=standing))
    assert {p.section for p in use.statements} == {"who-should-not-use"}


@given(st.data())
@ANY
def test_with_an_undocumented_condition_nothing_is_supported(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    standing = [c for c in memory.in_force(turn.remembered) if c["holder"] == turn.person]
    if any(c["id"] not in turn.corpus.contraindications for c in standing):
        for name, composer in COMPOSERS.items():
            assert composer(turn).verdict not in {AnswerVerdict.SUPPORTED, AnswerVerdict.LIMITED}, name


@pytest.mark.parametrize("composer", sorted(JUDGING - {"concluded", "timing", "all_uses"}))
def test_an_undocumented_condition_of_the_message_is_unknown(turn: Make, composer: str) -> None:
    mentions = [stated("undocumented_condition")]
    answer = COMPOSERS[composer](turn("joint-discomfort", mentions=mentions, remembered=mentions))
    assert answer.verdict is AnswerVerdict.UNKNOWN
    assert answer.statements == ()
    assert answer.contact
    assert answer.conditions == tuple(mentions)


def test_an_undocumented_condition_hides_no_documented_one_of_somebody_else(turn: Make, corpus: Corpus) -> None:
    mentions = [stated("undocumented_condition"), stated("pregnancy", "wife")]
    answer = compose.suitability(turn("uses", mentions=mentions, remembered=mentions, asked_person="customer"))
    assert corpus.contraindications["pregnancy"].passage.text in spoken(answer)


def test_unsure_counts_as_stated_and_says_so(turn: Make, responses: Responses) -> None:
    answer = compose.suitability(turn("uses", remembered=[stated("pregnancy", status="unsure")]))
    assert answer.verdict is AnswerVerdict.AVOID
    assert responses("not_certain") in answer.lead


@pytest.mark.parametrize("status", ["denied", "past"])
def test_denied_and_past_no_longer_count(turn: Make, status: str) -> None:
    answer = compose.suitability(turn("uses", remembered=[stated("pregnancy", status=status)]))
    assert answer.verdict is AnswerVerdict.SUPPORTED
    assert answer.conditions == ()


def test_people_in_general_count_while_they_are_asked_about(turn: Make) -> None:
    answer = compose.suitability(turn("uses", mentions=[stated("pregnancy", "people")]))
    assert answer.verdict is AnswerVerdict.AVOID


def test_a_condition_in_a_question_of_how_it_works_leads_and_a_remembered_one_is_a_warning(
    turn: Make, corpus: Corpus
) -> None:
    sentence = corpus.contraindications["pregnancy"].passage
    standing = [stated("pregnancy")]
    asked_with_it = compose.mechanism(turn("gate-control", mentions=standing, remembered=standing))
    assert asked_with_it.statements[0] == sentence
    assert asked_with_it.verdict is AnswerVerdict.AVOID
    later = compose.mechanism(turn("gate-control", remembered=standing))
    assert sentence not in later.statements
    assert later.warnings[0].text == sentence.text
    assert later.verdict is AnswerVerdict.NONE


@pytest.mark.parametrize(
    ("section", "verdict"),
    [
        ("joint-discomfort", "supported"),
        ("local-circulation", "supported"),
        ("soft-tissue-repair", "supported"),
        ("raynaud", "supported"),
        ("diabetic-neuropathy", "limited"),
        ("fine-lines", "limited"),
        ("wrinkles-and-dark-spots", "not_supported"),
        ("weight-loss", "not_supported"),
    ],
)
def test_a_use_gets_the_verdict_that_its_section_gives(turn: Make, section: str, verdict: str) -> None:
    assert compose.suitability(turn(section)).verdict == verdict


def test_what_no_passage_is_near_is_unknown_and_offers_a_person(turn: Make) -> None:
    answer = compose.suitability(turn("joint-discomfort", score=0.1))
    assert (answer.verdict, answer.statements) == (AnswerVerdict.UNKNOWN, ())
    assert answer.contact


def test_she_whom_nobody_has_named_may_be_anybody_spoken_of(turn: Make) -> None:
    standing = [stated("electronic_device", "mother"), stated("electronic_device")]
    for last_person in ("customer", "she"):
        asked = turn("joint-discomfort", remembered=standing, asked_person="she", last_person=last_person)
        assert compose.suitability(asked).verdict is AnswerVerdict.CONFIRM_FIRST
    left_open = turn("joint-discomfort", remembered=standing[:1], last_person="she")
    assert compose.suitability(left_open).verdict is AnswerVerdict.CONFIRM_FIRST


@pytest.mark.parametrize(
    ("text", "asked_person"),
    [
        ("My son wears an insulin pump. Should I try it on him?", "customer"),
        ("The dog has a pump. Can my wife put it on the dog?", "wife"),
    ],
)
def test_whoever_it_is_used_on_is_warned(turn: Callable[..., Turn], text: str, asked_person: str) -> None:
    """Also where the question names only who would hold it."""
    device = {"id": "electronic_device", "holder": "son", "status": "stated", "said": "pump"}
    asked = turn("joint-discomfort", text=text, mentions=[device], remembered=[device], asked_person=asked_person)
    assert compose.suitability(asked).verdict is AnswerVerdict.CONFIRM_FIRST
    own = turn("joint-discomfort", text="my son has a pump; is it good for my knee?", mentions=[device],
               remembered=[device], asked_person="customer", apart={"son": True})  # fmt: skip
    assert compose.suitability(own).verdict is AnswerVerdict.SUPPORTED


def test_what_a_message_tells_counts_whomever_it_asks_about_unless_it_tells_them_apart(turn: Make) -> None:
    told = [stated("fracture", "son")]
    asked = {"mentions": told, "remembered": told, "asked_person": "customer"}
    assert compose.suitability(turn("joint-discomfort", **asked)).verdict is AnswerVerdict.SEE_DOCTOR_FIRST
    half = compose.suitability(turn("joint-discomfort", apart={"son": False}, **asked))
    assert half.verdict is AnswerVerdict.SEE_DOCTOR_FIRST
    own = compose.suitability(turn("joint-discomfort", apart={"son": True}, **asked))
    assert own.verdict is AnswerVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("composer", "intent", "section"),
    [
        ("mechanism", "ask_mechanism", "gate-control"),
        ("source", "ask_source", "evidence"),
        ("contact", "ask_contact", "gate-control"),
        ("unanswered", "out_of_scope", "gate-control"),
    ],
)
def test_of_nobodys_use_what_somebody_else_has_is_one_line_and_ones_own_leads(
    turn: Make, corpus: Corpus, composer: str, intent: str, section: str
) -> None:
    sentence = corpus.contraindications["pregnancy"].passage.text
    theirs, mine = [stated("pregnancy", "wife")], [stated("pregnancy")]
    section = section if any(s.id == section for s in corpus.sections) else "gate-control"
    aside = COMPOSERS[composer](turn(section, intent=intent, mentions=theirs, remembered=theirs, apart={"wife": False}))
    assert aside.verdict not in FORBIDDING
    assert [w.text for w in aside.warnings].count(sentence) == 1
    own = COMPOSERS[composer](turn(section, intent=intent, mentions=mine, remembered=mine))
    assert own.verdict is AnswerVerdict.AVOID
    assert own.statements[0].text == sentence


def test_whoever_is_left_out_is_no_one_the_question_could_be_about(turn: Make) -> None:
    told = [stated("tumor", "colleague")]
    asked = turn("joint-discomfort", text="leaving my colleague out of it, is it true?", mentions=told, remembered=told,
                 apart={"colleague": True})  # fmt: skip
    assert compose.suitability(asked).verdict is AnswerVerdict.SUPPORTED


def test_after_a_question_about_somebody_it_goes_on_about_him(turn: Make) -> None:
    told = [stated("fracture", "son")]
    asked = turn("joint-discomfort", mentions=told, remembered=told, asked_person="customer")
    assert asked.person == "son"


@pytest.mark.parametrize("text", ["him?", "should he do that", "he says only twice, still no"])
def test_a_message_that_names_only_who_has_it_is_warned_though_not_understood(turn: Make, text: str) -> None:
    standing = [stated("electronic_device", "father")]
    asked = turn("joint-discomfort", 0.1, text=text, intent="nlu_fallback", remembered=standing, last_person="father",
                 asked_person="he" if text == "him?" else None)  # fmt: skip
    assert compose.clarification(asked).verdict is AnswerVerdict.CONFIRM_FIRST
    other = turn("joint-discomfort", 0.1, text="blah", intent="nlu_fallback", remembered=standing, last_person="father")
    assert compose.clarification(other).verdict is AnswerVerdict.NONE


@pytest.mark.parametrize("before", [True, False])
def test_beside_a_warning_it_says_that_something_else_is_in_no_document(
    turn: Make, responses: Responses, before: bool
) -> None:
    own, other = stated("electronic_device"), stated("undocumented_condition")
    answer = compose.condition_noted(turn(mentions=[other] if before else [own, other], remembered=[own, other]))
    assert answer.verdict is AnswerVerdict.CONFIRM_FIRST
    assert responses("besides_undocumented") in answer.closing


def test_it_says_so_of_nothing_that_was_mentioned_before(turn: Make, responses: Responses) -> None:
    remembered = [stated("electronic_device"), stated("undocumented_condition")]
    answer = compose.contraindication(turn(remembered=remembered))
    assert responses("besides_undocumented") not in answer.closing
