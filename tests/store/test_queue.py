"""The durable queue: each message is taken once and answered in order by one worker at a time, and none is lost."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store import Store
from bot.store.inbox import Deleted, Edited, Moved, Reacted, Receipt
from bot.store.queue import LONGEST_TURN, WAIT, Arrived, LeaseLostError, Outgoing, Queue, Turn, put

NOW = 1790000000.0
ME, ME_BY_NUMBER = ("user:me", "wa:1"), ("wa:1",)


@pytest.fixture
def queue(engines: tuple[Any, Any]) -> Queue:
    return Queue(engines[0], "whatsapp")


@pytest.fixture
def other(engines: tuple[Any, Any]) -> Queue:
    """Another worker's."""
    return Queue(engines[1], "whatsapp")


def said(id: str, text: str = "hello", who: tuple[str, ...] = ME, at: float = NOW, address: str = "1") -> Arrived:
    return Arrived(id, who, address, at, {"kind": "text", "text": text})


def edited(id: str, original: str, text: str, at: float = NOW) -> Edited:
    return Edited(id, ME, "1", at, {"kind": "text", "text": text}, original)


def rows(queue: Queue, query: str) -> list[tuple[Any, ...]]:
    with queue.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query).fetchall()]


def taken(queue: Queue) -> str:
    """The one conversation that is due once the wait is over."""
    time.sleep(max(0.0, (queue.next_due() or 0) - time.time()))
    found = queue.lease(30)
    assert found
    return found


def texts(turn: Turn | None) -> list[str]:
    return [each.body["text"] for each in turn.messages] if turn else []


def waiting(queue: Queue) -> list[str]:
    """The texts of the turn that is next."""
    conversation = taken(queue)
    found = texts(queue.turn(conversation))
    queue.release(conversation)
    return found


def went(queue: Queue, message: str = "out1", body: dict[str, Any] | None = None) -> Outgoing:
    """A reply that was put into the outbox and sent."""
    queue.accept([said(f"in-{message}")])
    conversation = taken(queue)
    turn = queue.turn(conversation)
    assert turn
    queue.answered(conversation, turn, [body or {"message": "Hello.", "answer": "a1"}])
    time.sleep(0.001)
    outgoing = queue.next_send(conversation)
    assert outgoing
    queue.sending(outgoing)
    queue.sent(outgoing.id, message)
    queue.release(conversation)
    return outgoing


# Coming in


def test_a_message_is_taken_once_whoever_gets_it_again(queue: Queue, other: Queue) -> None:
    assert queue.accept([said("1"), said("2")]) == 2
    assert other.accept([said("2"), said("3"), said("1")]) == 1
    assert queue.accept([]) == 0
    assert waiting(queue) == ["hello"] * 3


def test_of_the_same_delivery_at_the_same_time_each_message_is_taken_once(engines: tuple[Any, Any]) -> None:
    people = [(f"user:{n}", f"wa:{n}") for n in range(4)]
    delivery = [said(f"{n}", who=people[n % 4]) for n in range(24)]
    queues = [Queue(engines[n % 2], "whatsapp") for n in range(6)]
    start = threading.Barrier(6)

    def deliver(worker: int) -> int:
        start.wait()
        return queues[worker].accept(delivery[worker:] + delivery[:worker])

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(deliver, range(6))) == 24
    assert rows(queues[0], "SELECT count(*), count(DISTINCT conversation) FROM bot_inbox") == [(24, 4)]
    assert rows(queues[0], "SELECT count(*) FROM bot_customers") == [(4,)]


def test_a_delivery_is_kept_whole_or_not_at_all(queue: Queue) -> None:
    broken = Arrived("2", ME, "1", NOW, {"text": object()})
    with pytest.raises(TypeError):
        queue.accept([said("1"), broken])
    assert rows(queue, "SELECT count(*) FROM bot_inbox") == rows(queue, "SELECT count(*) FROM bot_customers") == [(0,)]


def test_messages_are_in_order_of_writing_and_then_of_coming(queue: Queue) -> None:
    queue.accept([said("b", "third", at=NOW + 2)])
    queue.accept([said("z", "first"), said("a", "second")])
    assert waiting(queue) == ["first", "second", "third"]


