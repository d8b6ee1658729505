"""What the project keeps beside Rasa's events: in SQLite and in PostgreSQL, over versions, and until it is erased."""

import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store import Rating, Store, StoreError, UnknownConversationError, conversations, said, schema
from bot.store.erasure import TABLES
from bot.store.queue import put


@pytest.fixture
def engine(place: dict[str, Any]) -> Iterator[Any]:
    """That of a tracker store which is new."""
    from rasa.core.tracker_store import SQLTrackerStore

    found = SQLTrackerStore(**place).engine
    yield found
    found.dispose()


def _columns(engine: Any, table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(engine).get_columns(table)}


def test_every_table_says_when_a_row_was_made_and_changed(engine: Any) -> None:
    Store(engine)
    tables = {name for name in sa.inspect(engine).get_table_names() if name.startswith("bot_")}
    assert tables == {"bot_schema", *TABLES, "bot_inbox"}
    for table in tables - {"bot_schema"}:
        assert {"created", "updated"} < _columns(engine, table)


def test_what_was_kept_is_there_after_a_restart(engine: Any) -> None:
    store = Store(engine)
    conversation = store.begin("web")
    store.claim(conversation, "1")
    again = Store(engine)
    again.require(conversation)
    assert again.claim(conversation, "1") is False
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM bot_schema").scalar() == len(schema.STEPS)


def test_several_processes_may_begin_at_once(engine: Any) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("One process alone uses SQLite.")
    with ThreadPoolExecutor(6) as pool:
        assert len(list(pool.map(Store, [engine] * 6))) == 6
    assert len(Store(engine).begin("web")) == 32


def test_a_later_version_adds_its_step_to_what_is_there(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = Store(engine).begin("web")
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("ALTER TABLE bot_sessions ADD COLUMN language VARCHAR(8)",)))
    for _ in range(2):
        Store(engine).require(conversation)
    assert "language" in _columns(engine, "bot_sessions")
    monkeypatch.undo()
    known = len(schema.STEPS)
    with pytest.raises(
        StoreError, match=rf"tables of version {known + 1}, and this project knows version {known}: .*\.$"
    ):
        Store(engine)


def test_a_database_of_another_kind_is_refused() -> None:
    engine = sa.create_engine("mssql+pymssql://nowhere", module=sqlite3)
    with pytest.raises(StoreError, match="of the dialect mssql"):
        Store(engine)


def test_a_message_is_claimed_once_in_its_conversation(engine: Any) -> None:
    store = Store(engine)
    one, other = store.begin("web"), store.begin("web")
    assert [store.claim(one, "1"), store.claim(one, "1"), store.claim(one, "2"), store.claim(other, "1")] == [
        True,
        False,
        True,
        True,
    ]
    with pytest.raises(UnknownConversationError):
        store.claim("nobody", "1")


def test_a_rating_takes_the_place_of_an_earlier_one(engine: Any) -> None:
    store = Store(engine)
    conversation = store.begin("web")
    down = Rating({"id": "a", "kind": "timing"}, "how soon \x00\ud83d?", "down", "too vague\x00")
    store.rate(conversation, down)
    (kept,) = store.ratings(conversation).values()
    assert (kept.answer, kept.question, kept.rating, kept.comment) == (down.answer, "how soon ??", "down", "too vague")
    store.rate(conversation, Rating({"id": "a", "kind": "timing"}, "how soon?", "up", None))
    assert {id: (r.rating, r.comment) for id, r in store.ratings(conversation).items()} == {"a": ("up", None)}
    assert store.ratings(store.begin("web")) == {}
    store.unrate(conversation, "a")
    assert store.ratings(conversation) == {}


def _keep(engine: Any, sender: str, *events: Any) -> None:
    from rasa.core.tracker_store import SQLTrackerStore

    insert = SQLTrackerStore.SQLEvent.__table__.insert()
    with engine.begin() as connection:
        for event in events:
            row = {"sender_id": sender, "type_name": event.type_name, "timestamp": event.timestamp}
            connection.execute(insert.values(**row, data=json.dumps(event.as_dict())))


def _user(text: str, id: str) -> Any:
    from rasa.shared.core.events import UserUttered

    return UserUttered(text, message_id=id, timestamp=time.time())


def _bot(text: str | None, answer: str = "", **about: str) -> Any:
    from rasa.shared.core.events import BotUttered

    data = {"custom": {"answer": {"id": answer}}} if answer else {}
    return BotUttered(text, data, about, timestamp=time.time())


