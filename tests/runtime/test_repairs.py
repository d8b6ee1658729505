"""What the repairs save, and that nothing else changes."""

from types import MappingProxyType
from typing import Any

import jsonschema
import pytest


def _remote_action(answer: Any) -> Any:
    from rasa.core.actions.action import RemoteAction

    class Endpoint:
        url = "test"
        kwargs = MappingProxyType({})

        async def request(self, **_: Any) -> Any:
            return answer

    return RemoteAction("action_test", Endpoint())


async def _run(action: Any) -> Any:
    from rasa.core.channels import CollectingOutputChannel
    from rasa.core.nlg import TemplatedNaturalLanguageGenerator
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

    tracker = DialogueStateTracker("customer", [])
    generator = TemplatedNaturalLanguageGenerator({})
    return await action.run(CollectingOutputChannel(), generator, tracker, Domain.empty())


async def test_the_schema_of_action_responses_is_checked_and_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    drafts = {type(jsonschema.validators.validator_for({})({})), *jsonschema.validators._META_SCHEMAS.values()}
    for draft in drafts:
        monkeypatch.setattr(draft, "check_schema", lambda *_, **__: calls.append("check_schema"))
    monkeypatch.setattr(jsonschema, "validate", lambda *_, **__: calls.append("validate"))
    action = _remote_action({"events": [{"event": "slot", "name": "x", "value": 1}], "responses": [{"text": "Hello"}]})
    for _ in range(5):
        said, slot = await _run(action)
        assert (said.text, slot.key, slot.value) == ("Hello", "x", 1)
    assert calls == []


@pytest.mark.parametrize(
    "answer",
    [
        [],
        None,
        {"events": 3},
        {"events": [{"name": "slot"}]},
        {"events": [{"event": "slot", "value": 1}]},
        {"responses": "Hello"},
        {"responses": ["Hello"]},
    ],
)
async def test_a_wrong_answer_of_an_action_is_still_an_error_that_names_the_action(answer: Any) -> None:
    with pytest.raises(jsonschema.ValidationError, match="'action_test'"):
        await _run(_remote_action(answer))


def test_event_types_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import rasa.shared.utils.common
    from rasa.shared.core.events import Event, deserialise_events

    stored = [
        {"event": "action", "name": "action_listen", "timestamp": 1.0},
        {"event": "user", "text": "Hello", "parse_data": {}, "timestamp": 2.0},
        {"event": "slot", "name": "x", "value": 1, "timestamp": 3.0},
        {"event": "bot", "text": "Hello", "timestamp": 4.0},
    ]
    Event.resolve_by_type.cache_clear()
    walk, walks = rasa.shared.utils.common.all_subclasses, []

    def counted(cls: type) -> list[type]:
        walks.append(cls)
        return walk(cls)

    monkeypatch.setattr(rasa.shared.utils.common, "all_subclasses", counted)
    for _ in range(20):
        assert [event.type_name for event in deserialise_events(stored)] == [each["event"] for each in stored]
    assert walks.count(Event) == len(stored)


def test_event_types_are_found_as_before() -> None:
    from rasa.shared.core.events import Event, SlotSet
    from rasa.shared.utils.common import all_subclasses

    for cls in all_subclasses(Event):
        if getattr(cls, "type_name", None):
            assert Event.resolve_by_type(cls.type_name).type_name == cls.type_name
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("nonsense", SlotSet) is SlotSet
    for _ in range(2):
        with pytest.raises(ValueError, match="Unknown event name 'nonsense'"):
            Event.resolve_by_type("nonsense")