def test_a_customer_is_known_by_every_name(queue: Queue) -> None:
    queue.accept([said("1", who=ME_BY_NUMBER)])
    queue.accept([said("2", who=ME)])
    queue.accept([said("3", who=("user:me", "wa:2"))])
    queue.accept([said("4", who=("wa:2",))])
    assert rows(queue, "SELECT count(*) FROM bot_sessions WHERE channel = 'whatsapp'") == [(1,)]
    assert len(rows(queue, "SELECT DISTINCT conversation FROM bot_inbox")) == 1


def test_who_gets_a_number_of_somebody_elses_gets_nothing_of_theirs(queue: Queue) -> None:
    queue.accept([said("1", who=("user:first", "wa:1"))])
    queue.accept([said("2", who=("user:second", "wa:1"))])
    queue.accept([said("3", who=("wa:1",))])
    (first,), (second,), (third,) = (
        rows(queue, f"SELECT conversation FROM bot_inbox WHERE id = '{n}'")[0] for n in "123"
    )
    assert first != second == third


def test_a_reply_goes_to_the_newest_address(queue: Queue) -> None:
    queue.accept([said("1", at=NOW, address="1")])
    queue.accept([said("2", at=NOW + 10, address="2")])
    queue.accept([said("3", at=NOW + 5, address="3")])
    conversation = taken(queue)
    assert queue.address(conversation) == ("2", NOW + 10)


# Edited, deleted, moved


def test_an_edit_of_what_still_waits_takes_its_place(queue: Queue) -> None:
    queue.accept([said("1", "muscles?"), said("2", "thanks")])
    assert queue.deliver([edited("3", "1", "knees?"), edited("3", "1", "knees?")], ()).new == 0
    assert waiting(queue) == ["knees?", "thanks"]


def test_an_edit_of_what_is_being_answered_is_a_message(queue: Queue) -> None:
    queue.accept([said("1", "muscles?")])
    conversation = taken(queue)
    turn = queue.turn(conversation)
    assert turn
    assert queue.deliver([edited("2", "1", "knees?")], ()).new == 1
    assert texts(queue.turn(conversation)) == ["muscles?"]
    queue.answered(conversation, turn, [])
    assert texts(queue.turn(conversation)) == ["knees?"]


def test_an_edit_that_is_quicker_than_its_original_is_answered_alone(queue: Queue) -> None:
    queue.deliver([edited("2", "1", "knees?")], ())
    assert queue.accept([said("1", "muscles?")]) == 0
    assert waiting(queue) == ["knees?"]


def test_what_is_deleted_while_it_waits_is_dropped(queue: Queue) -> None:
    queue.accept([said("1", "muscles?"), said("2", "thanks")])
    queue.deliver([Deleted("3", ME, "1")], ())
    assert waiting(queue) == ["thanks"]
    assert rows(queue, "SELECT body FROM bot_inbox WHERE id = '1'") == [(None,)]
    queue.deliver([Deleted("5", ME, "4")], ())
    assert queue.accept([said("4", "quicker than its own end")]) == 0


def test_what_is_deleted_while_it_is_answered_stays(queue: Queue) -> None:
    queue.accept([said("1", "muscles?")])
    conversation = taken(queue)
    queue.turn(conversation)
    queue.deliver([Deleted("2", ME, "1")], ())
    assert texts(queue.turn(conversation)) == ["muscles?"]


def test_nobody_changes_what_another_customer_wrote(queue: Queue) -> None:
    queue.accept([said("1", "mine")])
    queue.accept([said("2", "yours", who=("user:you",))])
    stranger = Edited("3", ("user:you",), "2", NOW, {"text": "changed"}, "1")
    queue.deliver([Deleted("4", ("user:you",), "1"), Deleted("5", ("user:nobody",), "1"), stranger], ())
    assert rows(queue, "SELECT done FROM bot_inbox WHERE id = '1'") == [(0,)]
    assert waiting(queue) == ["mine"]


