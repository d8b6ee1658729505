"""The payload: what the widget draws from and audits read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_turns import ANY, COMPOSERS, turns

from bot.answers import compose, screening
from bot.answers.answer import Answer, AnswerKind, AnswerVerdict
from bot.answers.render import render
from bot.answers.responses import Responses
from bot.answers.turn import Turn, turn_from
from bot.corpus import Corpus, Kind

ALWAYS = {"id", "kind", "verdict", "model", "documents"}
IF_ANY = {
    "lead",
    "statements",
    "further",
    "related",
    "warnings",
    "closing",
    "sources",
    "conditions",
    "question",
    "contact",
    "handover",
}
KEYS = {
    "statements": {"text", "document", "section"},
    "warnings": {"text", "document", "section"},
    "sources": {"title", "section", "url"},
    "conditions": {"id", "holder", "status"},
    "further": {"lead", "statements"},
    "related": {"id", "title"},
}


def check(answer: dict[str, Any]) -> None:
    assert answer.keys() >= ALWAYS
    assert answer.keys() <= ALWAYS | IF_ANY
    assert answer["kind"] in set(AnswerKind)
    assert answer["verdict"] in set(AnswerVerdict)
    for name in answer.keys() & IF_ANY:
        assert answer[name], f"{name} is empty and not left out"
    for name, keys in KEYS.items():
        assert all(each.keys() == keys for each in answer.get(name, [])), name


@given(st.data())
@ANY
def test_every_payload_has_the_documented_form(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    for composer in COMPOSERS.values():
        answer = composer(turn).payload(turn.corpus, "some-model")["answer"]
        check(answer)
        assert (answer["model"], answer["documents"]) == ("some-model", turn.corpus.sha256)


@given(st.data())
@ANY
def test_text_and_payload_say_the_same(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    for name, composer in COMPOSERS.items():
        answer = composer(turn)
        text, payload = render(answer, turn.corpus, responses), answer.payload(turn.corpus, "m")["answer"]
        parts = [part["text"] for key in ("statements", "warnings") for part in payload.get(key, [])]
        parts += [*payload.get("lead", []), *payload.get("closing", [])]
        parts += [line for block in payload.get("further", []) for line in block["lead"]]
        parts += [payload["question"]["text"]] if "question" in payload else []
        assert all(part in text for part in parts), name
        assert text, name


@given(st.data())
@ANY
def test_every_section_quoted_is_a_source(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    for name, composer in COMPOSERS.items():
        answer = composer(turn)
        titles = {turn.corpus.section(p.document, p.section).title for p in answer.quoted}
        sources = answer.payload(turn.corpus, "m")["answer"].get("sources", [])
        assert titles <= {source["section"] for source in sources}, name
        if answer.cites:
            assert all(title in render(answer, turn.corpus, responses) for title in titles), name


def test_ids_differ() -> None:
    assert Answer(AnswerKind.CONTACT).id != Answer(AnswerKind.CONTACT).id


def test_a_failure_names_the_person_where_documents_are_loaded(corpus: Corpus, responses: Responses) -> None:
    known = compose.failure(responses, corpus).payload(corpus, "m")["answer"]
    assert known["contact"] == {"name": corpus.contact.name, "whatsapp": corpus.contact.whatsapp}
    assert "contact" not in compose.failure(responses, None).payload(None, "m")["answer"]


def test_passages_that_the_corpus_does_not_hold_are_left_out(corpus: Corpus, responses: Responses) -> None:
    known = corpus.passages[0].id
    data = {"passages": [{"id": "gone#gone/1", "score": 0.9}, {"id": known, "score": 0.8}]}
    assert [found.passage.id for found in turn_from(data, {}, corpus, responses).ranked] == [known]


def emptied(corpus: Corpus, kind: Kind, first_only: bool = False) -> Corpus:
    """The documents without a sentence in the sections, or in the first section, of a kind."""
    gone = [section for section in corpus.sections if section.kind is kind][: 1 if first_only else None]
    documents = [
        replace(d, sections=tuple(replace(s, passages=()) if s in gone else s for s in d.sections))
        for d in corpus.documents
    ]
    return replace(corpus, documents=tuple(documents))


@pytest.mark.parametrize(("composer", "kind"), [("timing", Kind.TIMING), ("source", Kind.EVIDENCE)])
def test_documents_that_do_not_say_it_are_no_empty_reply(
    turn: Callable[..., Turn], corpus: Corpus, composer: str, kind: Kind
) -> None:
    answer = COMPOSERS[composer](replace(turn(), corpus=emptied(corpus, kind)))
    assert (answer.kind, answer.verdict) == (AnswerKind.UNANSWERED, AnswerVerdict.UNKNOWN)


def test_a_heading_without_sentences_is_no_explanation(turn: Callable[..., Turn], corpus: Corpus) -> None:
    vague = turn("gate-control", score=0.3)
    assert compose.mechanism(replace(vague, corpus=emptied(corpus, Kind.MECHANISM, first_only=True))).statements


def test_a_missing_response_is_named(responses: Responses) -> None:
    with pytest.raises(KeyError, match="utter_nowhere"):
        responses("nowhere")


def test_options_are_listed_where_several_can_be_chosen(turn: Callable[..., Turn], corpus: Corpus) -> None:
    answer = screening.screening(turn())
    assert answer.question
    assert {option.id for option in answer.question.options} == {*corpus.contraindications, "none"}
    text = render(answer, corpus, turn().responses)
    listed = [f"{number}. {option.title}" for number, option in enumerate(answer.question.options, 1)]
    assert "\n".join(listed) in text
