"""Follow-ups lean on the last topic and the last person."""

from collections.abc import Callable

import pytest

from bot.answers import compose, plain
from bot.answers.answer import AnswerKind, AnswerVerdict
from bot.answers.turn import Part, Turn
from bot.corpus import Kind

Make = Callable[..., Turn]
PADS, PAIN = "therapy-pads", "mechanisms-of-pain-relief"


def test_why_explains_and_never_repeats_what_was_read(turn: Make) -> None:
    read = [f"{PADS}#joint-discomfort"]
    topic = [*read, f"{PADS}#joint-disease-cure", f"{PAIN}#inflammatory-mediators"]
    answer = compose.more(turn(topic=topic, read=read))
    assert {p.section for p in answer.statements} == {"inflammatory-mediators"}
    nothing_left = compose.more(turn(topic=topic[:2], read=read))
    assert {p.section for p in nothing_left.statements} == {"overview"}


def test_by_how_much_gives_the_figures_of_the_topic(turn: Make) -> None:
    answer = compose.figure(turn(topic=[f"{PAIN}#exudate"]))
    assert answer.statements
    assert all("2 - 3 days" in passage.text for passage in answer.statements)
    assert compose.figure(turn()).kind is AnswerKind.UNANSWERED


def test_a_question_of_a_figure_that_names_its_topic_needs_none(turn: Make) -> None:
    answer = compose.figure(turn("vasodilation", topic=[f"{PAIN}#exudate"]))
    assert {p.section for p in answer.statements} == {"vasodilation"}


def test_and_for_somebody_else_is_the_same_question(turn: Make) -> None:
    asked = turn(
        score=0.0, topic=[f"{PADS}#local-circulation"], last_question="ask_suitability", asked_person="husband"
    )
    answer = compose.follow_up(asked)
    assert answer.verdict is AnswerVerdict.SUPPORTED
    assert {p.section for p in answer.statements} == {"local-circulation"}


def test_and_for_somebody_with_a_condition_is_answered_with_it(turn: Make) -> None:
    standing = [{"id": "pregnancy", "holder": "wife", "status": "stated"}]
    asked = turn(
        topic=[f"{PADS}#local-circulation"], last_question="ask_suitability", asked_person="wife", remembered=standing
    )
    assert compose.follow_up(asked).verdict is AnswerVerdict.AVOID


@pytest.mark.parametrize("pronoun", ["he", "they"])
def test_and_for_him_is_answered_with_his_condition_whoever_was_named_in_between(turn: Make, pronoun: str) -> None:
    standing = [{"id": "photosensitivity", "holder": "husband", "status": "stated"}]
    asked = turn(
        topic=[f"{PADS}#local-circulation"],
        last_question="ask_suitability",
        asked_person=pronoun,
        last_person="daughter",
        remembered=standing,
    )
    assert compose.follow_up(asked).verdict is not AnswerVerdict.SUPPORTED
    hers = turn(
        topic=[f"{PADS}#local-circulation"],
        last_question="ask_suitability",
        asked_person="she",
        last_person="daughter",
        remembered=standing,
    )
    assert compose.follow_up(hers).verdict is AnswerVerdict.SUPPORTED


def test_and_for_both_of_us_is_about_the_others_as_well(turn: Make) -> None:
    standing = [{"id": "pregnancy", "holder": "wife", "status": "stated"}]
    for text, verdict in {
        "and for both of us?": AnswerVerdict.AVOID,
        "and can we use it?": AnswerVerdict.AVOID,
        "and for me, on my knee?": AnswerVerdict.SUPPORTED,
    }.items():
        asked = turn(
            "local-circulation",
            text=text,
            topic=[f"{PADS}#local-circulation"],
            last_question="ask_suitability",
            asked_person="customer",
            remembered=standing,
        )
        assert compose.follow_up(asked).verdict is verdict, text


def test_and_for_somebody_after_a_question_of_time_is_one_of_time(turn: Make) -> None:
    assert compose.follow_up(turn(last_question="ask_timing", asked_person="husband")).kind is AnswerKind.TIMING


def test_and_for_me_without_a_topic_is_screened(turn: Make) -> None:
    assert compose.follow_up(turn(asked_person="customer")).kind is AnswerKind.SCREENING


@pytest.mark.parametrize(("text", "found"), [("ok once it's dry?", True), ("can I iron a shirt", False)])
def test_what_leans_on_the_topic_gets_it_without_a_judgement(turn: Make, text: str, found: bool) -> None:
    answer = compose.suitability(turn(text=text, topic=[f"{PADS}#soft-tissue-repair"]))
    assert bool(answer.statements) is found
    assert answer.verdict is (AnswerVerdict.NONE if found else AnswerVerdict.UNKNOWN)


