"""Actions in the server's process do what the same actions on an action server do, over real HTTP."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from assistant import Assistant, assistant_of
from processes import Running, copy_of_project, free_port
from rasa.shared.exceptions import RasaException

from bot.corpus import shelf

QUESTIONS = {
    "mechanism": "How does red light relieve pain?",
    "a condition": "I am pregnant. Can I use the pads on my back?",
    "suitability": "Is it suitable for me?",
    "small talk": "Hello!",
    "nothing known": "What is the capital of France?",
}


@pytest.fixture
def assistant(model: Path) -> Assistant:
    found = assistant_of(model)
    shelf.put(found.corpus)
    return found


@pytest.fixture(scope="module")
def action_server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an action server, with the project's actions and the documents of its newest model."""
    folder = tmp_path_factory.mktemp("action-server")
    project, port = copy_of_project(folder / "project", model), str(free_port())
    with Running("rasa", "run", "actions", "--port", port, project=project, log=folder / "log") as server:
        server.wait_for_port(int(port))
        yield f"http://127.0.0.1:{port}/webhook"


async def _understood(assistant: Assistant, text: str) -> Any:
    """A conversation in which this was said, and nothing done yet."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    message = UserMessage(text, CollectingOutputChannel(), uuid.uuid4().hex)
    return await assistant.agent.processor.log_message(message)


def _endpoint(url: str) -> Any:
    from rasa.utils.endpoints import EndpointConfig

    return EndpointConfig.from_dict({"url": url})


async def _run(name: str, endpoint: Any, tracker: Any, domain: Any) -> Any:
    from rasa.core.actions.action import RemoteAction
    from rasa.core.channels import CollectingOutputChannel
    from rasa.core.nlg import TemplatedNaturalLanguageGenerator

    output, generator = CollectingOutputChannel(), TemplatedNaturalLanguageGenerator(domain.responses)
    return await RemoteAction(name, endpoint).run(output, generator, tracker, domain)


def _custom(domain: Any) -> set[str]:
    return {name for name in domain.user_actions if name.startswith("action_")}


def _comparable(events: list[Any]) -> Any:
    """Events as they are stored, without what differs each time: the id of an answer, and the clock."""
    stored = [event.as_dict() for event in events]
    for event in stored:
        event.pop("timestamp")
        payload = ((event.get("data") or {}).get("custom") or {}).get("answer")
        if payload:
            payload.pop("id")
    return json.loads(json.dumps(stored))


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_in_process_an_action_does_what_it_does_over_http(
    question: str, assistant: Assistant, action_server: str
) -> None:
    domain = assistant.agent.domain
    tracker = await _understood(assistant, question)
    failed, spoken = set(), 0
    for name in _custom(domain):
        try:
            near = await _run(name, _endpoint("inproc:actions"), tracker.copy(), domain)
        except KeyError:  # an action that is not for this kind of question
            failed.add(name)
            with pytest.raises(RasaException, match=f"Failed to execute custom action '{name}'"):
                await _run(name, _endpoint(action_server), tracker.copy(), domain)
        else:
            far = await _run(name, _endpoint(action_server), tracker.copy(), domain)
            assert _comparable(near) == _comparable(far), name
            spoken += sum(event.type_name == "bot" for event in near)
    assert failed <= {"action_small_talk"}
    assert spoken > 10


async def test_in_process_an_action_leaves_conversation_and_domain_as_they_are(assistant: Assistant) -> None:
    domain = assistant.agent.domain
    tracker = await _understood(assistant, QUESTIONS["a condition"])
    before = json.dumps(domain.as_dict(), default=str), json.dumps(tracker.as_dialogue().as_dict(), default=str)
    for name in _custom(domain) - {"action_small_talk"}:
        await _run(name, _endpoint("inproc:actions"), tracker, domain)
    after = json.dumps(domain.as_dict(), default=str), json.dumps(tracker.as_dialogue().as_dict(), default=str)
    assert after == before


async def test_another_url_still_goes_over_http(assistant: Assistant, port: int) -> None:
    from rasa.utils.endpoints import EndpointConfig

    endpoint = _endpoint(f"http://127.0.0.1:{port}/webhook")
    assert type(endpoint) is EndpointConfig
    tracker = await _understood(assistant, QUESTIONS["mechanism"])
    with pytest.raises(RasaException, match=f"Couldn't connect to the server at 'http://127.0.0.1:{port}/webhook"):
        await _run("action_screen", endpoint, tracker, assistant.agent.domain)


def _rejecting(name: str) -> Any:
    from rasa_sdk.interfaces import ActionExecutionRejection

    def run(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        raise ActionExecutionRejection(name)

    return run


async def test_a_rejection_is_handled_by_rasa_itself(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.actions.action import RemoteAction
    from rasa.core.channels import CollectingOutputChannel
    from rasa.core.policies.policy import PolicyPrediction
    from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected

    endpoint = _endpoint("inproc:actions")
    monkeypatch.setitem(endpoint.executor.actions, "action_screen", _rejecting("action_screen"))
    tracker = await _understood(assistant, QUESTIONS["suitability"])
    before = len(tracker.events)
    action = RemoteAction("action_screen", endpoint)
    prediction = PolicyPrediction([1.0], "test")
    goes_on = await assistant.agent.processor._run_action(
        action, tracker, CollectingOutputChannel(), assistant.agent.processor.nlg, prediction
    )
    (rejected,) = list(tracker.events)[before:]
    assert goes_on
    assert isinstance(rejected, ActionExecutionRejected)
    assert not isinstance(rejected, ActionExecuted)
    assert rejected.action_name == "action_screen"


async def test_a_rejection_is_not_a_lost_turn(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.channels.turn import reply_to

    rejected = "action_answer_mechanism"
    monkeypatch.setitem(assistant.agent.processor.action_endpoint.executor.actions, rejected, _rejecting(rejected))
    sender = uuid.uuid4().hex
    replies = await reply_to(assistant.agent, sender, QUESTIONS["mechanism"], "test")
    tracker = await assistant.agent.processor.get_tracker(sender)
    assert rejected in [e.action_name for e in tracker.events if e.type_name == "action_execution_rejected"]
    assert len(replies) == 1
    assert replies[0]["text"]


async def test_an_unknown_action_is_named(assistant: Assistant) -> None:
    tracker = await _understood(assistant, QUESTIONS["mechanism"])
    with pytest.raises(Exception, match="No registered action found for name 'action_nowhere'"):
        await _run("action_nowhere", _endpoint("inproc:actions"), tracker, assistant.agent.domain)


@pytest.mark.parametrize(
    ("content", "named"),
    [(None, "No module named 'broken_actions'"), ("import nowhere_to_be_found", "No module named 'nowhere_to_be")],
)
async def test_actions_that_cannot_be_imported_are_refused_at_the_start(
    content: str | None, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.runtime import server

    if content:
        (tmp_path / "broken_actions.py").write_text(content)
        monkeypatch.syspath_prepend(str(tmp_path))
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text('action_endpoint:\n  url: "inproc:broken_actions"\n')
    with pytest.raises(server.ServerError, match=f"The actions 'broken_actions' cannot be imported: {named}"):
        await server.load_agent(tmp_path / "no-model", endpoints)
