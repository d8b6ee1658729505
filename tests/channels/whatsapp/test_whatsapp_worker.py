"""What customers on WhatsApp write is answered: in order, as turns, once, whatever it is and whoever has them."""

import asyncio
import json
import time
from typing import Any

import pytest
from customers import NUMBER, Customers
from stand_in import days_ago

from bot.channels.whatsapp.answering import Answering
from bot.handover.transcript import transcript

one_database = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


async def test_a_message_is_answered_and_shown_as_read(customers: Customers) -> None:
    async with customers.working():
        customers.write("does it help sore muscles?")
        assert (await customers.seen()).text == "You said: does it help sore muscles?"
        await customers.until_sent()
    phone = customers.phone()
    assert phone.read == set(phone.sent)
    assert len(phone.screen) == 1


async def test_messages_that_queue_form_one_turn(customers: Customers) -> None:
    customers.write("hello")
    customers.write("I am pregnant")
    async with customers.working():
        customers.write("may I use it?")
        await customers.seen()
        await customers.until_sent()
    assert customers.said() == ["You said: hello\nI am pregnant\nmay I use it?"]


async def test_what_comes_while_an_answer_is_made_is_the_next_turn(customers: Customers) -> None:
    answering, go_on = customers.agent.held()
    async with customers.working():
        customers.write("one")
        await answering.wait()
        customers.write("two")
        customers.write("three")
        go_on.set()
        await customers.seen()
        await customers.seen()
        await customers.until_sent()
    assert customers.said() == ["You said: one", "You said: two\nthree"]


async def test_the_agent_answers_one_turn_at_a_time(customers: Customers) -> None:
    under_way, most = 0, 0

    async def count(_: str) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1

    customers.agent.before = count
    numbers = [f"49151000000{place:02}" for place in range(12)]
    for number in numbers:
        customers.write("hello", number=number)
    async with customers.working():
        for number in numbers:
            assert (await customers.seen(number)).text == "You said: hello"
    assert most == 1


async def test_two_workers_share_the_customers_and_answer_each_once(customers: Customers) -> None:
    numbers = [f"49152000000{place:02}" for place in range(20)]
    async with customers.working(2):
        for round in range(3):
            for number in numbers:
                customers.write(f"message {round}", number=number)
            await asyncio.sleep(0.3)
        await customers.until_sent()
    for number in numbers:
        said = "\n".join(customers.said(number)).replace("You said: ", "")
        assert said.split("\n") == ["message 0", "message 1", "message 2"]


async def test_a_row_that_another_process_puts_is_sent(customers: Customers) -> None:
    async with customers.working():
        conversation = customers.write("hello")
        await customers.seen()
        await customers.until_sent()
        customers.put(conversation, "person", text="Hello, I *read* what you wrote.", name="A colleague")
        customers.put(conversation, "notice", text="The assistant answers here again.")
        await customers.seen()
        await customers.seen()
    assert customers.said()[1:] == [
        "*A colleague*\nHello, I *read* what you wrote.",
        "The assistant answers here again.",
    ]


async def test_a_user_without_a_number_is_answered(customers: Customers) -> None:
    phone = customers.meta.phone("4915199999999", user_id="DE.1234567890", hidden=True)
    conversation = customers.write("hello", number=phone.number)
    customers.change(
        "UPDATE bot_customers SET address = 'DE.1234567890' WHERE conversation = :conversation",
        conversation=conversation,
    )
    async with customers.working():
        assert (await customers.seen(phone.number)).text == "You said: hello"


# What is no text ----------------------------------------------------------------------------------------------


@one_database
@pytest.mark.parametrize(
    "body",
    [
        {"kind": "media", "text": "", "unread": "image"},
        {"kind": "location", "text": ""},
        {"kind": "contacts", "text": ""},
        {"kind": "unsupported", "text": "", "unread": "unknown"},
    ],
    ids=lambda body: body["kind"],
)
async def test_what_cannot_be_read_is_said_so_without_the_agent(customers: Customers, body: dict[str, Any]) -> None:
    async with customers.working():
        customers.arrive(body)
        assert (await customers.seen()).text.startswith("I can read text only")
    assert customers.agent.asked == []


@one_database
async def test_a_caption_is_answered_after_saying_that_the_picture_cannot_be_seen(customers: Customers) -> None:
    image = {"kind": "media", "text": "is this rash a problem?", "unread": "image"}
    async with customers.working():
        customers.arrive(image, {"kind": "text", "text": "it itches"})
        first, _, rest = (await customers.seen()).text.partition("\n\n")
        await customers.until_sent()
    assert first.startswith("I can read text only")
    assert rest == "You said: is this rash a problem?\nit itches"
    assert len(customers.said()) == 1


