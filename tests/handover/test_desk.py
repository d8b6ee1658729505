"""In which state a conversation is, who is told, and what the customer hears."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.handover import Desk, Reach, UnfitTextError, UnknownHandoverError, notices
from bot.settings.handover import Handover, Hours, Webhook
from bot.store import Store

HOOK = Webhook("http://127.0.0.1:9", "whsec_" + "A" * 32)
ALWAYS = Hours(tuple((day, clock.min, clock.max) for day in range(7)), ZoneInfo("UTC"), "always")
NEVER = Hours((), ZoneInfo("UTC"), "never")
Say = Callable[..., None]


def words(name: str) -> str:
    return f"<{name}>"


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gathered is not due before a test lets it be, however slow the machine."""
    monkeypatch.setattr(notices, "GATHERING", 1000.0)


@pytest.fixture
def here(engine: Any) -> Desk:
    return Desk(engine, Handover(webhook=HOOK, hours=ALWAYS))


@pytest.fixture
def away(engine: Any) -> Desk:
    return Desk(engine, Handover(webhook=HOOK, hours=NEVER))


def told(desk: Desk, conversation: str = "c") -> list[dict[str, Any]]:
    with desk.engine.connect() as connection:
        query = sa.text("SELECT body FROM bot_notices WHERE conversation = :id ORDER BY created")
        return [json.loads(body) for (body,) in connection.execute(query, {"id": conversation})]


def kinds(desk: Desk) -> list[str]:
    return [body["type"] for body in told(desk)]


def heard(desk: Desk, conversation: str = "c") -> list[tuple[str, str]]:
    with desk.engine.connect() as connection:
        query = sa.text("SELECT kind, body FROM bot_outbox WHERE conversation = :id ORDER BY created")
        rows = connection.execute(query, {"id": conversation}).fetchall()
    return [(kind, json.loads(body)["text"]) for kind, body in rows]


def pass_time(desk: Desk, minutes: float) -> None:
    with desk.engine.begin() as connection:
        connection.execute(sa.text("UPDATE bot_handovers SET ends = ends - :s"), {"s": minutes * 60})


def let_wait(desk: Desk, minutes: float) -> None:
    with desk.engine.begin() as connection:
        connection.execute(sa.text("UPDATE bot_handovers SET updated = updated - :s"), {"s": minutes * 60})


def state(desk: Desk, conversation: str = "c") -> str:
    return desk.find(conversation).state


@pytest.mark.parametrize(
    ("settings", "reach", "on_whatsapp"),
    [
        (Handover(), Reach.NONE, Reach.AWAY),
        (Handover(webhook=HOOK), Reach.HERE, Reach.HERE),
        (Handover(hours=ALWAYS), Reach.HERE, Reach.HERE),
        (Handover(webhook=HOOK, hours=NEVER), Reach.AWAY, Reach.AWAY),
    ],
)
def test_whether_a_person_can_be_reached(settings: Handover, reach: Reach, on_whatsapp: Reach) -> None:
    desk = Desk(None, settings)
    assert (desk.reach("web"), desk.reach(), desk.reach("whatsapp")) == (reach, reach, on_whatsapp)


def test_asking_makes_the_assistant_silent_and_tells_the_staff_once(here: Desk) -> None:
    assert not here.is_silent("c")
    for _ in range(3):
        here.ask("c", "web", "asked")
    assert here.is_silent("c")
    assert not here.is_silent("d")
    assert told(here) == [{"type": "handover.requested", "channel": "web", "reason": "asked", "state": "asked"}]
    (found,) = here.listed()
    assert (found.conversation, found.channel, found.state, found.reason) == ("c", "web", "asked", "asked")
    assert abs(found.since - time.time()) < 60


def test_workers_that_ask_at_once_tell_the_staff_once(here: Desk) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: here.ask("c", "web", "asked"), range(12)))
    assert kinds(here) == ["handover.requested"]