def test_a_customer_with_a_new_number_keeps_the_conversation(queue: Queue) -> None:
    new = ("user:new", "wa:2")
    queue.accept([said("1")])
    queue.deliver([Moved("2", ME, new, "2", NOW)] * 2, ())
    queue.accept([said("3", who=new, address="2")])
    queue.accept([said("4", "I am somebody else", who=("user:else", "wa:1"))])
    queue.accept([said("5", "so am I", who=("user:me",))])
    by = dict(rows(queue, "SELECT id, conversation FROM bot_inbox"))
    assert by["1"] == by["3"]
    assert len({by["1"], by["4"], by["5"]}) == 3
    assert queue.address(by["1"])[0] == "2"
    assert queue.address(by["4"])[0] == "1"


def conversations(queue: Queue) -> dict[str, str]:
    """Which conversation each message is in."""
    return dict(rows(queue, "SELECT id, conversation FROM bot_inbox"))


def test_a_new_number_leads_to_nothing_that_was_said_there_before(queue: Queue) -> None:
    queue.accept([said("1", "of the number's owner before", who=("wa:2",), at=NOW - 100, address="2")])
    queue.accept([said("2", "mine", at=NOW - 50)])
    queue.accept([said("4", "quicker than the news", who=("wa:2",), at=NOW + 1, address="2")])
    queue.deliver([Moved("3", ME_BY_NUMBER, ("wa:2",), "2", NOW)], ())
    queue.accept([said("5", "later", who=("wa:2",), at=NOW + 2, address="2")])
    by = conversations(queue)
    assert by["4"] == by["5"]
    assert len({by["1"], by["2"], by["4"]}) == 3
    assert queue.address(by["5"]) == ("2", NOW + 2)
    assert queue.address(by["1"])[0] == queue.address(by["2"])[0] == ""


def test_whose_first_message_is_quicker_than_the_news_begins_anew(queue: Queue) -> None:
    queue.accept([said("1", "mine", who=("wa:1",))])
    queue.accept([said("2", who=("wa:2",), at=NOW + 2, address="2")])
    queue.deliver([Moved("3", ("wa:1",), ("wa:2",), "2", NOW + 1)], ())
    queue.accept([said("4", who=("wa:2",), at=NOW + 3, address="2"), said("5", "another", ("wa:1",), NOW + 4)])
    by = conversations(queue)
    assert by["2"] == by["4"]
    assert len({by["1"], by["2"], by["5"]}) == 3


MOVES = {
    "a chain": (("a", "b", NOW - 60), ("b", "c", NOW - 600)),
    "crosswise": (("a", "b", NOW - 60), ("b", "a", NOW - 50)),
    "crosswise at the same time": (("a", "b", NOW - 60), ("b", "a", NOW - 60)),
}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("moves", MOVES.values(), ids=MOVES)
def test_news_in_any_order_join_no_two_customers(queue: Queue, moves: tuple[Any, ...], turned: bool) -> None:
    for name in "ab":
        queue.accept([said(f"{name} before", who=(f"wa:{name}",), at=NOW - 1000, address=name)])
    for old, new, at in reversed(moves) if turned else moves:
        queue.deliver([Moved(f"{old}{new}", (f"wa:{old}",), (f"wa:{new}",), new, at)], ())
    now = {old: new for old, new, _ in moves}
    for name in "ab":
        queue.accept([said(f"{name} after", who=(f"wa:{now[name]}",), at=NOW, address=now[name])])
    by = conversations(queue)
    assert by["a after"] not in (by["b before"], by["b after"])
    assert by["b after"] != by["a before"]
    for conversation, address in rows(queue, "SELECT conversation, address FROM bot_customers"):
        if address:
            assert rows(queue, f"SELECT conversation FROM bot_identities WHERE identity = 'wa:{address}'") == [
                (conversation,)
            ]


