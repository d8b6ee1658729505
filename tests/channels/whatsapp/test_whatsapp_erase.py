"""A customer who asks for it is erased: by a number as people write it, and beside a worker that is at work."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml
from customers import Customers
from processes import bot, copy_of_project

from bot.channels.whatsapp.numbers import NumberError, names_of
from bot.handover.events import alias
from bot.store import erasure
from bot.store.inbox import Receipt

one_database = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "written",
    [
        "+4917012345678",
        "+49 170 1234 5678",
        "49 170-12345678",
        "0049 170/12345678",
        "+49 (0)170 12345678",
        "+49 (170) 1234.5678",
        " \u202a+49\u00a0170\u00a01234\u20115678\u202c ",
    ],
)
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert names_of(written) == ("wa:4917012345678",)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("+52 55 1234 5678", ("wa:525512345678", "wa:5215512345678")),
        ("+52 1 55 1234 5678", ("wa:5215512345678", "wa:525512345678")),
        ("+54 9 11 1234 5678", ("wa:5491112345678", "wa:541112345678")),
        ("+55 11 98765 4321", ("wa:5511987654321", "wa:551187654321")),
        ("+55 11 8765 4321", ("wa:551187654321", "wa:5511987654321")),
        ("+55 11 3765 4321", ("wa:551137654321",)),
        ("US.10000000000000000001", ("user:US.10000000000000000001",)),
    ],
)
def test_a_customer_may_be_kept_under_several_names(written: str, names: tuple[str, ...]) -> None:
    assert names_of(written) == names


@pytest.mark.parametrize("written", ["", "0170 12345678", "+49", "4917012345678901", "my number", "49170x12345678"])
def test_what_is_no_number_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(NumberError, match="no number with its country's code: write it like"):
        names_of(written)


async def nothing_of(customers: Customers, conversation: str) -> None:
    await customers.until("SELECT count(*) FROM events WHERE sender_id = :id", 0, id=conversation)
    for table in (*erasure.TABLES, "bot_inbox"):
        count = f"SELECT count(*) FROM {table} WHERE conversation = :id"
        assert customers.value(count, id=conversation) == 0, table


async def test_a_turn_that_is_being_answered_is_waited_for(customers: Customers) -> None:
    answering, go_on = customers.agent.held()
    async with customers.working():
        conversation = customers.write("I am pregnant")
        await answering.wait()
        erased = asyncio.create_task(asyncio.to_thread(erasure.erase_idle, customers.engine, conversation, 30))
        await asyncio.sleep(0.5)
        assert not erased.done()
        go_on.set()
        await erased
        assert customers.said() == ["You said: I am pregnant"]
        await nothing_of(customers, conversation)
        # Who writes again is new.
        assert customers.write("hello") != conversation
        assert (await customers.seen()).text.startswith("You said: ")
        await customers.until_sent()
    assert customers.said()[1:] == ["You said: hello"]
    await nothing_of(customers, conversation)


async def test_a_worker_that_lost_the_conversation_writes_nothing_back(customers: Customers) -> None:
    answering, go_on = customers.agent.held()
    async with customers.working():
        conversation = customers.write("I am pregnant")
        await answering.wait()
        # As when its process stood still for longer than its lease.
        customers.change("UPDATE bot_customers SET leased = 0")
        erasure.erase_idle(customers.engine, conversation, 0)
        go_on.set()
        await customers.until("SELECT count(*) FROM bot_customers", 0)
    await nothing_of(customers, conversation)
    assert [text for text, _ in customers.agent.asked] == ["I am pregnant"]
    assert customers.said() == []


@one_database
async def test_a_status_of_what_was_erased_changes_nothing(customers: Customers) -> None:
    async with customers.working():
        conversation = customers.write("hello")
        await customers.seen()
        await customers.until_sent()
        sent: Any = customers.value("SELECT id FROM bot_outbox")
        message: Any = customers.value("SELECT message FROM bot_outbox")
    erasure.erase_idle(customers.engine, conversation, 0)
    for receipt in (Receipt(sent, message, None), Receipt(None, message, "131026"), Receipt(sent, message, "131047")):
        assert customers.queue.deliver([], [receipt]).twice == ()
    await nothing_of(customers, conversation)


# The command -------------------------------------------------------------------------------------------------


@pytest.fixture
def project(place: dict[str, Any], tmp_path: Path) -> Path:
    """One whose conversations are those of `customers`."""
    found = copy_of_project(tmp_path / "project")
    store = {("url" if name == "host" else name): value for name, value in place.items()}
    endpoints = found / "bot" / "endpoints.yml"
    endpoints.write_text(yaml.safe_dump({"tracker_store": {"type": "SQL", **store}}))
    return found


def test_the_command_asks_erases_and_says_what_is_left_to_do(customers: Customers, project: Path) -> None:
    conversation = customers.write("I am pregnant")
    other = customers.write("hello", number="4917099999999")
    number = ("+49", "151", "1234", "5678")

    kept = bot("whatsapp", "erase", *number, project=project, stdin="n\n")
    assert (kept.returncode, kept.stderr) == (1, "")
    assert "+4915112345678: a conversation since 20" in kept.stdout
    assert kept.stdout.endswith("Nothing was erased.\n")
    assert customers.value("SELECT count(*) FROM bot_inbox WHERE body IS NOT NULL") == 2

    erased = bot("whatsapp", "erase", *number, project=project, stdin="y\n")
    assert (erased.returncode, erased.stderr) == (0, "")
    assert "Erased." in erased.stdout
    assert f"'Customer {alias(conversation)[:8]}'" in erased.stdout
    for table in (*erasure.TABLES, "bot_inbox"):
        assert customers.value(f"SELECT count(*) FROM {table} WHERE conversation = :id", id=conversation) == 0, table
    assert customers.value("SELECT body FROM bot_inbox WHERE conversation = :id", id=other)

    unknown = bot("whatsapp", "erase", "+49 151 12345678", "--yes", project=project)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr == "Nothing is kept of +49 151 12345678: is it the number as WhatsApp shows it?\n"


@one_database
def test_the_command_says_that_the_worker_is_at_it(customers: Customers, project: Path) -> None:
    customers.write("I am pregnant")
    customers.change("UPDATE bot_customers SET leased = 1e12")
    busy = bot("whatsapp", "erase", "+49 151 12345678", "--yes", project=project)
    assert (busy.returncode, busy.stderr.count("\n")) == (1, 1)
    assert "It was not erased: try again in a minute." in busy.stderr
    assert customers.value("SELECT count(*) FROM bot_inbox WHERE body IS NOT NULL") == 1


def test_the_command_refuses_what_is_no_number_and_a_place_without_conversations(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    wrong = bot("whatsapp", "erase", "0151", "12345678", project=project)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr == ("'0151 12345678' is no number with its country's code: write it like +49 170 1234567.\n")
    none = bot("whatsapp", "erase", "+49 151 12345678", project=project)
    assert none.returncode == 1
    assert none.stderr.startswith("There are no conversations yet")