def test_workers_that_hand_back_at_once_do_so_once(here: Desk) -> None:
    late, given = [f"late {number}" for number in range(25)], [f"given {number}" for number in range(25)]
    for each in late + given:
        here.ask(each, "web", "asked")
        here.say(each, "One moment.")
    pass_time(here, here.settings.minutes + 1)
    for each in given:
        here.give_back(each)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: here.hand_back(words), range(6)))
    heard_then = [("person", "One moment."), ("notice", "<handover_returned>")]
    assert [heard(here, each) for each in late + given] == [heard_then] * 50
    assert [told(here, each)[-1]["type"] for each in late] == ["handover.expired"] * 25
    assert [len(told(here, each)) for each in late + given] == [2] * 50


def test_workers_that_look_at_once_share_what_is_to_be_told(here: Desk) -> None:
    for number in range(50):
        here.ask(f"c{number}", "web", "asked")
    with ThreadPoolExecutor(6) as pool:
        claimed = list(pool.map(lambda _: notices.claim(here.engine, "webhook", 50), range(6)))
    assert sorted(notice.conversation for found in claimed for notice in found) == sorted(f"c{n}" for n in range(50))


def test_while_nobody_is_there_the_assistant_goes_on(here: Desk, away: Desk) -> None:
    for _ in range(2):
        away.ask("c", "web", "asked")
    assert (state(away), away.is_silent("c")) == ("away", False)
    assert [body["state"] for body in told(away)] == ["away"]
    since = away.listed()[0].since
    for _ in range(2):
        here.ask("c", "web", "unanswered")  # by now somebody is
    assert (state(here), here.is_silent("c")) == ("asked", True)
    assert [(body["state"], body["reason"]) for body in told(here)] == [("away", "asked"), ("asked", "unanswered")]
    assert here.listed()[0].since == since


def test_a_request_that_waits_is_known_and_an_emergency_then_is_told_once(away: Desk, here: Desk) -> None:
    assert away.reach_in("c", "web") is Reach.AWAY
    away.alarm("c")  # nobody was asked: they are not told either
    away.ask("c", "web", "asked")
    assert (away.reach_in("c", "web"), away.reach_in("d", "web")) == (Reach.ASKED, Reach.AWAY)
    assert here.reach_in("c", "web") is Reach.HERE
    for _ in range(2):
        away.alarm("c")
    assert [body["reason"] for body in told(away)] == ["asked", "emergency"]
    assert not away.is_silent("c")
    away.give_back("c")
    assert away.reach_in("c", "web") is Reach.AWAY


def test_who_waits_and_asks_again_is_told_of_again_after_an_hour(away: Desk) -> None:
    away.ask("c", "web", "asked")
    for reasons in (["asked"] * 2, ["asked"] * 3):
        let_wait(away, 61)
        for _ in range(3):
            away.ask("c", "web", "asked")
        assert [body["reason"] for body in told(away)] == reasons
    let_wait(away, 58)
    away.ask("c", "web", "asked")
    assert len(told(away)) == 3
    assert (state(away), away.is_silent("c")) == ("away", False)


def test_the_next_emergency_of_who_waits_is_told_after_an_hour(away: Desk) -> None:
    away.ask("c", "web", "asked")
    for count in (2, 3):
        for _ in range(3):
            away.alarm("c")
        assert [body["reason"] for body in told(away)] == ["asked", "emergency", "emergency"][:count]
        let_wait(away, 61)
    away.ask("c", "web", "asked")
    assert len(told(away)) == 4
    assert away.listed()[0].reason == "emergency"  # nobody has looked at it


def test_an_emergency_is_told_as_one_whatever_was_asked_before(here: Desk) -> None:
    here.ask("c", "web", "unanswered")
    for _ in range(2):
        here.ask("c", "web", "emergency")
    here.ask("c", "web", "unanswered")
    assert [body["reason"] for body in told(here)] == ["unanswered", "emergency"]
    assert here.listed()[0].reason == "emergency"


def test_a_message_is_forwarded_once(here: Desk) -> None:
    here.ask("c", "web", "asked")
    for message in ("1", "1", "2", "1"):
        here.forward("c", message, f"text {message}")
    here.ask("d", "web", "asked")
    here.forward("d", "1", "another's")
    said = [[each["text"] for each in body.get("said", ())] for body in told(here)]
    assert said == [[], ["text 1"], ["text 2"]]


