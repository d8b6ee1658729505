"""Promise 5: every message gets one reply, whatever fails, and no log says what the customer wrote."""

import asyncio
import json
import logging
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from assistant import Assistant, Conversation, Reply
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME

from actions.answer_suitability import AnswerSuitability
from bot.answers.responses import Responses
from bot.channels import turn
from bot.channels.turn import reply_to
from bot.corpus import shelf

SECRET = "aardvark-4711"
MESSAGE = f"does it help the sore muscles of {SECRET}?"
New = Callable[[], Conversation]
Break = Callable[[pytest.MonkeyPatch, Assistant], None]


def raising(*_: object, **__: object) -> None:
    """What components, drivers and actions do: name the value that they choked on."""
    raise ValueError(f"cannot work with {MESSAGE!r}")


def break_component(patch: pytest.MonkeyPatch, _: Assistant) -> None:
    patch.setattr("bot.understanding.condition_extractor.extract", raising)  # what `process` calls


def break_policy(patch: pytest.MonkeyPatch, _: Assistant) -> None:
    patch.setattr(RulePolicy, "_predict", raising)


def break_action(patch: pytest.MonkeyPatch, _: Assistant) -> None:
    patch.setattr(AnswerSuitability, "compose", raising)


def predict_nothing(patch: pytest.MonkeyPatch, assistant: Assistant) -> None:
    def listen(*_: object) -> PolicyPrediction:
        return PolicyPrediction.for_action_name(assistant.agent.domain, ACTION_LISTEN_NAME, "none")

    patch.setattr(assistant.agent.processor, "_predict_next_with_tracker", listen)


def break_saving(patch: pytest.MonkeyPatch, _: Assistant) -> None:
    patch.setattr(SQLTrackerStore, "save", raising)


def break_reading(patch: pytest.MonkeyPatch, _: Assistant) -> None:
    patch.setattr(SQLTrackerStore, "retrieve", raising)


FAILURES = [break_component, break_policy, break_action, predict_nothing, break_saving, break_reading]
SAVED = [break_component, break_policy, break_action, predict_nothing]
every_failure = pytest.mark.parametrize("fail", FAILURES)


@pytest.fixture
def fail_with(
    assistant: Assistant, customer: New, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Break], tuple[Reply, Conversation]]:
    """The reply to a message while something is broken; it works again afterwards."""

    def fail_with(break_: Break) -> tuple[Reply, Conversation]:
        conversation = customer()
        with monkeypatch.context() as patch:
            break_(patch, assistant)
            return conversation.say(MESSAGE), conversation

    return fail_with


@every_failure
def test_one_reply_that_says_so_and_names_a_person(fail_with: Any, assistant: Assistant, fail: Break) -> None:
    reply, _ = fail_with(fail)
    contact = assistant.corpus.contact
    assert reply.judged == ("failure", "unknown")
    assert reply.answer["contact"] == {"name": contact.name, "whatsapp": contact.whatsapp}
    assert assistant.responses("failure") in reply.text
    assert contact.whatsapp in reply.text
    assert "statements" not in reply.answer


@every_failure
def test_the_log_names_the_failure_and_not_the_message(
    fail_with: Any, fail: Break, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        _, conversation = fail_with(fail)
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert any(conversation.id in record.getMessage() for record in errors)
    printed = "".join(capsys.readouterr())
    formatted = [logging.Formatter().format(record) for record in caplog.records]
    for text in (caplog.text, printed, *formatted, *(str(record.__dict__) for record in caplog.records)):
        assert SECRET not in text
    if fail is not predict_nothing:
        assert "ValueError" in caplog.text
        assert "in raising" in caplog.text, "where it was raised"


@pytest.mark.parametrize("fail", SAVED)
def test_a_failure_is_kept_in_the_conversation(fail_with: Any, assistant: Assistant, fail: Break) -> None:
    reply, conversation = fail_with(fail)
    said = [json.loads(data)["text"] for kind, data in assistant.stored(conversation.id) if kind == "bot"]
    assert said == [reply.text]


def test_an_answer_that_could_not_be_saved_is_not_sent(fail_with: Any, assistant: Assistant) -> None:
    reply, conversation = fail_with(break_saving)
    assert "statements" not in reply.answer
    assert assistant.stored(conversation.id) == []


def test_a_conversation_that_cannot_be_read_is_not_taken_for_an_empty_one(
    assistant: Assistant, customer: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its contraindications would be forgotten without a word."""
    conversation = customer()
    conversation.say("I am pregnant")
    with monkeypatch.context() as patch:
        break_reading(patch, assistant)
        assert conversation.say(MESSAGE).answer["kind"] == "failure"
    assert conversation.say(MESSAGE).answer["verdict"] == "avoid"


def test_rasas_sql_store_does_not_end_the_process(customer: New, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does for every ValueError of a driver, such as for a text that cannot be encoded."""
    monkeypatch.setattr(SQLTrackerStore, "_event_query", lambda *_, **__: "\ud800".encode())
    assert customer().say(MESSAGE).answer["kind"] == "failure"


@every_failure
def test_the_next_message_is_answered(fail_with: Any, fail: Break) -> None:
    _, conversation = fail_with(fail)
    assert conversation.say(MESSAGE).judged == ("suitability", "supported")


def test_a_domain_without_the_response_for_it(
    assistant: Assistant, fail_with: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = dict(assistant.agent.domain.responses)
    del found["utter_failure"], found["utter_contact"]
    monkeypatch.setattr(assistant.agent.domain, "responses", found)
    reply, _ = fail_with(break_component)
    assert Responses(turn.FALLBACK)("failure") in reply.text
    assert assistant.corpus.contact.whatsapp in reply.text


async def test_no_model_is_loaded(assistant: Assistant) -> None:
    (message,) = await reply_to(None, "nobody", MESSAGE, "test")
    reply = Reply(message)
    assert reply.answer["kind"] == "failure"
    assert reply.answer["contact"]["name"] == assistant.corpus.contact.name
    assert reply.text


async def test_neither_model_nor_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "latest", lambda: None)
    (message,) = await reply_to(None, "nobody", MESSAGE, "test")
    reply = Reply(message)
    assert reply.answer["kind"] == "failure"
    assert "contact" not in reply.answer
    assert reply.text


async def test_an_agent_that_was_not_made_ready(assistant: Assistant) -> None:
    from rasa.core.agent import Agent

    (message,) = await reply_to(Agent(), "nobody", MESSAGE, "test")
    assert Reply(message).answer["kind"] == "failure"


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_nor_does_a_log_without_failures_say_what_was_written(
    customer: New, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], level: int
) -> None:
    with caplog.at_level(level):
        customer().say(MESSAGE, f"{SECRET} xyzzy", "I am pregnant")
    assert SECRET not in caplog.text + "".join(capsys.readouterr())


def test_a_desk_that_cannot_be_read_is_a_failure_like_any_other(assistant: Assistant) -> None:
    class Broken:
        def reach_in(self, conversation: str, channel: str) -> None:
            raise OSError("no database")

    (reply,) = asyncio.run(reply_to(assistant.agent, uuid.uuid4().hex, "hello", "test", desk=Broken()))  # type: ignore[arg-type]
    assert reply["custom"]["answer"]["kind"] == "failure"
