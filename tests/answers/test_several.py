"""Several questions in one message: all answered, in one reply, the most careful verdict first."""

from collections.abc import Callable
from dataclasses import replace

from bot.answers import compose
from bot.answers.answer import Answer, AnswerVerdict
from bot.answers.quoting import Ranked
from bot.answers.render import render
from bot.answers.several import several
from bot.answers.turn import Part, Turn
from bot.corpus import Corpus

Make = Callable[..., Turn]


def asking(turn: Turn, *questions: tuple[str, str | None], confidence: float = 0.9) -> Turn:
    """A turn whose message asks questions of these kinds, each about a section."""

    def ranked(section: str | None) -> list[Ranked]:
        found = [p for p in turn.corpus.passages if p.section == section]
        return [Ranked(passage, 0.8 - n / 100) for n, passage in enumerate(found)]

    parts = [Part(f"Part {n}?", intent, confidence, ranked(s)) for n, (intent, s) in enumerate(questions)]
    return replace(turn, intent=questions[0][0], parts=parts)


def answered(turn: Turn) -> Answer:
    answer = several(turn, compose.PARTS)
    assert answer
    return answer


def sections(answer: Answer) -> list[str]:
    return list(dict.fromkeys(passage.section for passage in answer.quoted))


def test_each_question_is_answered_in_its_order(turn: Make, corpus: Corpus) -> None:
    asked = asking(turn(), ("ask_suitability", "joint-discomfort"), ("ask_mechanism", "gate-control"))
    answer = answered(asked)
    assert sections(answer) == ["joint-discomfort", "gate-control"]
    text = render(answer, corpus, asked.responses)
    first, second = (asked.responses(f"question_{n}") for n in (1, 2))
    assert text.index(first) < text.index(answer.statements[0].text) < text.index(second)
    assert text.index(second) < text.index(answer.further[0].statements[0].text)


def test_the_warnings_of_all_answers_are_said(turn: Make, corpus: Corpus) -> None:
    answer = answered(
        asking(turn(), ("ask_suitability", "joint-discomfort"), ("ask_suitability", "soft-tissue-repair"))
    )
    for section in ("joint-discomfort", "soft-tissue-repair"):
        assert set(corpus.warnings_for(corpus.section("therapy-pads", section))) <= set(answer.warnings)


def test_a_question_that_has_no_answer_takes_nothing_from_the_other(turn: Make) -> None:
    asked = asking(turn(), ("ask_suitability", "joint-discomfort"), ("out_of_scope", None))
    answer = answered(asked)
    assert answer.verdict is AnswerVerdict.SUPPORTED
    assert asked.responses("unanswered") in answer.further[0].lead
    assert answer.contact


def test_the_verdict_is_the_most_careful(turn: Make) -> None:
    answer = answered(asking(turn(), ("ask_suitability", "joint-discomfort"), ("ask_limits", "weight-loss")))
    assert answer.verdict is AnswerVerdict.NOT_SUPPORTED
    unknown = answered(asking(turn(), ("ask_suitability", "joint-discomfort"), ("ask_other_use", None)))
    assert unknown.verdict is AnswerVerdict.UNKNOWN


def test_what_forbids_use_comes_first(turn: Make, corpus: Corpus) -> None:
    standing = [{"id": "pregnancy", "holder": "customer", "status": "stated"}]
    asked = asking(
        turn(remembered=standing), ("ask_mechanism", "gate-control"), ("ask_suitability", "joint-discomfort")
    )
    answer = answered(asked)
    assert answer.verdict is AnswerVerdict.AVOID
    assert answer.statements[0] == corpus.contraindications["pregnancy"].passage


def test_two_questions_with_one_answer_are_one(turn: Make) -> None:
    standing = [{"id": "pregnancy", "holder": "customer", "status": "stated"}]
    twice = asking(
        turn(remembered=standing), ("ask_suitability", "joint-discomfort"), ("ask_suitability", "local-circulation")
    )
    assert several(twice, compose.PARTS) is None
    same = asking(turn(), ("ask_suitability", "joint-discomfort"), ("ask_suitability", "joint-discomfort"))
    assert several(same, compose.PARTS) is None


def test_what_is_hardly_understood_is_no_question(turn: Make) -> None:
    asked = asking(turn(), ("ask_suitability", "joint-discomfort"), ("ask_mechanism", "gate-control"), confidence=0.2)
    assert several(asked, compose.PARTS) is None


def test_a_message_that_is_no_question_is_not_taken_apart(turn: Make) -> None:
    asked = asking(turn(), ("ask_suitability", "joint-discomfort"), ("ask_mechanism", "gate-control"))
    assert several(replace(asked, intent="emergency"), compose.PARTS) is None


def test_the_screening_question_among_others_waits_for_its_answer(turn: Make) -> None:
    answer = answered(asking(turn(), ("ask_mechanism", "gate-control"), ("ask_suitability_for_me", None)))
    assert answer.question
    assert answer.awaits == "screening"


def test_three_answers_fit_a_phone(turn: Make, corpus: Corpus) -> None:
    """1,500 characters at most, all three questions answered, no warning left out."""
    asked = asking(turn(), ("ask_timing", None), ("ask_suitability", "local-circulation"), ("ask_contact", None))
    answer = answered(asked)
    assert len(render(answer, corpus, asked.responses)) <= 1500
    assert len(answer.blocks) == 3
    assert all(block.statements for block in answer.blocks)
    assert set(corpus.warnings_for(corpus.section("therapy-pads", "local-circulation"))) <= set(answer.warnings)


def test_a_warning_that_leads_is_said_once(turn: Make, corpus: Corpus) -> None:
    mention = {"id": "pregnancy", "holder": "wife", "status": "stated", "said": "pregnant"}
    asked = asking(
        turn(mentions=[mention], remembered=[mention], asked_person="wife"),
        ("ask_suitability", "joint-discomfort"),
        ("ask_mechanism", "gate-control"),
    )
    text = render(answered(asked), corpus, asked.responses)
    assert text.count(asked.responses("verdict_avoid")) == 1
    assert "gate-control" in sections(answered(asked))