def test_a_conversation_is_read_from_its_events(engine: Any) -> None:
    from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet

    _keep(
        engine,
        "me",
        *(ActionExecuted("action_session_start"), SessionStarted(), _bot("Nobody asked.")),
        *(_user("one", "1"), SlotSet("person", "wife"), _bot("First.", "a")),
        *(_user("two", "2"), _bot("Second,"), _bot("in two parts.", "b"), _bot(None)),
        *(
            _bot("It failed.", "c", message_id="3", message="three"),
            _bot("Again.", "d", message_id="4", message="four"),
        ),
        *(SessionStarted(), _user("five", "5")),
        *(_user("six", "6"), _bot("Failed, and kept.", "e", message_id="6", message="six")),
    )
    _keep(engine, "you", _user("mine", "1"), _bot("Yours.", "z"))
    found = list(conversations.newest_first(engine, "me"))[::-1]
    said = [(each.id, each.text, each.reply.text if each.reply else None) for each in found]
    assert said == [
        ("1", "one", "First."),
        ("2", "two", "Second,\n\nin two parts."),
        ("3", "three", "It failed."),
        ("4", "four", "Again."),
        ("5", "five", None),
        ("6", "six", "Failed, and kept."),
    ]
    answered = conversations.find_answer(engine, "me", "b")
    assert answered
    assert answered.text == "two"
    assert conversations.find_answer(engine, "me", "z") is None
    assert conversations.find(engine, "you", "1") != conversations.find(engine, "me", "1")
    assert conversations.find(engine, "me", "7") is None


def test_a_long_conversation_is_read_whole(engine: Any) -> None:
    _keep(engine, "me", *(event for n in range(300) for event in (_user(f"{n}", f"{n}"), _bot(f"to {n}", f"a{n}"))))
    found = list(conversations.newest_first(engine, "me"))
    assert [each.id for each in found] == [str(n) for n in reversed(range(300))]
    assert all(each.reply and each.reply.text == f"to {each.id}" for each in found)


def test_a_conversation_is_erased_and_no_other(engine: Any) -> None:
    store = Store(engine)
    one, other = store.begin("web"), store.begin("web")
    for conversation in (one, other):
        store.claim(conversation, "1")
        store.rate(conversation, Rating({"id": "a"}, "q", "up", None))
        _keep(engine, conversation, _user("hello", "1"), _bot("Hello.", "a"))
    store.forget(one)
    with pytest.raises(UnknownConversationError):
        store.require(one)
    with engine.connect() as connection:
        for table, column in (
            ("events", "sender_id"),
            ("bot_sessions", "conversation"),
            ("bot_messages", "conversation"),
            ("bot_ratings", "conversation"),
        ):
            left = {row[0] for row in connection.exec_driver_sql(f"SELECT {column} FROM {table}")}
            assert left == {other}, table


def test_what_was_erased_is_not_in_the_file_any_more(engine: Any, tmp_path: Path) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL frees the space by itself, later.")
    store = Store(engine)
    conversation = store.begin("web")
    _keep(engine, conversation, *(_user(f"aardvark-{n} " * 50, str(n)) for n in range(50)))
    file = tmp_path / "conversations.db"
    assert any(b"aardvark" in each.read_bytes() for each in tmp_path.iterdir())
    store.forget(conversation)
    for each in tmp_path.iterdir():
        assert b"aardvark" not in each.read_bytes(), each
    assert file.exists()


def test_check_raises_when_the_database_cannot_be_read(engine: Any) -> None:
    store = Store(engine)
    store.check()
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO hidden")
    with pytest.raises(sa.exc.SQLAlchemyError):
        store.check()


def test_what_persons_said_and_who_has_the_conversation(engine: Any) -> None:
    mine, other = (Store(engine).begin("web") for _ in range(2))
    now = time.time()
    with engine.begin() as connection:
        put(connection, mine, "person", {"text": "one", "name": "A person"}, now)
        put(connection, other, "person", {"text": "of another conversation"}, now)
        put(connection, mine, "reply", {"text": "of the assistant's"}, now + 1)
        put(connection, mine, "notice", {"text": "two"}, now + 2)
    found = said.newest_first(engine, mine)
    assert [(each.kind, each.text, each.name, each.at) for each in found] == [
        ("notice", "two", None, now + 2),
        ("person", "one", "A person", now),
    ]
    assert (said.count(engine, mine), said.count(engine, other)) == (2, 1)


@pytest.mark.parametrize(
    ("state", "ends", "updated", "shown"),
    [
        ("asked", 60, 0, "asked"),
        ("taken", 60, 0, "taken"),
        ("taken", -60, 0, None),
        ("away", -60, 0, "away"),
        ("away", 60, -8 * 86400, None),  # nobody came
        ("returning", 60, 0, None),
        ("over", 60, 0, None),
    ],
)
def test_a_handover_is_shown_while_a_person_may_come(
    engine: Any, state: str, ends: float, updated: float, shown: str | None
) -> None:
    conversation, now = Store(engine).begin("web"), time.time()
    assert said.handover(engine, conversation) is None
    with engine.begin() as connection:
        row = (
            "INSERT INTO bot_handovers (conversation, channel, state, reason, ends, created, updated)"
            " VALUES (:id, 'web', :state, 'asked', :ends, :updated, :updated)"
        )
        values = {"id": conversation, "state": state, "ends": now + ends, "updated": now + updated}
        connection.execute(sa.text(row), values)
    assert said.handover(engine, conversation) == shown