def test_late_news_of_a_number_that_was_left_lead_nobody_to_it(queue: Queue) -> None:
    queue.accept([said("1", who=("wa:a",), at=NOW - 1000, address="a")])
    queue.deliver([Moved("2", ("wa:b",), ("wa:c",), "c", NOW - 300)], ())
    queue.deliver([Moved("3", ("wa:a",), ("wa:b",), "b", NOW - 600)], ())
    queue.accept([said("4", "the next owner", who=("wa:b",), address="b")])
    by = conversations(queue)
    assert by["1"] != by["4"]
    assert queue.address(by["1"])[0] == ""


def test_what_was_written_before_a_number_was_left_is_not_its_next_owners(queue: Queue) -> None:
    queue.accept([said("1", who=("wa:1",), at=NOW - 100)])
    queue.deliver([Moved("2", ("wa:1",), ("wa:2",), "2", NOW)], ())
    queue.accept([said("3", "comes late", who=("wa:1",), at=NOW - 5)])
    queue.accept([said("4", "the next owner", who=("wa:1",), at=NOW + 5)])
    by = conversations(queue)
    assert len({by["1"], by["3"], by["4"]}) == 3
    assert [queue.address(by[id])[0] for id in "134"] == ["2", "", "1"]


def test_what_was_left_is_forgotten_in_time(queue: Queue) -> None:
    queue.accept([said("1")])
    queue.deliver([Moved("2", ME, ("wa:2",), "2", NOW)], ())
    queue.clean(NOW)
    assert len(rows(queue, "SELECT identity FROM bot_identities")) == 3
    queue.clean(NOW + 1)
    assert rows(queue, "SELECT identity FROM bot_identities") == [("wa:2",)]


def test_nothing_goes_to_a_number_that_is_somebody_elses(queue: Queue) -> None:
    queue.accept([said("1", who=("user:DE.aaa", "wa:1"))])
    first = taken(queue)
    queue.accept([said("2", who=("user:DE.bbb", "wa:1"), at=NOW + 10)])
    assert queue.address(first)[0] == "DE.aaa"
    queue.accept([said("3", "written before, comes late", who=("user:DE.aaa", "wa:1"), at=NOW + 5)])
    by = conversations(queue)
    assert by["1"] == by["3"] != by["2"]
    assert (queue.address(first)[0], queue.address(by["2"])[0]) == ("DE.aaa", "1")


def test_whom_nothing_can_be_sent_to_gets_nothing(queue: Queue) -> None:
    queue.accept([said("1", who=("wa:1",))])
    conversation = taken(queue)
    ids = []
    for number in range(2):
        with queue.engine.begin() as connection:
            ids.append(put(connection, conversation, "person", {"text": f"For the first one, {number}"}, time.time()))
        if not number:
            outgoing = queue.next_send(conversation)
            assert outgoing
            queue.hold(outgoing, "closed")
    queue.accept([said("2", who=("wa:2",), at=NOW, address="2")])
    queue.deliver([Moved("3", ("wa:2",), ("wa:1",), "1", NOW + 10)], ())
    reason = "the customer's number is somebody else's by now"
    assert rows(queue, "SELECT state, error FROM bot_outbox") == [("failed", reason)] * 2
    with queue.engine.begin() as connection:
        ids.append(put(connection, conversation, "person", {"text": "Later"}, time.time()))
    assert queue.next_send(conversation) is None
    assert not queue.is_sending(conversation)
    assert rows(queue, "SELECT state, error FROM bot_outbox") == [("failed", reason)] * 3


def test_news_of_nobodys_number_changes_nothing(queue: Queue) -> None:
    queue.accept([said("1", who=("user:second", "wa:1"))])
    gone = Moved("2", ("user:first", "wa:1"), ("user:new", "wa:2"), "2", NOW)
    queue.deliver([gone, Moved("3", ("wa:7",), ("wa:8",), "8", NOW), Reacted("4", ("wa:7",), "out", "x")], ())
    queue.accept([said("5", who=("user:second",))])
    assert len(rows(queue, "SELECT DISTINCT conversation FROM bot_inbox WHERE id IN ('1', '5')")) == 1
    assert all(queue.is_known(id) for id in "1234")


# One worker at a time


