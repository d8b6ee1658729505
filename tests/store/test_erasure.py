"""Who asks to be forgotten is: nothing of theirs stays, others lose nothing, and a worker writes nothing back."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.handover import Desk
from bot.settings.handover import Handover, Webhook
from bot.store import Rating, Store, UnknownConversationError, erasure
from bot.store.queue import Arrived, Queue, put

NUMBER, OTHER = "4917012345678", "4917087654321"
EVENT = "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:id, 'user', 1.0, :data)"


@pytest.fixture
def engine(engines: tuple[Any, Any]) -> Any:
    return engines[0]


@pytest.fixture
def queue(engines: tuple[Any, Any]) -> Queue:
    """A worker's, in another process than whoever erases."""
    return Queue(engines[1], "whatsapp")


def wrote(id: str, text: str = "aardvark", number: str = NUMBER) -> Arrived:
    # Meta's own ids hold the number.
    return Arrived(f"wamid.{number}.{id}", (f"user:DE.{number}", f"wa:{number}"), number, time.time(), {"text": text})


def conversation_of(engine: Any, number: str = NUMBER) -> str:
    (found,) = erasure.find(engine, (f"wa:{number}",))
    return found.conversation


def whole(engine: Any) -> str:
    """Everything that is in the database."""
    with engine.connect() as connection:
        tables = sa.inspect(engine).get_table_names()
        rows = {table: connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall() for table in tables}
    return repr(rows)


def lived(engine: Any, queue: Queue, number: str) -> str:
    """A conversation of which something is in every table."""
    queue.accept([wrote("1", number=number)], time.time() - 1000)  # before anything of another's is due
    conversation = conversation_of(engine, number)
    assert queue.lease(30) == conversation
    turn = queue.turn(conversation)
    assert turn
    queue.answered(conversation, turn, [{"message": f"aardvark {number}", "answer": "a"}])
    outgoing = queue.next_send(conversation)
    assert outgoing
    queue.sending(outgoing)
    queue.sent(outgoing.id, f"wamid.{number}.out")
    queue.accept([wrote("2", number=number)])
    desk = Desk(engine, Handover(webhook=Webhook("http://127.0.0.1:9", "whsec_" + "A" * 32)))
    desk.ask(conversation, "whatsapp", "asked")
    desk.forward(conversation, "m", f"aardvark {number}")
    desk.say(conversation, f"aardvark {number}", "Staff", once="once")
    desk.keep_ticket(conversation, number)
    Store(engine).rate(conversation, Rating({"id": "a"}, f"aardvark {number}", "up", None))
    with engine.begin() as connection:
        connection.execute(sa.text(EVENT), {"id": conversation, "data": json.dumps({"text": f"aardvark {number}"})})
    queue.release(conversation)
    return conversation


def test_all_that_is_kept_of_a_customer_goes_and_nothing_of_anybody_else(engine: Any, queue: Queue) -> None:
    mine, others = lived(engine, queue, NUMBER), lived(engine, queue, OTHER)
    before = whole(engine)
    for table in erasure.TABLES:
        with engine.connect() as connection:
            ids = {row[0] for row in connection.exec_driver_sql(f"SELECT conversation FROM {table}")}
        assert {mine, others} <= ids, f"{table} was to be tried"
    assert all(each in before for each in (NUMBER, mine))
    (found,) = erasure.find(engine, (f"wa:{NUMBER}", "wa:1"))
    assert (found.conversation, found.names, found.messages) == (mine, (f"user:DE.{NUMBER}", f"wa:{NUMBER}"), 1)

    erasure.erase_idle(engine, mine, 0)
    after = whole(engine)
    assert NUMBER not in after
    assert mine not in after
    assert after.count(OTHER) == before.count(OTHER)
    assert after.count(others) == before.count(others)
    assert erasure.find(engine, (f"wa:{NUMBER}", f"user:DE.{NUMBER}")) == []


def test_a_repeat_of_what_was_erased_is_known_without_its_id(engine: Any, queue: Queue) -> None:
    lived(engine, queue, NUMBER)
    erasure.erase_idle(engine, conversation_of(engine), 0)
    assert queue.accept([wrote("1"), wrote("2")]) == 0
    assert NUMBER not in whole(engine)
    assert queue.accept([wrote("3")]) == 1