@pytest.mark.parametrize("hours", [ALWAYS, NEVER], ids=["here", "away"])
def test_whoever_writes_has_the_conversation(hours: Hours, engine: Any) -> None:
    found = Desk(engine, Handover(webhook=HOOK, hours=hours))
    found.ask("c", "web", "asked")
    found.say("c", " Hello \x00\ud83d.\n", "Staff")
    assert heard(found) == [("person", "Hello ?.")]
    assert found.is_silent("c")
    (listed,) = found.listed()
    assert (listed.state, listed.person) == ("taken", "Staff")
    found.say("c", "And?")
    assert found.listed()[0].person == "Staff"


def test_what_cannot_be_sent_is_refused_in_a_sentence(here: Desk) -> None:
    here.ask("c", "web", "asked")
    here.say("c", "x" * 4096)
    for text, name, sentence in (
        ("x" * 4097, None, "has 4097 characters; at most 4096"),
        (" \n", None, "no text"),
        ("Hello", "x" * 81, "name"),
        ("Hello", "a\nb", "name"),
    ):
        with pytest.raises(UnfitTextError, match=sentence):
            here.say("c", text, name)
    for conversation in ("d", ""):
        with pytest.raises(UnknownHandoverError, match=r"No person was asked for .*\.$"):
            here.say(conversation, "Hello")
        with pytest.raises(UnknownHandoverError):
            here.give_back(conversation)
    assert len(heard(here)) == 1
    assert heard(here, "d") == []


def test_a_repeat_says_nothing_again(here: Desk) -> None:
    here.ask("c", "web", "asked")
    for _ in range(3):
        here.say("c", "Hello", once="webhook 1")
    here.give_back("c", once="webhook 2")
    here.hand_back(words)
    here.say("c", "Still here", once="webhook 3")
    here.give_back("c", once="webhook 2")
    assert state(here) == "taken"
    assert [text for kind, text in heard(here) if kind == "person"] == ["Hello", "Still here"]
    # What could not be done may be tried again.
    with pytest.raises(UnknownHandoverError):
        here.say("d", "Hello", once="webhook 1")
    here.ask("d", "web", "asked")
    here.say("d", "Hello", once="webhook 1")
    assert heard(here, "d") == [("person", "Hello")]


def test_given_back_the_assistant_answers_and_the_customer_is_told_once(here: Desk) -> None:
    here.ask("c", "web", "asked")
    here.say("c", "Hello")
    for _ in range(2):
        here.give_back("c")
    assert not here.is_silent("c")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: here.hand_back(words), range(8)))
    assert heard(here) == [("person", "Hello"), ("notice", "<handover_returned>")]
    assert kinds(here) == ["handover.requested", "handover.returned"]
    assert here.listed() == []
    here.give_back("c")
    here.hand_back(words)
    assert len(heard(here)) == 2


def test_a_person_may_write_after_giving_back_and_the_customer_ask_again(here: Desk) -> None:
    here.ask("c", "web", "emergency")
    here.give_back("c")
    here.hand_back(words)
    here.say("c", "One thing more")
    assert here.is_silent("c")
    here.give_back("c")
    here.hand_back(words)
    before = time.time()
    here.ask("c", "web", "asked")
    assert here.is_silent("c")
    assert kinds(here).count("handover.requested") == 2
    (found,) = here.listed()
    assert (found.reason, found.person) == ("asked", None)
    assert found.since >= before


def test_an_answer_that_nobody_was_silent_for_needs_no_notice(away: Desk) -> None:
    away.ask("c", "web", "asked")
    away.give_back("c")
    away.hand_back(words)
    assert (heard(away), away.listed()) == ([], [])


