"""Whole conversations: those of tests/stories through the real agent, and that data/stories is what they need.

Rasa's own evaluation predicts actions from the intents and slots that a story states. Here each message is really
answered, so that slots and replies are checked as well: `replies` in a story's metadata has the verdict of each
reply, and the conditions that it takes into account and whose contraindication it quotes. `reach` has where a person
can be reached, and `silent` before which message (the first is 1) how many days had passed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from assistant import Assistant, Conversation, Reply
from rasa.core.policies.policy import Policy
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_ACTION_NAMES, DEFAULT_INTENTS
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.entities_parser import replace_entities

from bot.answers.memory import IN_FORCE
from bot.evaluation import stories as evaluate
from bot.runtime import archive

New = Callable[[], Conversation]
# For each file of data/stories a conversation of tests/stories that needs it.
NEEDS = {
    "confirming": "confirming: perhaps a tumor, and then for certain",
    "forgetting": "forgetting: forgotten after a yes",
    "handover": "handover: an answer that there is none, then a person",
    "interruption": "interruption: how it works comes first, then none of these",
    "misunderstanding": "misunderstanding: twice not understood, then a person",
    "screening": "screening: something applies, and then what",
    "still_so": "still_so: the wife is no longer pregnant",
}


@dataclass(frozen=True)
class Turn:
    """One message of a story and what is expected after it."""

    text: str
    intent: str
    action: str
    slots: dict[str, Any]
    verdict: str
    conditions: frozenset[str]
    metadata: dict[str, Any]


def _turns(story: dict[str, Any]) -> list[Turn]:
    """The turns of a story as Rasa's files have it: after each message its action, then the slots that changed."""
    messages: list[dict[str, Any]] = []
    for step in story["steps"]:
        if "user" in step:
            messages.append({"text": replace_entities(step["user"]).strip(), "intent": step["intent"], "slots": {}})
        elif "action" in step:
            messages[-1]["action"] = step["action"]
        else:
            messages[-1]["slots"] |= {name: value for slot in step["slot_was_set"] for name, value in slot.items()}
    replies = [reply.split() for reply in story["metadata"]["replies"]]
    reach, silent = story["metadata"].get("reach", "none"), story["metadata"].get("silent", {})
    told = [{"reach": reach, "silent_days": silent.get(number, 0)} for number, _ in enumerate(messages, 1)]
    return [
        Turn(**message, verdict=verdict, conditions=frozenset(conditions), metadata=metadata)
        for message, (verdict, *conditions), metadata in zip(messages, replies, told, strict=True)
    ]


STORIES = {
    f"{path.stem.removeprefix('test_')}: {story['story']}": _turns(story)
    for path in sorted(evaluate.STORIES.glob("test_*.yml"))
    for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
}


def went_wrong(story: list[Turn], conversation: Conversation) -> list[str]:
    """What is not as the story has it; every message must get a reply."""
    wrong = []
    for turn in story:
        reply = conversation.say(turn.text, **turn.metadata)
        assert reply.text.strip(), turn.text
        assert reply.answer["kind"] != "failure", turn.text
        expected = {"intent": turn.intent, "action": turn.action, "verdict": turn.verdict, **turn.slots}
        expected["conditions"] = turn.conditions
        found = _found(conversation.tracker(), reply, turn.slots, conversation.assistant)
        wrong += [
            f"{turn.text!r}: {name} is {found[name]}, not {value}"
            for name, value in expected.items()
            if found[name] != value
        ]
        contraindications = conversation.assistant.corpus.contraindications
        unsaid = [id for id in turn.conditions if contraindications[id].passage.text not in reply.text]
        wrong += [f"{turn.text!r}: {id} is not spoken of" for id in unsaid]
    return wrong


def _found(tracker: Any, reply: Reply, slots: dict[str, Any], assistant: Assistant) -> dict[str, Any]:
    actions = [event.action_name for event in tracker.events if event.type_name == "action"]
    documented = assistant.corpus.contraindications
    standing = [c for c in reply.answer.get("conditions", []) if c["status"] in IN_FORCE]
    return {
        "intent": tracker.latest_message.intent["name"],
        "action": next(name for name in reversed(actions) if name not in DEFAULT_ACTION_NAMES),
        "verdict": reply.answer["verdict"],
        "conditions": frozenset(c["id"] for c in standing if c["id"] in documented),
        **{name: tracker.get_slot(name) for name in slots},
    }


@pytest.mark.parametrize("name", STORIES)
def test_a_conversation_is_held_as_its_story_has_it(name: str, customer: New) -> None:
    assert went_wrong(STORIES[name], customer()) == []


def test_rasa_finds_nothing_else(model: Path, tmp_path: Path) -> None:
    """What `make evaluate` does: intents, conditions and actions, each on the slots that the story states."""
    pytest.importorskip("matplotlib", reason="Plots are for developers: make setup-dev")
    evaluate._rasa_test(tmp_path / "stories", "core", "--e2e", f"--model={model}", f"--stories={evaluate.STORIES}")
    failed = yaml.safe_load((tmp_path / "stories" / "failed_test_stories.yml").read_text(encoding="utf-8")) or {}
    assert [story["story"] for story in failed.get("stories", [])] == []


def test_every_intent_and_action_has_its_story(assistant: Assistant) -> None:
    turns = [turn for story in STORIES.values() for turn in story]
    assert {turn.intent for turn in turns} >= set(assistant.agent.domain.intents) - set(DEFAULT_INTENTS)
    own = {name for name in assistant.agent.domain.user_actions if name.startswith("action_")}
    # Rasa runs that one by itself after every message.
    assert {turn.action for turn in turns} == own - {*DEFAULT_ACTION_NAMES, ACTION_VALIDATE_SLOT_MAPPINGS}


def test_every_file_of_stories_is_needed_by_some_conversation() -> None:
    assert set(NEEDS) == {path.stem for path in (archive.DATA / "stories").iterdir()}


@pytest.fixture
def forget(assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Makes the agent go on with policies that were trained without a file; how it understands stays as it is."""

    def without(file: Path) -> None:
        files = [*(archive.DATA / "rules").iterdir(), *(archive.DATA / "stories").iterdir()]
        data = TrainingDataImporter.load_from_dict(
            domain_path=str(archive.DOMAIN), training_data_paths=[str(each) for each in files if each != file]
        )
        domain = assistant.agent.domain
        trackers = TrainingDataGenerator(data.get_stories(), domain, augmentation_factor=0).generate()
        storage = LocalModelStorage.create(tmp_path)
        for name, node in assistant.agent.processor.graph_runner._instantiated_nodes.items():
            if isinstance(node._component, Policy):
                kind, context = type(node._component), node._execution_context
                policy = kind.create(node._component_config, storage, Resource(name), context)
                policy.train(trackers, domain)
                monkeypatch.setattr(node, "_component", policy)

    return without


@pytest.mark.parametrize("file", NEEDS)
def test_without_its_file_a_conversation_goes_wrong(file: str, forget: Callable[[Path], None], customer: New) -> None:
    """And yet every message is answered."""
    story = STORIES[NEEDS[file]]
    forget(archive.DATA / "no such file")
    assert went_wrong(story, customer()) == []
    forget(archive.DATA / "stories" / f"{file}.yml")
    assert went_wrong(story, customer()) != []
    for name, others in STORIES.items():
        if name.startswith(f"{file}: "):
            went_wrong(others, customer())