@one_database
async def test_a_chosen_row_says_its_whole_title(customers: Customers) -> None:
    title = "Should people with an implanted pacemaker use it?"
    async with customers.working():
        customers.arrive({"kind": "reply", "text": "Should people with an", "reply_id": f"say:{title}"})
        assert (await customers.seen()).text == f"You said: {title}"


# 'More' -------------------------------------------------------------------------------------------------------


def long_answer() -> dict[str, Any]:
    place = {"document": "stand-in", "section": "all"}
    statements = [{"text": f"{number}. " + "A sentence of a document goes on. " * 9, **place} for number in range(6)]
    return {"statements": statements, "warnings": [{"text": "Not over a wound.", **place}]}


@one_database
async def test_more_is_answered_from_what_was_said_without_the_agent(customers: Customers) -> None:
    customers.agent.answer = long_answer()
    async with customers.working():
        customers.write("tell me all")
        first = await customers.seen()
        (button,) = first.choices
        more = {"kind": "reply", "text": button.title, "reply_id": button.id}
        customers.arrive(more, more)  # pressed twice
        second = await customers.seen()
        await customers.until_sent()
    assert [text for text, _ in customers.agent.asked] == ["tell me all"]
    assert "0. A" in first.text
    assert "0. A" not in second.text
    assert "Not over a wound." in first.text
    assert "Not over a wound." in second.text
    assert len(customers.said()) == 2


@one_database
async def test_more_can_be_written_and_goes_on_until_the_end(customers: Customers) -> None:
    customers.agent.answer = {**long_answer(), "statements": long_answer()["statements"] * 2}
    async with customers.working():
        customers.write("tell me all")
        shown = [await customers.seen()]
        while any(choice.title == "More" for choice in shown[-1].choices):
            customers.write("more")
            shown.append(await customers.seen())
        customers.agent.answer = {}
        customers.write("More")  # nothing is left of it: a message like others
        last = await customers.seen()
    assert len(shown) > 2
    assert [text for text, _ in customers.agent.asked] == ["tell me all", "More"]
    assert last.text == "You said: More"


@one_database
async def test_more_of_an_answer_that_is_not_known_is_a_message_like_others(customers: Customers) -> None:
    async with customers.working():
        customers.arrive({"kind": "reply", "text": "More", "reply_id": "more:none:3"})
        assert (await customers.seen()).text == "You said: More"


def pressed(choice: Any) -> dict[str, Any]:
    return {"kind": "reply", "text": choice.title, "reply_id": choice.id}


@one_database
@pytest.mark.parametrize("at_once", [False, True], ids=["a turn later", "in one turn"])
async def test_more_of_what_was_said_before_something_else_goes_to_the_agent(
    customers: Customers, at_once: bool
) -> None:
    """It knows what was told since, and warns of it."""
    customers.agent.answer = long_answer()
    async with customers.working():
        customers.write("tell me all")
        (more,) = (await customers.seen()).choices
        customers.agent.answer = {}
        if at_once:
            customers.arrive({"kind": "text", "text": "I am pregnant"}, pressed(more))
            assert (await customers.seen()).text == "You said: I am pregnant"
        else:
            customers.write("I am pregnant")
            await customers.seen()
        customers.arrive(pressed(more))
        assert (await customers.seen()).text == "You said: More"
        await customers.until_sent()
    assert len(customers.said()) == 3


@one_database
async def test_more_goes_to_the_person_who_has_the_conversation_and_is_old_afterwards(customers: Customers) -> None:
    customers.agent.answer = long_answer()
    async with customers.working():
        customers.write("tell me all")
        (more,) = (await customers.seen()).choices
        await customers.until_sent()
        customers.desk.silent = True
        customers.arrive(pressed(more))
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
        assert list(customers.desk.forwarded.values()) == ["More"]
        assert len(customers.said()) == 1
        customers.desk.silent = False
        customers.agent.answer = {}
        customers.arrive(pressed(more))
        assert (await customers.seen()).text == "You said: More"


# Buttons can be pressed for ever ------------------------------------------------------------------------------


def question(text: str, *titles: str) -> dict[str, Any]:
    options = [{"id": title, "title": title} for title in titles]
    return {"question": {"text": text, "options": options, "multiple": False}}


@one_database
async def test_an_option_of_the_last_question_answers_it(customers: Customers) -> None:
    customers.agent.answer = question("A person?", "Yes", "No, thank you")
    async with customers.working():
        customers.write("hello")
        yes, _ = (await customers.seen()).choices
        customers.arrive(pressed(yes))
        assert (await customers.seen()).text.startswith("You said: Yes")