def test_a_message_waits_less_than_a_second_for_others_of_its_turn(queue: Queue) -> None:
    now = time.time()
    queue.accept([said("1")], now)
    due = queue.next_due()
    assert due
    assert now < due <= now + WAIT <= now + 1
    assert queue.lease(30, due - 0.01) is None
    assert waiting(queue) == ["hello"]


def test_a_conversation_is_one_workers_at_a_time(engines: tuple[Any, Any]) -> None:
    queues = [Queue(engines[n % 2], "whatsapp") for n in range(6)]
    queues[0].accept([said(f"{n}", who=(f"user:{n}",)) for n in range(20)], time.time() - 10)
    start = threading.Barrier(6)

    def lease(queue: Queue) -> list[str]:
        start.wait()
        return [found for _ in range(20) if (found := queue.lease(30))]

    with ThreadPoolExecutor(6) as pool:
        held = [conversation for each in pool.map(lease, queues) for conversation in each]
    assert len(held) == len(set(held))
    assert len(held) == 20


def test_only_who_holds_the_lease_does_anything(queue: Queue, other: Queue) -> None:
    queue.accept([said("1")], time.time() - 10)
    conversation = taken(queue)
    assert other.lease(30) is None
    turn = queue.turn(conversation)
    assert turn
    for act in (
        lambda: other.turn(conversation),
        lambda: other.renew(conversation, 30),
        lambda: other.next_send(conversation),
        lambda: other.answered(conversation, turn, [{"message": "twice"}]),
    ):
        with pytest.raises(LeaseLostError):
            act()
    other.release(conversation)
    assert texts(queue.turn(conversation)) == ["hello"]
    assert rows(queue, "SELECT count(*) FROM bot_outbox") == [(0,)]


def test_a_lease_that_ends_is_anothers_and_the_turn_comes_again(queue: Queue, other: Queue) -> None:
    queue.accept([said("1", "one"), said("2", "two")], time.time() - 10)
    conversation = queue.lease(30)
    assert conversation
    before = queue.turn(conversation)
    assert before
    queue.accept([said("3", "three")])
    due = other.next_due()
    assert due
    # Whoever waits until then does not wait in vain, or for longer than the lease.
    assert other.lease(30, due - 0.01) is None
    assert other.lease(30, due + 0.01) == conversation
    again = other.turn(conversation)
    assert again
    assert again == Turn(before.id, before.messages, again=True)
    with pytest.raises(LeaseLostError):
        queue.answered(conversation, before, [{"message": "late"}])
    other.answered(conversation, again, [{"message": "once"}])
    assert texts(other.turn(conversation)) == ["three"]
    assert [json.loads(body) for (body,) in rows(queue, "SELECT body FROM bot_outbox")] == [{"message": "once"}]


def test_a_renewed_lease_is_kept(queue: Queue, other: Queue) -> None:
    queue.accept([said("1")], time.time() - 10)
    conversation = queue.lease(30)
    assert conversation
    queue.renew(conversation, 600)
    assert other.lease(30, time.time() + 60) is None
    queue.release(conversation)
    assert other.lease(30) == conversation


def test_what_comes_while_a_conversation_is_held_is_due_when_it_is_given_back(queue: Queue) -> None:
    queue.accept([said("1")], time.time() - 10)
    conversation = taken(queue)
    turn = queue.turn(conversation)
    assert turn
    queue.accept([said("2")])
    queue.answered(conversation, turn, [])
    queue.release(conversation)
    assert queue.next_due() is not None
    assert waiting(queue) == ["hello"]
    turn = queue.turn(taken(queue))
    assert turn
    queue.answered(conversation, turn, [])
    queue.release(conversation)
    assert queue.next_due() is None


def test_nothing_that_is_put_while_a_conversation_is_given_back_is_forgotten(engines: tuple[Any, Any]) -> None:
    """As a command does that says something for a person, in another process."""
    worker, command = Queue(engines[0], "whatsapp"), engines[1]
    worker.accept([said("0")], time.time() - 10)
    conversation = taken(worker)
    turn = worker.turn(conversation)
    assert turn
    worker.answered(conversation, turn, [])
    for n in range(60):
        with ThreadPoolExecutor(2) as pool:
            released = pool.submit(worker.release, conversation)
            pool.submit(_say, command, conversation, n).result()
            released.result()
        assert worker.next_due() is not None, n
        assert taken(worker) == conversation
        while outgoing := worker.next_send(conversation):
            worker.sending(outgoing)
            worker.sent(outgoing.id, f"out{n}")


