"""Messages under load while workers are killed; and that the measurement would notice if a promise were broken."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reliability import checks
from benchmarks.reliability.checks import Accepted, Seen, Sent, Turn
from benchmarks.reliability.measure import measure
from benchmarks.reliability.meta import Written
from benchmarks.reliability.plan import Message, plan
from benchmarks.reliability.servers import Kill
from bot.simulator.phone import Shown
from bot.simulator.webhooks import Acknowledgement

NUMBER = "16505550000"


def test_a_killed_worker_loses_nothing_and_doubles_nothing_but_what_it_was_sending(model: Path) -> None:
    planned = plan(messages=150, customers=25, kills=2, repeats=0.2, rate=5, seed=6)
    outcome = measure(planned, seed=6, say=print)
    assert not outcome.findings.broken
    assert len(outcome.seen.kills) == 2
    assert outcome.findings.counts["of these repeats"] > 0


def written(count: int, at: float) -> Written:
    return Written(Message(NUMBER, at, f"(1-{count})", f"How? (1-{count})", None), f"wamid.{count}", at, at)


def shown(callback: str, at: float, text: str, copy: int = 1) -> Shown:
    return Shown(f"wamid.{callback}.{copy}", at, "text", text, callback=callback)


def turn(id: str, text: str, said: str) -> Turn:
    answer = {"statements": [{"text": said}]}
    return Turn("a", id, text, ({"data": {"custom": {"answer": answer}}},))


@pytest.fixture
def seen() -> Seen:
    """Three messages: two were answered together, the third was answered alone."""
    return Seen(
        written=[written(1, 1.0), written(2, 2.5), written(3, 9.0)],
        deliveries=[
            Acknowledgement(1.1, 0.1, 200, ("wamid.1",)),
            Acknowledgement(2.6, 0.1, 200, ("wamid.2", "wamid.1")),
            Acknowledgement(9.1, 0.1, 200, ("wamid.3",)),
        ],
        phones={NUMBER: [shown("x", 4.0, "*It glows.*"), shown("y", 10.0, "It is red.")]},
        untaken=set(),
        kills=[Kill(10.0, 0, 20.0)],
        inbox=[
            Accepted("wamid.1", "a", "one", True),
            Accepted("wamid.2", "a", "one", True),
            Accepted("wamid.3", "a", "two", True),
        ],
        turns=[turn("one", "How? (1-1)\nHow? (1-2)", "It glows."), turn("two", "How? (1-3)", "It is red.")],
        outbox=[
            Sent("x", "a", "reply", "sent", 1, "wamid.x.1", None),
            Sent("y", "a", "reply", "sent", 1, "wamid.y.1", None),
        ],
    )


def test_what_is_kept_is_not_called_broken(seen: Seen) -> None:
    findings = checks.check(seen)
    assert not findings.broken
    assert findings.counts["of these repeats"] == 1
    assert findings.counts["turns"] == 2


def test_a_reply_that_was_on_its_way_at_a_kill_may_be_there_twice(seen: Seen) -> None:
    seen.phones = {NUMBER: [*seen.phones[NUMBER], shown("y", 30.0, "It is red.", copy=2)]}
    seen.outbox = [seen.outbox[0], replace(seen.outbox[1], sends=2, message="wamid.y.2")]
    findings = checks.check(seen)
    assert not findings.broken
    assert findings.counts["replies that a phone shows twice"] == 1


def _late(seen: Seen) -> None:
    """The first message was not acknowledged before the third was taken up."""
    seen.turns = [turn("two", "How? (1-3)", "It glows."), turn("one", "How? (1-1)\nHow? (1-2)", "It is red.")]


def test_what_arrives_late_may_be_answered_late(seen: Seen) -> None:
    _late(seen)
    seen.deliveries = [Acknowledgement(9.0, 0.1, 200, ("wamid.3",)), Acknowledgement(9.5, 0.1, 200, ("wamid.1",))]
    findings = checks.check(seen)
    assert not findings.broken
    assert findings.counts["messages that arrived when a later one was taken up"] == 2


def _phone(*screen: Shown) -> dict[str, Any]:
    return {"phones": {NUMBER: list(screen)}}


BREAKS: dict[str, Callable[[Seen], dict[str, Any]]] = {
    "no message is lost": lambda seen: {"inbox": seen.inbox[1:]},
    "no conversation is of two customers": lambda seen: {
        "written": [
            *seen.written[:2],
            replace(seen.written[2], message=replace(seen.written[2].message, number="16505550001")),
        ]
    },
    "a customer has one conversation": lambda seen: {
        "inbox": [replace(seen.inbox[0], conversation="b"), *seen.inbox[1:]]
    },
    "a message is in one turn": lambda seen: {"turns": [*seen.turns, seen.turns[1]]},
    "order within a turn": lambda seen: {
        "turns": [replace(seen.turns[0], text="How? (1-2)\nHow? (1-1)"), seen.turns[1]]
    },
    "order of turns": lambda seen: {"turns": seen.turns[::-1]},
    "every reply is sent": lambda seen: {"outbox": [seen.outbox[0], replace(seen.outbox[1], state="failed")]},
    "nothing but replies is sent": lambda seen: {"outbox": [seen.outbox[0], replace(seen.outbox[1], kind="notice")]},
    "a turn has one reply": lambda seen: {"outbox": seen.outbox[:1]},
    "the reply is the turn's own": lambda seen: _phone(shown("x", 4.0, "It is red."), shown("y", 10.0, "It glows.")),
    "the outbox has all that phones show": lambda seen: _phone(*seen.phones[NUMBER], shown("z", 11.0, "It glows.")),
    "the right customer gets it": lambda seen: {"phones": {"16505550001": seen.phones[NUMBER]}},
    "what is marked as sent is on the phone": lambda seen: _phone(seen.phones[NUMBER][0]),
    "nothing is said twice but for a kill": lambda seen: _phone(
        *seen.phones[NUMBER], shown("y", 10.5, "It is red.", copy=2)
    ),
    "replies arrive in order": lambda seen: _phone(shown("x", 12.0, "It glows."), shown("y", 10.0, "It is red.")),
}


@pytest.mark.parametrize("promise", BREAKS)
def test_a_broken_promise_is_named(promise: str, seen: Seen) -> None:
    assert promise in checks.check(replace(seen, **BREAKS[promise](seen))).broken


def test_a_third_copy_is_not_excused_by_a_kill(seen: Seen) -> None:
    copies = [shown("y", 30.0 + copy, "It is red.", copy) for copy in (2, 3)]
    seen.phones = {NUMBER: [*seen.phones[NUMBER], *copies]}
    seen.outbox = [seen.outbox[0], replace(seen.outbox[1], sends=3)]
    assert "nothing is said twice but for a kill" in checks.check(seen).broken
