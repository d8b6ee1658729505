"""A conversation that goes on and on: its sessions are ended in between, and nothing is lost by it."""

import asyncio
import contextlib
import http.client
import itertools
import json
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from assistant import Assistant, Conversation, Reply
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from postgres import postgres
from processes import Running, copy_of_project, free_port

from bot.runtime import sessions

New = Callable[[], Conversation]
SMALL_TALK = ("hello", "thanks", "how does nitric oxide work?", "how are you?", "who should not use it?")
SUITABILITY = "does it help sore muscles?"
IDLE = 2 * 3600  # seconds; session_config says 60 minutes

SCRIPTS = (
    ("is it suitable for me?", "None of these", "how soon does it work?"),
    ("is it suitable for me?", "yes", "I am pregnant", SUITABILITY),
    ("is it suitable for me?", "how does nitric oxide work?", "is it suitable for me?", "I am not sure"),
    ("I am pregnant", "forget me", "Yes", SUITABILITY),
    ("I am pregnant", "forget me", "No", SUITABILITY),
    ("blorb zwick", "frumm flapp", "blorb zwick"),
    ("how does nitric oxide work?", "why?", "and endorphins?", "where does that stand?"),
    ("my wife is pregnant", "can she use it?", "she had the baby", "can she use it?"),
    ("I have a pacemaker", "start over", "hello", SUITABILITY),
)