def _say(engine: Any, conversation: str, number: int) -> None:
    with engine.begin() as connection:
        put(connection, conversation, "person", {"text": f"{number}"}, time.time())


def test_a_turn_is_as_long_as_a_message_may_be(queue: Queue) -> None:
    long = "a" * (LONGEST_TURN - 10)
    queue.accept([said("1", long), said("2", "short"), said("3", long)], time.time() - 10)
    conversation = taken(queue)
    for expected in ([long, "short"], [long]):
        turn = queue.turn(conversation)
        assert turn
        assert texts(turn) == expected
        queue.answered(conversation, turn, [])
    assert queue.turn(conversation) is None


# Going out


def test_replies_go_out_in_order_and_what_is_put_off_holds_back_the_rest(queue: Queue) -> None:
    queue.accept([said("1")], time.time() - 10)
    conversation = taken(queue)
    turn = queue.turn(conversation)
    assert turn
    queue.answered(conversation, turn, [{"message": "one"}, {"message": "two"}])
    time.sleep(0.001)
    first = queue.next_send(conversation)
    assert first
    assert (first.kind, first.body, first.state, first.sends) == ("reply", {"message": "one"}, "queued", 0)
    before = time.time()
    queue.sending(first)
    queue.put_off(first.id, before + 600, "130429")
    assert queue.next_send(conversation) is None
    queue.release(conversation)
    assert queue.lease(30, before + 599) is None
    assert queue.lease(30, before + 601) == conversation
    queue.later(first.id, before)
    again = queue.next_send(conversation)
    assert again
    assert (again.id, again.sends) == (first.id, 1)
    queue.sending(again)
    assert queue.sent(again.id, "out1")
    second = queue.next_send(conversation)
    assert second
    assert second.body == {"message": "two"}
    (sent,) = queue.sends_since(conversation, before)
    assert before <= sent <= time.time()


def test_what_was_begun_before_a_crash_says_so(queue: Queue, other: Queue) -> None:
    queue.accept([said("1")], time.time() - 10)
    conversation = queue.lease(30)
    assert conversation
    turn = queue.turn(conversation)
    assert turn
    queue.answered(conversation, turn, [{"message": "one"}])
    time.sleep(0.001)
    outgoing = queue.next_send(conversation)
    assert outgoing
    queue.sending(outgoing)
    assert other.lease(30, time.time() + 60) == conversation
    begun = other.next_send(conversation)
    assert begun
    assert (begun.id, begun.state, begun.sends) == (outgoing.id, "sending", 1)
    with pytest.raises(LeaseLostError):
        queue.sending(outgoing)


def test_of_a_reply_that_went_the_answer_is_known_and_the_text_gone(queue: Queue) -> None:
    outgoing = went(queue)
    assert rows(queue, "SELECT state, body FROM bot_outbox") == [("sent", '{"answer": "a1"}')]
    assert queue.answer_sent_as("out1") == (outgoing.conversation, "a1")
    assert queue.answer_sent_as("in-out1") is None
    notice = went(queue, "out2", {"message": "without an answer", "answer": None})
    assert queue.answer_sent_as("out2") is None
    assert rows(queue, f"SELECT body FROM bot_outbox WHERE id = '{notice.id}'") == [(None,)]
    with queue.engine.begin() as connection:
        said_by_person = put(connection, outgoing.conversation, "person", {"text": "It is me."}, time.time())
    queue.sent(said_by_person, "out3")
    assert rows(queue, f"SELECT body FROM bot_outbox WHERE id = '{said_by_person}'") == [('{"text": "It is me."}',)]