def test_nothing_is_erased_while_a_worker_has_the_conversation(engine: Any, queue: Queue) -> None:
    conversation = lived(engine, queue, NUMBER)
    assert queue.lease(30, time.time() + 10) == conversation
    before = whole(engine)
    with pytest.raises(erasure.BusyError):
        erasure.erase_idle(engine, conversation, 0)
    assert whole(engine) == before
    with ThreadPoolExecutor(1) as pool:
        erased = pool.submit(erasure.erase_idle, engine, conversation, 30)
        queue.renew(conversation, 30)
        assert not erased.done()
        queue.release(conversation)
        erased.result(60)
    assert NUMBER not in whole(engine)
    assert queue.is_erased(conversation)
    assert queue.lease(30, time.time() + 10) is None


def test_a_lease_that_a_killed_worker_left_ends(engine: Any, queue: Queue) -> None:
    conversation = lived(engine, queue, NUMBER)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE bot_customers SET owner = 'dead', leased = :at"), {"at": time.time() + 0.5})
    erasure.erase_idle(engine, conversation, 30)
    assert NUMBER not in whole(engine)


def meanwhile(monkeypatch: pytest.MonkeyPatch, engine: Any, conversation: str, act: Any) -> Any:
    """Do something while a conversation is being erased and the transaction is still open; what it came to."""
    open_, go_on = threading.Event(), threading.Event()
    original = erasure.claimed_as

    def hold(id: str) -> str:
        if not open_.is_set():
            open_.set()
            go_on.wait(30)
        return original(id)

    monkeypatch.setattr(erasure, "claimed_as", hold)
    with ThreadPoolExecutor(2) as pool:
        erased = pool.submit(erasure.erase_idle, engine, conversation, 0)
        assert open_.wait(30)
        acted = pool.submit(act)
        time.sleep(0.3)  # so that it waits, where it has to
        go_on.set()
        erased.result(60)
        return acted.exception(60) or acted.result()


def test_what_is_written_while_it_is_erased_begins_anew(
    engine: Any, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = lived(engine, queue, NUMBER)
    assert meanwhile(monkeypatch, engine, conversation, lambda: queue.accept([wrote("3", "hello")])) == 1
    new = conversation_of(engine)
    assert new != conversation
    assert queue.lease(30, time.time() + 10) == new
    turn = queue.turn(new)
    assert turn
    assert [each.body["text"] for each in turn.messages] == ["hello"]
    assert conversation not in whole(engine)


def test_nobody_writes_to_what_is_being_erased(engine: Any, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = lived(engine, queue, NUMBER)
    desk = Desk(queue.engine, Handover(minutes=0))

    def act() -> list[object]:
        results: list[object] = []
        for each in (
            lambda: Store(queue.engine).rate(conversation, Rating({"id": "b"}, "aardvark", "up", None)),
            lambda: desk.say(conversation, "aardvark"),
            lambda: desk.hand_back(str),
            lambda: queue.release(conversation),
        ):
            try:
                results.append(each())
            except Exception as error:
                results.append(type(error).__name__)
        return results

    said = meanwhile(monkeypatch, engine, conversation, act)
    assert said == [UnknownConversationError.__name__, "UnknownHandoverError", None, None]
    assert conversation not in whole(engine)


def test_what_was_begun_before_goes_too(engine: Any, queue: Queue) -> None:
    conversation = lived(engine, queue, NUMBER)
    webhook = Webhook("http://127.0.0.1:9", "whsec_" + "A" * 32)
    desk = Desk(queue.engine, Handover(webhook=webhook))
    desk.give_back(conversation)
    under_way, go_on = threading.Event(), threading.Event()

    def words(_: str) -> str:  # of the notice that is put into the outbox and told to the staff, in one transaction
        under_way.set()
        assert go_on.wait(30)
        return "aardvark"

    with ThreadPoolExecutor(2) as pool:
        given_back = pool.submit(desk.hand_back, words)
        assert under_way.wait(30)
        erased = pool.submit(erasure.erase_idle, engine, conversation, 30)
        time.sleep(0.3)
        assert not erased.done()
        go_on.set()
        given_back.result(60)
        erased.result(60)
    assert conversation not in whole(engine)


def test_what_is_erased_is_not_in_the_file_any_more_beside_another_process(engine: Any, queue: Queue) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL frees the space by itself, later.")
    conversation = lived(engine, queue, NUMBER)
    folder = Path(engine.url.database).parent
    assert any(NUMBER.encode() in each.read_bytes() for each in folder.iterdir())
    erasure.erase_idle(engine, conversation, 0)
    for each in folder.iterdir():
        assert NUMBER.encode() not in each.read_bytes(), each
    with queue.engine.begin() as connection:
        put(connection, "another", "notice", {"text": "It goes on."}, time.time())