def test_is_it_for_everyone_is_about_people(turn: Make) -> None:
    listed = compose.right_for(turn(asked_person="people"))
    assert {p.section for p in listed.statements} == {"who-should-not-use", "see-a-doctor-first"}
    assert compose.right_for(turn(asked_person="people", last_question="ask_timing")).kind is AnswerKind.TIMING


@pytest.mark.parametrize("text", ["does it help?", "Hi, can it ease my back", "is it good for knees"])
def test_yes_is_said_to_a_question_for_it(turn: Make, text: str) -> None:
    answer = compose.suitability(turn("joint-discomfort", text=text))
    assert answer.lead[0] == turn().responses("yes")


@pytest.mark.parametrize(
    "text", ["what is it good for?", "isn't it useless for knees?", "can it replace my pills?", "does it help or not"]
)
def test_yes_is_not_said_where_it_could_mean_something_else(text: str) -> None:
    assert not plain.asks_yes_or_no(text)


def test_only_documented_uses_are_supported(turn: Make) -> None:
    for section in turn().corpus.sections:
        if section.kind is Kind.LIMIT and section.passages:
            assert compose.suitability(turn(section.id)).verdict is not AnswerVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("intent", "kind"), [("ask_other_use", AnswerKind.UNANSWERED), ("ask_suitability", AnswerKind.SUITABILITY)]
)
def test_and_for_something_else_is_asked_as_a_whole_question(turn: Make, intent: str, kind: AnswerKind) -> None:
    """What was supported of the last topic is not said of another one."""
    score = 0.3
    found = turn("joint-discomfort", score=score).ranked
    part = Part("does it help with it?", intent, 0.9, found)
    before = {"topic": [f"{PADS}#local-circulation"], "last_question": "ask_suitability"}
    answer = compose.follow_up(turn(text="and for my gums?", score=0.0, parts=[part], **before))
    assert answer.kind is kind


def test_why_not_after_a_warning_is_the_warning(turn: Make) -> None:
    standing = [{"id": "pregnancy", "holder": "customer", "status": "stated"}]
    answer = compose.more(turn(topic=[f"{PADS}#who-should-not-use"], remembered=standing))
    assert answer.verdict is AnswerVerdict.AVOID


@pytest.mark.parametrize("text", ["thanks, so it's fine then", "cool, it is safe then!", "ok so I can use it"])
def test_thanks_for_a_permission_that_was_not_given_are_warned(turn: Make, text: str) -> None:
    standing = [{"id": "pregnancy", "holder": "customer", "status": "stated"}]
    assert compose.smalltalk(turn(text=text, intent="thank", remembered=standing)).verdict is AnswerVerdict.AVOID
    assert compose.smalltalk(turn(text=text, intent="thank")).kind is AnswerKind.SMALLTALK
    assert compose.smalltalk(turn(text="thanks", intent="thank", remembered=standing)).kind is AnswerKind.SMALLTALK


def test_a_question_without_an_answer_still_carries_the_warning(turn: Make) -> None:
    standing = [{"id": "pregnancy", "holder": "customer", "status": "stated"}]
    answer = compose.unanswered(turn(text="how many minutes?", remembered=standing))
    assert answer.kind is AnswerKind.UNANSWERED
    assert [c["id"] for c in answer.conditions] == ["pregnancy"]
    assert answer.warnings


def test_a_condition_in_the_same_message_leads_whosever_it_is(turn: Make) -> None:
    mention = {"id": "photosensitivity", "holder": "flatmate", "status": "stated", "said": "lupus"}
    asked = {"mentions": [mention], "remembered": [mention], "asked_person": "customer"}
    for compose_one in (compose.mechanism, compose.source, compose.contact):
        assert compose_one(turn("inflammation", **asked)).verdict is AnswerVerdict.AVOID


def test_why_after_a_limit_gives_its_reason(turn: Make) -> None:
    answer = compose.more(turn(text="why is that?", topic=[f"{PADS}#wrinkles-and-dark-spots"]))
    assert {p.section for p in answer.statements} == {"wrinkles-and-dark-spots"}
    assert any("energy density" in p.text for p in answer.statements)


def test_why_not_her_is_answered_with_her_condition(turn: Make) -> None:
    standing = [{"id": "photosensitivity", "holder": "wife", "status": "stated"}]
    asked = turn(text="Why not her?", topic=[f"{PADS}#uses"], remembered=standing, asked_person="wife")
    assert compose.more(asked).verdict is AnswerVerdict.AVOID
