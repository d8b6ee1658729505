"""What was promised, looked for in the database and on the phones when everything is quiet."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from benchmarks.reliability.meta import Written
from benchmarks.reliability.servers import Kill
from bot.simulator.phone import Shown
from bot.simulator.webhooks import Acknowledgement

MARK = re.compile(r"\(\d+-\d+\)")


@dataclass(frozen=True)
class Accepted:
    """A row of bot_inbox."""

    id: str
    conversation: str
    turn: str | None
    done: bool


@dataclass(frozen=True)
class Turn:
    """A message as Rasa has it, with what it said to it."""

    conversation: str
    id: str
    text: str
    said: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Sent:
    """A row of bot_outbox."""

    id: str
    conversation: str
    kind: str
    state: str
    sends: int
    message: str | None
    error: str | None


@dataclass
class Seen:
    """All that was seen of a run.

    Attributes:
        written: in the order of writing.
        phones: what each shows, by number.
        untaken: ids of messages on phones of which no worker was told.
        turns: of each conversation in Rasa's order.
        outbox: of each conversation in the order of sending.
    """

    written: Sequence[Written]
    deliveries: Sequence[Acknowledgement]
    phones: Mapping[str, Sequence[Shown]]
    untaken: Collection[str]
    kills: Sequence[Kill]
    inbox: Sequence[Accepted]
    turns: Sequence[Turn]
    outbox: Sequence[Sent]


@dataclass
class Findings:
    """What is broken, by promise, and what was counted."""

    broken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=dict)


def read(database: str) -> tuple[list[Accepted], list[Turn], list[Sent]]:
    """Inbox, turns and outbox."""
    engine = sa.create_engine(database)
    try:
        with engine.connect() as connection:
            inbox = connection.exec_driver_sql("SELECT id, conversation, turn, done FROM bot_inbox")
            accepted = [Accepted(id, conversation, turn, bool(done)) for id, conversation, turn, done in inbox]
            turns: list[Turn] = []
            events = connection.exec_driver_sql(
                "SELECT sender_id, type_name, data FROM events WHERE type_name IN ('user', 'bot')"
                " ORDER BY sender_id, id"
            )
            for conversation, kind, data in events:
                event = json.loads(data)
                if kind == "user":
                    turns.append(Turn(conversation, event.get("message_id") or "", event.get("text") or "", ()))
                elif turns and turns[-1].conversation == conversation:
                    turns[-1] = Turn(conversation, turns[-1].id, turns[-1].text, (*turns[-1].said, event))
            outbox = connection.exec_driver_sql(
                "SELECT id, conversation, kind, state, sends, message, error FROM bot_outbox"
                " ORDER BY conversation, created, id"
            )
            return accepted, turns, [Sent(*row) for row in outbox]
    finally:
        engine.dispose()


def waiting(database: str) -> dict[str, int]:
    """How many messages wait for an answer, and how many answers to be sent."""
    engine = sa.create_engine(database)
    try:
        with engine.connect() as connection:
            messages = connection.exec_driver_sql("SELECT count(*) FROM bot_inbox WHERE done = 0").scalar()
            sends = connection.exec_driver_sql(
                "SELECT count(*) FROM bot_outbox WHERE state IN ('queued', 'sending')"
            ).scalar()
            return {"messages": int(messages), "answers": int(sends)}
    finally:
        engine.dispose()


def check(seen: Seen) -> Findings:
    """Go through every promise."""
    findings = Findings()
    for part in (_nothing_lost, _in_one_turn, _in_order, _one_reply_for_each_turn, _shown_once):
        part(seen, findings)
    return findings


def _nothing_lost(seen: Seen, findings: Findings) -> None:
    rows = {row.id: row for row in seen.inbox}
    conversations: dict[str, set[str]] = defaultdict(set)
    for written in seen.written:
        row = rows.get(written.id)
        if row is None or not row.done:
            why = "was not kept" if row is None else "was not answered"
            findings.broken["no message is lost"].append(f"{written.message.mark} {why}")
        else:
            conversations[row.conversation].add(written.message.number)
    if any(len(numbers) > 1 for numbers in conversations.values()):
        findings.broken["no conversation is of two customers"].append("one is")
    if len(conversations) > len({written.message.number for written in seen.written}):
        findings.broken["a customer has one conversation"].append("one has several")
    delivered = [id for each in seen.deliveries if each.status == 200 for id in each.ids]
    findings.counts["messages, delivered and acknowledged"] = len(delivered)
    findings.counts["of these repeats"] = len(delivered) - len(set(delivered))


def _in_one_turn(seen: Seen, findings: Findings) -> None:
    turns: dict[str, list[Turn]] = defaultdict(list)
    for turn in seen.turns:
        for mark in MARK.findall(turn.text):
            turns[mark].append(turn)
    rows = {row.id: row for row in seen.inbox}
    for written in seen.written:
        mark, row = written.message.mark, rows.get(written.id)
        found = turns[mark]
        if len(found) != 1:
            findings.broken["a message is in one turn"].append(f"{mark} is in {len(found)}")
        elif row is not None and row.turn != found[0].id:
            findings.broken["a message is in one turn"].append(f"{mark} is in another than the inbox says")
    findings.counts["turns"] = len({turn.id for turn in seen.turns})


def _in_order(seen: Seen, findings: Findings) -> None:
    """As they were written, as far as they had arrived.

    What a killed worker did not take comes again later, and a later message may be answered by then. But what was
    acknowledged before a later one was first delivered comes first, and within a turn the order always holds.
    """
    places = {written.message.mark: (place, written) for place, written in enumerate(seen.written)}
    first: dict[str, float] = {}
    acknowledged: dict[str, float] = {}
    for each in seen.deliveries:
        for id in each.ids:
            first[id] = min(each.at, first.get(id, each.at))
            if each.status == 200:
                acknowledged[id] = min(each.at + each.seconds, acknowledged.get(id, float("inf")))
    late = 0
    for turns in _by_conversation({turn.id: turn for turn in seen.turns}.values()).values():
        before: list[tuple[int, Written]] = []
        for turn in turns:
            now = [places[mark] for mark in MARK.findall(turn.text) if mark in places]
            if any(int(a.began) > int(b.ended) for (_, a), (_, b) in pairwise(now)):  # Meta's times are in seconds
                findings.broken["order within a turn"].append(turn.text)
            for place, message in now:
                overtaken = [other for later, other in before if later > place]
                late += bool(overtaken)
                arrived = acknowledged.get(message.id, float("inf"))
                findings.broken["order of turns"] += [
                    f"{message.message.mark} after {other.message.mark}"
                    for other in overtaken
                    if arrived < first.get(other.id, 0.0)
                ]
            before += now
    findings.counts["messages that arrived when a later one was taken up"] = late
    if not findings.broken["order of turns"]:
        del findings.broken["order of turns"]


def _one_reply_for_each_turn(seen: Seen, findings: Findings) -> None:
    for row in seen.outbox:
        if row.state != "sent":
            findings.broken["every reply is sent"].append(f"{row.id} is {row.state}: {row.error}")
        if row.kind != "reply":
            findings.broken["nothing but replies is sent"].append(f"{row.id} is a {row.kind}")
    shows = {shown.callback: shown for screen in seen.phones.values() for shown in screen}
    for turn, reply in replies(seen):
        if turn is None or reply is None:
            what = f"turn {turn.id}" if turn else f"reply {reply.id if reply else ''}"
            findings.broken["a turn has one reply"].append(f"{what} has none")
        elif reply.id in shows and not says(shows[reply.id], turn.said):
            findings.broken["the reply is the turn's own"].append(f"{turn.text!r}: {shows[reply.id].text[:80]!r}")


def replies(seen: Seen) -> list[tuple[Turn | None, Sent | None]]:
    """Turns and replies: the first of a conversation's with the first, and so on."""
    sent = _by_conversation(row for row in seen.outbox if row.kind == "reply")
    turns = _by_conversation({turn.id: turn for turn in seen.turns}.values())
    pairs: list[tuple[Turn | None, Sent | None]] = []
    for conversation in turns.keys() | sent.keys():
        asked, said = turns.get(conversation, []), sent.get(conversation, [])
        most = max(len(asked), len(said))
        pairs += zip(_filled(asked, most), _filled(said, most), strict=True)
    return pairs