def test_when_nobody_comes_the_assistant_goes_on_and_the_request_stays(here: Desk) -> None:
    here.ask("c", "web", "asked")
    pass_time(here, 119)
    here.hand_back(words)
    assert (here.is_silent("c"), heard(here)) == (True, [])
    pass_time(here, 1)
    assert not here.is_silent("c")  # before the loop has noticed
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: here.hand_back(words), range(8)))
    assert heard(here) == [("notice", "<handover_nobody>")]
    assert kinds(here) == ["handover.requested", "handover.expired"]
    assert [each.state for each in here.listed()] == ["away"]
    here.say("c", "Sorry, now I am here")
    assert here.is_silent("c")


def test_the_time_counts_from_the_last_word_of_the_staff_and_not_of_the_customer(here: Desk) -> None:
    here.ask("c", "web", "asked")
    pass_time(here, 60)
    here.say("c", "Hello")
    pass_time(here, 119)
    here.forward("c", "1", "Are you there?")
    here.hand_back(words)
    assert here.is_silent("c")
    pass_time(here, 1)
    here.hand_back(words)
    assert (here.is_silent("c"), here.listed()) == (False, [])
    assert heard(here)[-1] == ("notice", "<handover_returned>")
    assert kinds(here)[-1] == "handover.expired"


def test_asking_again_when_the_time_is_over_begins_anew(here: Desk) -> None:
    here.ask("c", "web", "asked")
    pass_time(here, 120)
    here.ask("c", "web", "asked")
    here.hand_back(words)
    assert (here.is_silent("c"), heard(here), kinds(here)) == (True, [], ["handover.requested"] * 2)


def test_the_list_counts_what_waits_oldest_first(here: Desk, say: Say) -> None:
    for conversation in ("first", "second"):
        say(conversation, "I want a person", "1", "A person is told.")
        here.ask(conversation, "web", "asked")
    assert [(each.conversation, each.waiting) for each in here.listed()] == [("first", 0), ("second", 0)]
    for number in ("2", "3"):
        say("first", "Hello?", number)
    assert [each.waiting for each in here.listed()] == [2, 0]
    here.say("first", "Here I am")
    say("first", "Good", "4")
    assert [each.waiting for each in here.listed()] == [1, 0]


def test_the_beginning_of_an_id_is_enough_where_it_is_one(here: Desk) -> None:
    for conversation in ("abcde1", "abcdf2", "abcdf", "%"):
        here.ask(conversation, "web", "asked")
    assert here.find("abcde").conversation == "abcde1"
    assert here.find("abcdf").conversation == "abcdf"
    assert here.find("%").conversation == "%"
    with pytest.raises(UnknownHandoverError, match="3 conversations begin with abcd: write more"):
        here.find("abcd")
    with pytest.raises(UnknownHandoverError, match="abc is too short: write 4 characters of the id or more"):
        here.find("abc")
    for nothing in ("", "_", "____", "cccc"):
        with pytest.raises(UnknownHandoverError):
            here.find(nothing)


def test_a_number_in_the_inbox_is_one_conversations(here: Desk) -> None:
    for conversation in ("a", "b"):
        here.ask(conversation, "web", "asked")
        here.keep_ticket(conversation, "17")
    assert here.by_ticket("17") == "b"
    assert here.find("a").ticket is None


def test_a_channel_that_cannot_push_gets_what_was_said_once(here: Desk) -> None:
    here.ask("c", "rest", "asked")
    here.say("c", "Hello", "Staff")
    here.give_back("c")
    here.hand_back(words)
    assert here.collect("c") == [
        {"from": "person", "text": "Hello", "name": "Staff"},
        {"from": "notice", "text": "<handover_returned>"},
    ]
    assert here.collect("c") == []


def test_what_is_over_or_waits_goes_after_a_year(here: Desk, away: Desk) -> None:
    now = time.time()
    for conversation in ("over", "taken", "asked"):
        here.ask(conversation, "web", "asked")
    away.ask("away", "web", "asked")
    here.say("taken", "Hello")
    here.say("over", "Hello")
    here.give_back("over")
    here.hand_back(words)

    def kept() -> set[str]:
        with here.engine.connect() as connection:
            return {row[0] for row in connection.exec_driver_sql("SELECT conversation FROM bot_handovers")}

    here.clean(now + 364 * 86400)
    assert kept() == {"over", "taken", "asked", "away"}
    here.clean(now + 366 * 86400)
    assert kept() == {"taken", "asked"}
    assert heard(here, "over") != [], "what was said is kept nowhere else"
    here.ask("over", "web", "asked")
    assert state(here, "over") == "asked"