@one_database
async def test_an_option_of_an_older_question_asks_the_last_one_again(customers: Customers) -> None:
    customers.agent.answer = question("A person?", "Yes", "No, thank you")
    async with customers.working():
        customers.write("hello")
        _, no = (await customers.seen()).choices
        customers.agent.answer = question("Is it still so?", "Yes", "No")
        customers.write("and now?")
        asked = await customers.seen()
        customers.arrive(pressed(no), pressed(no))
        again = await customers.seen()
        await customers.until_sent()
        assert [text for text, _ in customers.agent.asked] == ["hello", "and now?"]
        assert (again.text, [each.id for each in again.choices]) == (asked.text, [each.id for each in asked.choices])
        customers.arrive(pressed(no), {"kind": "text", "text": "yes"})
        assert (await customers.seen()).text.startswith("You said: yes\n")
    assert len(customers.said()) == 4


@one_database
@pytest.mark.parametrize("awaiting", [None, "screening"])
async def test_an_option_of_an_older_question_is_said_where_none_is_open(
    customers: Customers, monkeypatch: pytest.MonkeyPatch, awaiting: str | None
) -> None:
    """What a reply asks without options is known to the agent alone."""
    monkeypatch.setattr("rasa.shared.core.trackers.DialogueStateTracker.get_slot", lambda *_: awaiting)
    customers.agent.answer = question("A person?", "Yes", "No, thank you")
    async with customers.working():
        customers.write("hello")
        _, no = (await customers.seen()).choices
        customers.agent.answer = {}
        customers.write("is it for me?")
        last = await customers.seen()
        customers.arrive(pressed(no))
        assert (await customers.seen()).text == (last.text if awaiting else "You said: No, thank you")


@one_database
async def test_a_failure_leaves_open_what_was_asked_before(
    customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: str) -> None:
        raise ValueError

    monkeypatch.setattr("rasa.shared.core.trackers.DialogueStateTracker.get_slot", lambda *_: "person")
    customers.agent.answer = question("A person?", "Yes", "No, thank you")
    async with customers.working():
        customers.write("hello")
        yes, _ = (await customers.seen()).choices
        customers.agent.before = fail
        customers.arrive(pressed(yes))
        assert "went wrong" in (await customers.seen()).text
        customers.agent.before = None
        customers.arrive(pressed(yes))
        assert (await customers.seen()).text.startswith("You said: Yes")


# A person has the conversation --------------------------------------------------------------------------------


@one_database
async def test_while_a_person_has_the_conversation_everything_goes_to_the_person(customers: Customers) -> None:
    customers.desk.silent = True
    async with customers.working():
        customers.arrive({"kind": "media", "text": "my rash", "unread": "image"}, {"kind": "text", "text": "it itches"})
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
        customers.arrive({"kind": "location", "text": ""})
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
    assert list(customers.desk.forwarded.values()) == ["[image] my rash\nit itches", "[location]"]
    seen = transcript(customers.engine, customers.value("SELECT conversation FROM bot_customers"))
    assert [entry["text"] for entry in seen] == ["[image] my rash\nit itches", "[location]"]
    assert customers.said() == []
    assert customers.phone().read == set()
    assert customers.meta.requests == []


@one_database
async def test_the_person_hears_of_a_picture_beside_the_words_that_ask_for_one(customers: Customers) -> None:
    customers.agent.answer = {"handover": "asked"}
    async with customers.working():
        customers.arrive({"kind": "media", "text": "my rash", "unread": "image"}, {"kind": "text", "text": "a person"})
        await customers.seen()
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
    assert list(customers.desk.forwarded.values()) == ["[image] my rash"]


@one_database
@pytest.mark.parametrize("model", [True, False], ids=["the agent fails", "no model is loaded"])
async def test_what_fails_while_a_person_has_the_conversation_keeps_nothing_from_the_person(
    customers: Customers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, model: bool
) -> None:
    async def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(customers.agent, "run_action_extract_slots", fail)
    if not model:
        customers.app.ctx.agent = None
    customers.desk.silent = True
    async with customers.working():
        customers.write("it itches")
        await customers.until("SELECT count(*) FROM bot_inbox WHERE done = 0", 0)
        await customers.until_sent()
    assert list(customers.desk.forwarded.values()) == ["it itches"]
    assert customers.said() == []
    assert "only passed on" in caplog.text


@one_database
@pytest.mark.parametrize("returned", [False, True])
async def test_after_a_crash_a_person_is_asked_for_unless_one_came_and_gave_it_back(
    customers: Customers, returned: bool
) -> None:
    async def crash(_: str) -> None:
        raise asyncio.CancelledError

    customers.agent.answer = {"handover": "asked"}
    conversation = customers.write("a person please")
    while customers.queue.lease(60) != conversation:
        await asyncio.sleep(0.05)
    turn = customers.queue.turn(conversation)
    assert turn
    customers.agent.after = crash  # what comes after the reply was saved does not happen
    with pytest.raises(asyncio.CancelledError):
        await Answering(customers.app.ctx).bodies(conversation, turn)
    customers.queue.release(conversation)
    assert customers.desk.asked == []
    if returned:
        customers.put(conversation, "notice", text="The assistant answers here again.")
    async with customers.working():
        await customers.until_sent()
    assert customers.desk.asked == ([] if returned else ["asked"])
    assert "You said: a person please" in customers.said()