def _filled(rows: list[Any], most: int) -> list[Any]:
    return [*rows, *[None] * (most - len(rows))]


def says(shown: Shown, said: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a sentence of what Rasa said stands on the phone, in whatever formatting."""
    text = _plain(shown.header + shown.text)
    for event in said:
        answer = ((event.get("data") or {}).get("custom") or {}).get("answer") or {}
        parts = [*answer.get("statements", ()), *answer.get("warnings", ())]
        sentences = [part["text"] for part in parts] + list(answer.get("lead") or ())
        sentences = sentences or (event.get("text") or "").splitlines()
        if any(_plain(sentence) and _plain(sentence) in text for sentence in sentences):
            return True
    return False


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _shown_once(seen: Seen, findings: Findings) -> None:
    """On the phones: each reply once, in order; twice only where a send was under way at a kill."""
    customers = {written.id: written.message.number for written in seen.written}
    numbers = {row.conversation: customers[row.id] for row in seen.inbox if row.id in customers}
    copies: dict[str | None, list[tuple[str, Shown]]] = defaultdict(list)
    for number, screen in seen.phones.items():
        for shown in screen:
            copies[shown.callback].append((number, shown))
    for callback in copies.keys() - {row.id for row in seen.outbox}:
        findings.broken["the outbox has all that phones show"].append(f"{callback!r} is not there")
    doubled = reconciled = 0
    for row in seen.outbox:
        found = [shown for _, shown in copies.get(row.id, [])]
        if any(number != numbers.get(row.conversation) for number, _ in copies.get(row.id, [])):
            findings.broken["the right customer gets it"].append(row.id)
        if row.state == "sent" and row.message not in {shown.id for shown in found}:
            findings.broken["what is marked as sent is on the phone"].append(row.id)
        if len(found) == 1 and found[0].id in seen.untaken:
            reconciled += 1
        if len(found) > 1:
            doubled += 1
            times = sorted(shown.at for shown in found)
            killed = any(times[0] - 1 < kill.at < times[1] for kill in seen.kills)
            if len(found) > 2 or not killed or row.sends < 2:
                findings.broken["nothing is said twice but for a kill"].append(f"{row.id}: {len(found)} times")
    for sent in _by_conversation(seen.outbox).values():
        arrived = [copies[row.id][0][1].at for row in sent if row.id in copies]
        if arrived != sorted(arrived):
            findings.broken["replies arrive in order"].append(sent[0].conversation)
    findings.counts["messages on the phones"] = sum(map(len, seen.phones.values()))
    findings.counts["sends begun more than once"] = sum(row.sends > 1 for row in seen.outbox)
    findings.counts["sends that were accepted from a worker killed meanwhile"] = len(seen.untaken)
    findings.counts["of these reconciled by a status update, and not sent again"] = reconciled
    findings.counts["replies that a phone shows twice"] = doubled


def _by_conversation(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.conversation].append(row)
    return found