def _replies(conversation: Conversation, texts: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """What is said to each message; the ids of the answers differ."""
    replies = [conversation.say(text) for text in texts]
    return [(r.text, {k: v for k, v in r.answer.items() if k != "id"}, r.message.get("buttons")) for r in replies]


def _sessions(stored: list[tuple[str, str]]) -> int:
    return [kind for kind, _ in stored].count("session_started")


@pytest.mark.parametrize("script", SCRIPTS, ids=[" / ".join(script)[:50] for script in SCRIPTS])
def test_a_new_session_changes_no_reply(
    script: tuple[str, ...], customer: New, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one before each message: whatever the next message leans on is in the slots."""
    expected = _replies(customer(), script)
    monkeypatch.setattr(sessions, "LONGEST_SESSION", 1)
    conversation = customer()
    assert _replies(conversation, script) == expected
    assert _sessions(assistant.stored(conversation.id)) == len(script)


def test_a_session_is_ended_and_none_is_longer_than_a_message_more(
    customer: New, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LONGEST_SESSION", 40)
    conversation = customer()
    conversation.say("I am pregnant", *itertools.islice(itertools.cycle(SMALL_TALK), 30))
    kinds = [kind for kind, _ in assistant.stored(conversation.id)]
    starts = [at for at, kind in enumerate(kinds) if kind == "session_started"]
    longest = max(end - begin for begin, end in itertools.pairwise([*starts, len(kinds)]))
    assert 40 <= longest < 60
    assert len(conversation.tracker().events) <= longest
    # Each slot is carried over once, however often it was set.
    carried = [len(list(itertools.takewhile(lambda kind: kind == "slot", kinds[at + 1 :]))) for at in starts]
    assert max(carried) <= len(assistant.agent.domain.slots)


class Talk(RuleBasedStateMachine):
    """Messages, idle hours, restarts and a clock that is put back, in any order; sessions are short."""

    assistant: Assistant

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation(self.assistant)
        self.said: list[str] = []
        self.expected: dict[str, str] = {}

    def _say(self, text: str) -> Reply:
        self.said.append(text)
        return self.conversation.say(text)

    @rule(text=st.sampled_from(SMALL_TALK))
    def talk(self, text: str) -> None:
        self._say(text)

    @rule(thing=st.sampled_from([("I am pregnant", "pregnancy"), ("I have a pacemaker", "electronic_device")]))
    def mention(self, thing: tuple[str, str]) -> None:
        self._say(thing[0])
        self.expected[thing[1]] = "stated"

    @precondition(lambda self: self.expected.get("pregnancy") == "stated")
    @rule()
    def take_back(self) -> None:
        self._say("I am no longer pregnant")
        self.expected["pregnancy"] = "past"

    @rule()
    def ask(self) -> None:
        shown = {condition["id"] for condition in self._say(SUITABILITY).answer.get("conditions", [])}
        assert shown == {condition for condition, status in self.expected.items() if status == "stated"}

    @precondition(lambda self: self.said)
    @rule()
    def be_idle(self) -> None:
        self._move(-IDLE)

    @precondition(lambda self: self.said)
    @rule()
    def put_the_clock_back(self) -> None:
        self._move(IDLE)

    def _move(self, seconds: float) -> None:
        """Let everything stored have happened earlier, or later than now."""
        with contextlib.closing(sqlite3.connect(self.assistant.database)) as store, store:
            _move(store, seconds, self.conversation.id)

    @precondition(lambda self: self.said)
    @rule()
    def restart(self) -> None:
        """Another store on the same file, as another process has it."""
        agent, old = self.assistant.agent, self.assistant.agent.tracker_store
        new = type(old)(agent.domain, dialect="sqlite", db=str(self.assistant.database))
        agent.tracker_store = agent.processor.tracker_store = new
        old.engine.dispose()

    @invariant()
    def everything_is_stored_once(self) -> None:
        events = [json.loads(data) for _, data in self.assistant.stored(self.conversation.id)]
        assert [event["text"] for event in events if event["event"] == "user"] == self.said
        assert [event["event"] for event in events].count("bot") == len(self.said)

    @invariant()
    def every_condition_is_remembered(self) -> None:
        assert {c: status for c, _, status in self.conversation.conditions} == self.expected


def _move(store: sqlite3.Connection, seconds: float, sender: str) -> None:
    moved = "json_set(data, '$.timestamp', json_extract(data, '$.timestamp') + :by)"
    query = f"update events set timestamp = timestamp + :by, data = {moved} where sender_id = :sender"
    store.execute(query, {"by": seconds, "sender": sender})


def test_nothing_is_lost_whatever_happens(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "LONGEST_SESSION", 25)
    monkeypatch.setattr(Talk, "assistant", assistant, raising=False)
    store = assistant.agent.tracker_store
    calm = settings(
        max_examples=12,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    try:
        run_state_machine_as_test(Talk, settings=calm)
    finally:
        assistant.agent.tracker_store = assistant.agent.processor.tracker_store = store


@pytest.fixture(scope="module")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with its model: its conversations are not the developer's."""
    return copy_of_project(tmp_path_factory.mktemp("long") / "project", model)


class Customer:
    """Somebody who writes to a running `bot run`, and notes what was written."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextlib.contextmanager
    def connected(self, project: Path) -> Iterator[Running]:
        """A server; it is killed in the end, as when the power fails."""
        port = free_port()
        with Running("run", project=project, log=project / "run.log", PORT=str(port)) as server:
            server.wait_for("Ready")
            self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            yield server
            self._connection.close()
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()

    def say(self, text: str) -> dict[str, Any]:
        """The payload of the one reply."""
        body = json.dumps({"sender": "long", "message": text})
        self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        (reply,) = json.loads(self._connection.getresponse().read())
        self.said.append(text)
        return dict(reply["custom"]["answer"])

    def go_on_until(self, turn: int) -> None:
        for text in itertools.islice(itertools.cycle(SMALL_TALK), turn - 1 - len(self.said)):
            assert self.say(text)["kind"] != "failure"


def test_what_was_said_at_turn_3_is_spoken_of_at_turn_400(project: Path) -> None:
    """Over the REST channel of `bot run` on SQLite, over two kills and two idle hours."""
    pregnancy = [{"id": "pregnancy", "holder": "customer", "status": "stated"}]
    customer = Customer()
    database = project / "var" / "conversations.db"
    with customer.connected(project):
        customer.go_on_until(3)
        customer.say("I am pregnant")
        customer.go_on_until(200)
        assert customer.say(SUITABILITY)["conditions"] == pregnancy
    with customer.connected(project):
        assert customer.say(SUITABILITY)["verdict"] == "avoid"
        customer.go_on_until(400)
        answer = customer.say(SUITABILITY)
        assert (answer["verdict"], answer["conditions"]) == ("avoid", pregnancy)
    with contextlib.closing(sqlite3.connect(database)) as store, store:
        _move(store, -IDLE, "long")
    with customer.connected(project):
        answer = customer.say(SUITABILITY)
        assert (answer["verdict"], answer["conditions"]) == ("avoid", pregnancy)
    with contextlib.closing(sqlite3.connect(database)) as store:
        events = [json.loads(data) for (data,) in store.execute("select data from events order by id")]
    assert [event["text"] for event in events if event["event"] == "user"] == customer.said
    kinds = [event["event"] for event in events]
    assert kinds.count("bot") == len(customer.said) > 400
    assert 10 < kinds.count("session_started") < 40


def _store(**where: Any) -> Any:
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain

    return SQLTrackerStore(
        Domain.from_dict({"slots": {"x": {"type": "any", "mappings": [{"type": "custom"}]}}}), **where
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """An empty store with a slot `x`."""
    if request.param == "sqlite":
        yield _store(dialect="sqlite", db=str(tmp_path / "conversations.db"))
        return
    with postgres() as server:
        found = _store(host=server.pop("url"), **server)
        yield found
        found.engine.dispose()


def _events(*texts: str, at: float) -> list[Any]:
    from rasa.shared.core.events import SessionStarted, SlotSet, UserUttered

    make = {"start": lambda: SessionStarted(timestamp=at), "slot": lambda: SlotSet("x", at, timestamp=at)}
    return [make[text]() if text in make else UserUttered(text, timestamp=at) for text in texts]


async def _add(store: Any, *events: Any, sender: str = "customer") -> None:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update_with_events(list(events), store.domain, override_timestamp=False)
    await store.save(tracker)


async def _texts(store: Any, *, full: bool = False) -> list[str]:
    tracker = await (store.retrieve_full_tracker("customer") if full else store.retrieve("customer"))
    return [event.text for event in tracker.events if event.type_name == "user"]


async def test_the_newest_session_is_loaded_and_all_are_kept(store: Any) -> None:
    now = time.time()
    await _add(store, *_events("start", "one", at=now))
    await _add(store, *_events("elsewhere", at=now), sender="other")
    await _add(store, *_events("start", "two", at=now + 1))
    await _add(store, *_events("start", "elsewhere", at=now + 2), sender="other")
    await _add(store, *_events("three", at=now + 3))
    assert await _texts(store) == ["two", "three"]
    assert (await store.retrieve("customer")).events[0].type_name == "session_started"
    assert await _texts(store, full=True) == ["one", "two", "three"]


async def test_a_clock_that_is_put_back_hides_nothing(store: Any) -> None:
    now = time.time()
    await _add(store, *_events("start", "before", at=now))
    await _add(store, *_events("slot", "after", at=now - 600))
    assert await _texts(store) == ["before", "after"]
    assert (await store.retrieve("customer")).get_slot("x") == now - 600
    await _add(store, *_events("start", "later", at=now - 500))
    assert await _texts(store) == ["later"]
    assert await _texts(store, full=True) == ["before", "after", "later"]


async def test_a_conversation_without_any_session_is_loaded_whole(store: Any) -> None:
    await _add(store, *_events("one", at=time.time()))
    await _add(store, *_events("two", at=time.time()))
    assert await _texts(store) == ["one", "two"]


def test_sessions_are_not_ended_where_something_would_be_forgotten(assistant: Assistant) -> None:
    from rasa.shared.core.domain import SessionConfig
    from rasa.shared.core.events import ActiveLoop, ConversationPaused, SessionStarted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    def ends(config: SessionConfig, *events: Any) -> bool:
        processor = object.__new__(type(assistant.agent.processor))
        processor.domain = SimpleNamespace(session_config=config)
        talk = [UserUttered("hello")] * sessions.LONGEST_SESSION
        tracker = DialogueStateTracker.from_events("customer", [*talk, *events], assistant.agent.domain.slots)
        return bool(processor._has_session_expired(tracker))

    carrying = SessionConfig(session_expiration_time=60, carry_over_slots=True)
    assert ends(carrying)
    assert not ends(carrying, SessionStarted(), UserUttered("hello"))
    assert not ends(carrying, ConversationPaused())
    assert not ends(carrying, ActiveLoop("some_form"))
    assert not ends(SessionConfig(session_expiration_time=60, carry_over_slots=False))
    assert not ends(SessionConfig(session_expiration_time=0, carry_over_slots=True))


def test_what_was_reset_is_not_carried_over() -> None:
    from rasa.core.actions.action import ActionSessionStart
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import AllSlotsReset, SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker

    slots = {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in "xyz"}
    domain = Domain.from_dict({"slots": slots})
    events = [SlotSet("x", 1), SlotSet("y", 1), AllSlotsReset(), SlotSet("y", 2), SlotSet("z", 3), SlotSet("y", None)]
    tracker = DialogueStateTracker.from_events("customer", events, domain.slots)
    started = asyncio.run(ActionSessionStart().run(None, None, tracker, domain))
    assert [(e.key, e.value) for e in started if isinstance(e, SlotSet)] == [("y", None), ("z", 3)]