def test_what_a_customer_has_twice_is_said_once(queue: Queue) -> None:
    outgoing = went(queue)
    assert queue.sent(outgoing.id, "out1")
    assert queue.deliver((), [Receipt(outgoing.id, "out1", None), Receipt("unknown", "out9", None)]).twice == ()
    assert queue.deliver((), [Receipt(outgoing.id, "out2", None)]).twice == (outgoing.id,)
    assert queue.deliver((), [Receipt(outgoing.id, "out2", None)] * 2).twice == ()
    assert queue.sent(outgoing.id, "out2")
    assert rows(queue, "SELECT message, error FROM bot_outbox") == [("out1", "twice")]


def test_a_status_says_that_it_went_where_nobody_knew(queue: Queue) -> None:
    queue.accept([said("1")], time.time() - 10)
    conversation = taken(queue)
    turn = queue.turn(conversation)
    assert turn
    queue.answered(conversation, turn, [{"message": "one"}])
    time.sleep(0.001)
    outgoing = queue.next_send(conversation)
    assert outgoing
    queue.sending(outgoing)
    queue.deliver((), [Receipt(outgoing.id, "out1", None)])
    assert queue.next_send(conversation) is None
    queue.put_off(outgoing.id, 0.0, "500")
    queue.failed(outgoing.id, "500")
    assert queue.next_send(conversation) is None, "it is not sent a second time"
    assert rows(queue, "SELECT state FROM bot_outbox") == [("sent",)]
    assert not queue.sent(outgoing.id, "out2")


def test_what_was_not_delivered_says_why(queue: Queue) -> None:
    outgoing = went(queue)
    queue.deliver((), [Receipt(outgoing.id, "another", "131026 Message undeliverable")])
    assert rows(queue, "SELECT state FROM bot_outbox") == [("sent",)]
    queue.deliver((), [Receipt(None, "out1", "131026 " + "x" * 300)])
    assert rows(queue, "SELECT state FROM bot_outbox") == [("failed",)]
    assert queue.sends_since(outgoing.conversation, 0) == []


def test_what_is_held_goes_when_the_customer_writes(queue: Queue) -> None:
    queue.accept([said("1")], time.time() - 10)
    conversation = taken(queue)
    turn = queue.turn(conversation)
    assert turn
    queue.answered(conversation, turn, [{"message": "one"}])
    time.sleep(0.001)
    outgoing = queue.next_send(conversation)
    assert outgoing
    queue.hold(outgoing, "131047")
    assert queue.next_send(conversation) is None
    queue.release(conversation)
    assert queue.next_due() is None
    queue.accept([said("1")])
    assert queue.next_due() is None, "a repeat is nothing that the customer wrote"
    queue.accept([said("2")])
    assert taken(queue) == conversation
    released = queue.next_send(conversation)
    assert released
    assert released.id == outgoing.id


def test_what_is_erased_is_gone_and_its_repeat_still_known(queue: Queue) -> None:
    went(queue)
    queue.accept([said("2", "aardvark"), said("3", who=("user:other",))], time.time() - 10)
    (conversation,) = {
        found for (found,) in rows(queue, "SELECT conversation FROM bot_identities WHERE identity = 'wa:1'")
    }
    held = queue.lease(30)
    assert held == conversation
    turn = queue.turn(conversation)
    assert turn
    Store(queue.engine).forget(conversation)
    with pytest.raises(LeaseLostError):
        queue.answered(conversation, turn, [{"message": "late"}])
    queue.release(conversation)
    assert queue.accept([said("2", "aardvark")]) == 0
    for table in ("bot_inbox", "bot_outbox", "bot_customers", "bot_identities", "bot_sessions"):
        assert rows(queue, f"SELECT count(*) FROM {table} WHERE conversation = '{conversation}'") == [(0,)], table
    assert rows(queue, "SELECT count(*) FROM bot_inbox WHERE body LIKE '%%aardvark%%'") == [(0,)]
    queue.accept([said("4")], time.time() - 10)
    assert rows(queue, "SELECT count(*) FROM bot_customers") == [(2,)]


def test_a_database_that_fails_says_so(queue: Queue) -> None:
    with queue.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE bot_inbox RENAME TO hidden")
    with pytest.raises(sa.exc.SQLAlchemyError):
        queue.accept([said("1")])
