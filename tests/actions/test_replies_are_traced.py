"""Promise 6: every reply can be traced; and each kind of the payload is the answer to some question."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from assistant import Assistant, Conversation, Reply
from rasa.shared.core.constants import DEFAULT_INTENTS

from actions.answer_timing import AnswerTiming
from bot.answers.answer import AnswerKind
from bot.runtime.archive import DATA

New = Callable[[], Conversation]
KINDS = {
    "mechanism": ["how does nitric oxide work?"],
    "suitability": ["does it help sore muscles?"],
    "contraindication": ["who should not use it?"],
    "timing": ["how long until I notice results?"],
    "limits": ["does it help weight loss?"],
    "source": ["does it help sore muscles?", "where does it say that?"],
    "contact": ["what is your phone number?"],
    "screening": ["is it suitable for me?"],
    "clarification": ["xyzzy plugh qwrt"],
    "smalltalk": ["hello"],
    "emergency": ["I think I'm having a heart attack"],
    "unanswered": ["how much is it"],
    "handover": ["can I talk to a human"],
}
VERDICTS = {
    "sore muscles after sport, does it help?": "supported",
    "can it ease cold hands and feet?": "supported",
    "does it help a minor abrasion heal?": "supported",
    "raynaud": "supported",
    "does it help nerve pain after shingles?": "supported",
    "does it help with fine lines?": "limited",
    "does it help with diabetic nerve pain?": "limited",
    "does it help with wrinkles?": "not_supported",
    "does it burn fat?": "not_supported",
    "does it cure osteoarthritis?": "not_supported",
    "I am pregnant, can I use it?": "avoid",
    "I have a tumor, can I use it?": "see_doctor_first",
    "I have a pacemaker, can I use it?": "confirm_first",
    "I have a metal plate in my leg, can I use it?": "unknown",
    "psoriasis": "unknown",
    "how does nitric oxide work?": "none",
    "hello": "none",
}
PARTS = {"lead", "statements", "warnings", "closing", "sources", "conditions", "question", "contact"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_the_answer_to_a_question(customer: New, kind: str) -> None:
    assert customer().say(*KINDS[kind]).answer["kind"] == kind


def test_no_kind_is_left_out() -> None:
    assert {*KINDS, "failure"} == set(AnswerKind)


@pytest.mark.parametrize("question", VERDICTS)
def test_verdicts_are_those_of_the_documents(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).answer["verdict"] == VERDICTS[question]


def test_every_intent_is_answered_with_model_and_documents(assistant: Assistant, customer: New) -> None:
    """The first examples of each intent that are understood as it."""
    # A section's title has no examples: it is what the documents call it.
    wanted = set(assistant.agent.domain.intents) - set(DEFAULT_INTENTS) - {"ask_topic"}
    assert len(wanted) > 25
    for intent in wanted:
        for text in examples()[intent][:5]:
            conversation = customer()
            traced(conversation.say(text), assistant)
            if conversation.tracker().latest_message.intent["name"] == intent:
                break
        else:
            pytest.fail(f"No example of {intent} is understood as it.")


def test_every_reply_to_every_question_is_traced(assistant: Assistant, all_replies: dict[str, Reply]) -> None:
    for text, reply in all_replies.items():
        traced(reply, assistant)
        assert reply.text.strip(), text
        assert all(reply.answer[part] for part in PARTS & reply.answer.keys()), text


def test_a_failure_is_traced_too(assistant: Assistant, customer: New, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnswerTiming, "compose", lambda self, turn: 1 / 0)
    reply = customer().say("how long until I notice results?")
    assert reply.answer["kind"] == "failure"
    traced(reply, assistant)


def test_what_is_quoted_stands_in_the_conversation(assistant: Assistant, customer: New) -> None:
    """The saved event holds the payload with its passages."""
    conversation = customer()
    reply = conversation.say("does it help sore muscles?")
    saved = [event for event in conversation.tracker().events if event.type_name == "bot"][-1]
    assert saved.text == reply.text
    assert saved.data["custom"]["answer"] == reply.answer
    statement = reply.answer["statements"][0]
    assert statement["text"] in {
        p.text for p in assistant.corpus.section(statement["document"], statement["section"]).passages
    }


def traced(reply: Reply, assistant: Assistant) -> None:
    assert reply.answer["model"] == assistant.agent.model_id
    assert reply.answer["documents"] == assistant.corpus.sha256
    assert reply.answer["id"]


def examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((DATA / "nlu").glob("*.yml")):
        content: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for entry in content:
            if "intent" in entry:
                lines = [line.removeprefix("- ") for line in entry["examples"].splitlines()]
                found.setdefault(entry["intent"], []).extend(line for line in lines if "[" not in line)
    return found