def test_a_notice_goes_a_month_after_it_went_and_never_before(here: Desk) -> None:
    here.ask("c", "web", "asked")
    here.forward("c", "1", "text 1")
    (notice,) = notices.claim(here.engine, "webhook", 4)
    notices.sent(here.engine, notice)

    def left() -> list[str]:
        with here.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT state FROM bot_notices ORDER BY created")
            return [state for (state,) in rows]

    here.clean(time.time() + 29 * 86400)
    assert left() == ["sent", "queued"]
    here.clean(time.time() + 400 * 86400)
    assert left() == ["queued"]


def said_in(found: list[notices.Notice]) -> list[list[str]]:
    return [[each["text"] for each in notice.body.get("said", ())] for notice in found]


def told_next(desk: Desk) -> list[list[str]]:
    """The messages in each notice that is due."""
    found = notices.claim(desk.engine, "webhook", 4)
    for notice in found:
        notices.sent(desk.engine, notice)
    return said_in(found)


def let_gather(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        connection.execute(sa.text("UPDATE bot_notices SET due = due - :s"), {"s": notices.GATHERING + 1})


def test_a_message_goes_at_once_and_a_flood_in_few_notices_whole_and_in_order(here: Desk) -> None:
    here.ask("c", "web", "asked")
    assert told_next(here) == [[]]
    here.forward("c", "0", "0")
    assert told_next(here) == [["0"]]
    texts = [str(number) for number in range(1, 46)]
    for text in texts:
        here.forward("c", text, text)
        assert told_next(here) == []
    let_gather(here)
    found = [*told_next(here), *told_next(here), *told_next(here)]
    assert [len(each) for each in found] == [20, 20, 5]
    assert [text for each in found for text in each] == texts
    for text in texts:
        here.forward("c", text, text)
    let_gather(here)
    assert told_next(here) == [], "each is told once"


def test_what_was_tried_stays_the_same_under_its_id(here: Desk) -> None:
    here.ask("c", "web", "asked")
    told_next(here)
    for text in ("1", "2"):
        here.forward("c", text, text)
    (first,) = notices.claim(here.engine, "webhook", 4)
    assert said_in([first]) == [["1", "2"]]
    notices.put_off(here.engine, first, "refused")
    here.forward("c", "3", "3")
    with here.engine.begin() as connection:
        connection.execute(sa.text("UPDATE bot_notices SET due = 0"))
    (again,) = notices.claim(here.engine, "webhook", 4)
    assert (again.id, again.body, again.tries) == (first.id, first.body, 2)
    notices.sent(here.engine, again)
    assert told_next(here) == [["3"]]


def test_nothing_else_waits_for_messages_or_is_overtaken(here: Desk) -> None:
    here.ask("c", "web", "asked")
    told_next(here)
    here.forward("c", "1", "1")
    assert told_next(here) == [["1"]]
    here.forward("c", "2", "2")
    here.forward("d", "2", "another's")
    here.forward("c", "3", "3")
    assert told_next(here) == []
    here.ask("c", "web", "emergency")
    here.forward("c", "4", "4")
    assert told_next(here) == [["2", "3"]]
    assert told_next(here) == [[]]
    assert told_next(here) == []
    let_gather(here)
    assert told_next(here) == [["4"]]


def test_what_was_erased_is_told_to_nobody(here: Desk) -> None:
    here.ask("c", "web", "asked")
    here.forward("c", "1", "aardvark")
    Store(here.engine).forget("c")
    pass_time(here, 999)
    here.hand_back(words)
    here.forward("c", "2", "more")
    assert (told(here), heard(here), here.listed(), here.is_silent("c")) == ([], [], [], False)
