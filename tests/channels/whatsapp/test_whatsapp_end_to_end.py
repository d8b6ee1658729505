"""The whole way: a phone, Meta's stand-in, `bot run` with the trained assistant, and back; over real HTTP."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import Running, bot, copy_of_project, free_port
from rasa.core.tracker_store import SQLTrackerStore

from bot.handover import Desk
from bot.settings import Handover
from bot.simulator import Faults, GraphServer, SimulatorError

NUMBERS = (f"49155{number:08}" for number in range(1000))
SECRET = "aardvark"


@pytest.fixture(scope="module")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("whatsapp") / "project", model)


@pytest.fixture(scope="module")
def meta(model: Path, project: Path) -> Iterator[GraphServer]:
    """Meta, with a bot whose webhook it calls; everything is delivered twice, and in batches."""
    port, log = free_port(), project / "run.log"
    with GraphServer(faults=Faults(seed=6, repeat=0.5, batch=3), pair_seconds=0) as found:
        arguments = ("run", "--model", str(model), "--port", str(port))
        with Running(*arguments, project=project, log=log, **found.environment) as running:
            running.wait_for("Ready")
            found.subscribe(f"http://127.0.0.1:{port}/webhooks/whatsapp/webhook", seconds=120)
            yield found
            found.settle()
            assert running.interrupt() in (0, 130)
            assert "Traceback" not in running.output
            assert "Sent again" not in running.output
            for private in (SECRET, "49155", found.account.access_token, found.account.app_secret):
                assert private not in running.output


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_an_answer_comes_with_its_warning_in_one_message(meta: GraphServer) -> None:
    phone = meta.phone(next(NUMBERS))
    with meta.together():  # one turn, however slow this machine is
        phone.send("I am pregnant")
        phone.send("may I use the belt on my sore back?")
    shown = phone.wait()
    assert "Pregnant women should avoid" in shown.text
    assert "_Source: " in shown.text
    meta.settle()
    assert len(phone.screen) == 1
    until(lambda: phone.read == set(phone.sent))  # which comes over a connection of its own


def test_what_is_chosen_is_answered(meta: GraphServer) -> None:
    phone = meta.phone(next(NUMBERS))
    phone.send("how does red light therapy work?")
    shown = phone.wait()
    assert shown.choices
    phone.press(1)
    assert phone.wait().text != shown.text


def test_an_old_button_does_not_answer_what_is_asked_since(meta: GraphServer) -> None:
    phone = meta.phone(next(NUMBERS))
    phone.send("I am pregnant")
    phone.wait()
    phone.send("what does shipping to Norway cost?")
    offer = phone.wait()
    phone.send("forget everything about me")
    asked = phone.wait()
    assert asked.choices
    phone.press(1, offer)  # Yes, a person please
    assert phone.wait().text == asked.text
    phone.press(2, asked)  # No
    phone.wait()
    phone.send("may I use the belt on my sore back?")
    assert "Pregnant women should avoid" in phone.wait().text


def test_a_picture_is_answered_that_it_cannot_be_seen(meta: GraphServer) -> None:
    phone = meta.phone(next(NUMBERS))
    phone.image()
    assert "text only" in phone.wait().text


def test_a_person_answers_in_the_same_chat_and_gives_it_back(meta: GraphServer, project: Path) -> None:
    phone = meta.phone(next(NUMBERS))
    phone.send("I want to talk to a person")
    phone.wait()
    database = SQLTrackerStore(dialect="sqlite", db=str(next(project.rglob("conversations.db"))))
    with database.engine.connect() as connection:
        query = "SELECT conversation FROM bot_identities WHERE identity = ?"
        conversation = connection.exec_driver_sql(query, (f"wa:{phone.number}",)).scalar()
    # Whatever the documents and words of today make of the message.
    Desk(database.engine, Handover()).ask(conversation, "whatsapp", "asked")
    assert bot("handover", "reply", conversation, "Good morning.", "--name", "A colleague", project=project).stdout
    assert phone.wait().text == "*A colleague*\nGood morning."
    phone.send(f"{SECRET}: it still hurts")
    meta.settle()
    with database.engine.connect() as connection:
        waiting = f"SELECT count(*) FROM bot_inbox WHERE conversation = '{conversation}' AND done = 0"
        until(lambda: connection.exec_driver_sql(waiting).scalar() == 0)
    with pytest.raises(SimulatorError):
        phone.wait(3)
    assert f"{SECRET}: it still hurts" in bot("handover", "show", conversation, project=project).stdout
    assert bot("handover", "return", conversation, project=project).stdout
    assert "assistant" in phone.wait().text
    phone.send("does it help against joint pain?")
    assert phone.wait().text