@one_database
async def test_a_reply_that_asks_for_a_person_does_so(customers: Customers) -> None:
    customers.agent.answer = {"handover": "asked"}
    async with customers.working():
        customers.write("a person please")
        await customers.seen()
    assert customers.desk.asked == ["asked"]


@one_database
async def test_a_person_is_never_out_of_reach_on_whatsapp(customers: Customers) -> None:
    async with customers.working():
        customers.write("hello")
        await customers.seen()
    assert customers.agent.asked[0][1]["reach"] == "away"


# Silence ------------------------------------------------------------------------------------------------------


@one_database
async def test_the_assistant_is_told_how_long_the_customer_was_silent(customers: Customers) -> None:
    async with customers.working():
        conversation = customers.write("I am pregnant")
        await customers.seen()
        await customers.until_sent()
        customers.change("UPDATE events SET data = replace(data, :now, :then)", **_moved(customers, conversation))
        customers.write("may I use it?")
        await customers.seen()
    first, second = (metadata for _, metadata in customers.agent.asked)
    assert first["silent_days"] == 0
    assert second["silent_days"] == 31


def _moved(customers: Customers, conversation: str) -> dict[str, str]:
    """What turns the time of a customer's last message into a month ago."""
    query = "SELECT data FROM events WHERE sender_id = :id AND type_name = 'user' ORDER BY id DESC"
    at = json.loads(customers.value(query, id=conversation))["timestamp"]
    return {"now": json.dumps(at), "then": json.dumps(days_ago(31.5))}


# Whatever fails -----------------------------------------------------------------------------------------------


@one_database
async def test_a_turn_that_cannot_be_answered_gets_a_reply_that_says_so(
    customers: Customers, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(text: str) -> None:
        raise ValueError(text)

    customers.agent.before = fail
    async with customers.working():
        customers.write("aardvark-4711")
        assert "went wrong" in (await customers.seen()).text
        customers.agent.before = None
        await customers.until_sent()
        customers.write("again")
        assert (await customers.seen()).text == "You said: again"
    assert "aardvark" not in caplog.text
    assert NUMBER not in caplog.text


@one_database
async def test_a_turn_that_fails_outside_of_the_agent_gets_a_reply_too(
    customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("bot.store.conversations.newest_first", fail)
    async with customers.working():
        customers.arrive({"kind": "reply", "text": "More", "reply_id": "more:some:3"})
        assert "went wrong" in (await customers.seen()).text


@one_database
async def test_the_lock_that_a_dead_worker_left_is_not_waited_for(customers: Customers) -> None:
    conversation = customers.write("hello")
    while customers.queue.lease(60) != conversation:
        await asyncio.sleep(0.05)
    assert customers.queue.turn(conversation)
    customers.queue.release(conversation)
    customers.agent.lock_store.issue_ticket(conversation, 300)
    async with customers.working():
        assert (await customers.seen()).text == "You said: hello"


@one_database
async def test_a_reply_that_cannot_be_drawn_goes_out_as_text(customers: Customers) -> None:
    customers.agent.answer = {"statements": [{"text": "You said something."}]}  # without its place
    async with customers.working():
        customers.write("hello")
        assert (await customers.seen()).text == "You said something."


@one_database
async def test_what_was_done_long_ago_is_deleted_and_what_persons_said_stays(customers: Customers) -> None:
    async with customers.working():
        conversation = customers.write("hello")
        await customers.seen()
        customers.put(conversation, "person", text="Good morning.")
        await customers.seen()
        await customers.until_sent()
    customers.write("still waiting", at=time.time())
    for table in ("bot_inbox", "bot_outbox"):
        customers.change(f"UPDATE {table} SET updated = updated - 31 * 86400")
    assert customers.queue.clean(days_ago(30)) == 2
    assert customers.value("SELECT count(*) FROM bot_inbox WHERE done = 0") == 1
    assert customers.value("SELECT kind FROM bot_outbox") == "person"


@one_database
async def test_what_is_under_way_is_finished_when_the_server_stops(customers: Customers) -> None:
    answering = asyncio.Event()

    async def wait(_: str) -> None:
        answering.set()
        await asyncio.sleep(0.3)

    customers.agent.before = wait
    async with customers.working():
        conversation = customers.write("hello")
        await answering.wait()
    assert customers.said() == ["You said: hello"]
    assert customers.value("SELECT leased FROM bot_customers WHERE conversation = :id", id=conversation) == 0
    assert customers.value("SELECT count(*) FROM bot_outbox WHERE state <> 'sent'") == 0
