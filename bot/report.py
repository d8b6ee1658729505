"""`bot report`: what customers asked and were not answered, out of the conversation store.

For the person who edits the documents. The rows hold what customers wrote, which may be about their health; whose
conversation it was is left out.
"""

import csv
import json
import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.answers.answer import AnswerKind
from bot.answers.memory import IN_FORCE, UNSPECIFIED
from bot.errors import BotError
from bot.runtime.database import DatabaseError, engine_of

# Below this the kind of question is a guess; about one message in ten is.
LOW_CONFIDENCE = 0.5
FALLBACK = "nlu_fallback"
SHOWN_LENGTH = 300  # characters of a message in the terminal

REASONS = {
    "unanswered": "Asked, and the documents do not answer it",
    "clarification": "Not understood, asked to say it in other words",
    "handover": "Not understood again, offered a person",
    "failure": "Failed; the log says why",
    "low_confidence": "Answered, but what kind of question it was is a guess",
    "undocumented_condition": "Conditions mentioned that no document names",
}
NOT_KEPT = "(the message was not kept)"
RATINGS = {"down": "Answers that customers rated down", "up": "Answers that customers rated up, and said why"}


class ReportError(BotError):
    """The report cannot be made; the message says why."""


@dataclass(frozen=True)
class Exchange:
    """A customer's message and the reply to it.

    Attributes:
        text: what was written; None where a failure kept it from being stored.
        confidence: of the intent, 0 to 1.
        conditions: id and words of the health conditions in it that are not denied.
        kind: that of the reply; 'none' where there was none.
        confirms: whether the reply asks for a yes or no.
        at: when, in seconds since 1970.
    """

    text: str | None
    intent: str
    confidence: float
    conditions: tuple[tuple[str, str], ...]
    kind: str
    confirms: bool
    at: float


@dataclass(frozen=True)
class Rated:
    """An answer that a customer rated.

    Attributes:
        text: what was asked.
        rating: 'up' or 'down'.
        comment: the customer's word of why, which may be empty.
        answer: the kind of the answer and the sections it quoted.
        at: when, in seconds since 1970.
    """

    text: str
    rating: str
    comment: str
    answer: str
    at: float


@dataclass
class Group:
    """The same thing, written several times."""

    text: str
    times: int = 0
    last: float = 0.0
    intents: Counter[str] = field(default_factory=Counter)
    confidence: float = 1.0

    def add(self, text: str, exchange: Exchange) -> None:
        """Count one more; the newest wording is shown."""
        self.times += 1
        if exchange.at >= self.last:
            self.text, self.last = text, exchange.at
        if exchange.intent:
            self.intents[exchange.intent] += 1
        self.confidence = min(self.confidence, exchange.confidence)


@dataclass
class Report:
    """What was asked in a time, by reason. It grows with what is different, not with what is stored."""

    conversations: int = 0
    messages: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    groups: dict[str, dict[str, Group]] = field(default_factory=lambda: {reason: {} for reason in REASONS})
    ratings: list[Rated] = field(default_factory=list)

    def add(self, exchange: Exchange, documented: Set[str]) -> None:
        """Count an exchange where it belongs."""
        self.messages += 1
        self.kinds[exchange.kind] += 1
        reason = _reason(exchange)
        if reason:
            self._group(reason, exchange.text or NOT_KEPT, exchange)
        for condition, words in exchange.conditions:
            if condition not in documented and condition != UNSPECIFIED:
                self._group("undocumented_condition", words, exchange)

    def _group(self, reason: str, text: str, exchange: Exchange) -> None:
        text = _printable(text)
        key = text.casefold().rstrip(" .!?…")
        self.groups[reason].setdefault(key, Group(text)).add(text, exchange)

    def rows(self, reason: str, limit: int | None) -> list[Group]:
        """The groups of a reason, the most frequent first, then the newest."""
        found = sorted(self.groups[reason].values(), key=lambda group: (-group.times, -group.last))
        return found[:limit]

    def rated(self, rating: str, limit: int | None) -> list[Rated]:
        """The ratings of a kind, the newest first."""
        return [rated for rated in self.ratings if rated.rating == rating][:limit]


def _reason(exchange: Exchange) -> str | None:
    match exchange.kind:
        case AnswerKind.UNANSWERED | AnswerKind.FAILURE:
            return exchange.kind
        case AnswerKind.CLARIFICATION if not exchange.confirms:
            return exchange.kind
        case AnswerKind.HANDOVER if exchange.intent == FALLBACK:  # else a person was asked for
            return exchange.kind
    return "low_confidence" if exchange.text and exchange.confidence < LOW_CONFIDENCE else None


def _printable(text: str) -> str:
    """One line, without what could steer a terminal or turn the reading order around."""
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf" or c == "\N{ZERO WIDTH JOINER}")
    return " ".join(text.split())


def since_when(since: str | None, days: int | None) -> datetime | None:
    """Where the report begins: at a date, or some days ago; None: at the first message.

    Raises:
        ReportError: both are given, or the date is none or lies ahead.
    """
    if since is None:
        return datetime.now() - timedelta(days=days) if days else None
    if days is not None:
        raise ReportError("Give --since or --days, not both.")
    try:
        begin = datetime.combine(date.fromisoformat(since), datetime.min.time())
    except ValueError:
        raise ReportError(f"--since needs a date such as {date.today()}, not {since!r}.") from None
    if begin > datetime.now():
        raise ReportError(f"--since {since} lies ahead.")
    return begin


def read(endpoints_file: Path, documented: Set[str], since: datetime | None) -> Report:
    """Make the report of a conversation store, one event after the other.

    Args:
        endpoints_file: names the tracker store.
        documented: ids of the conditions that the documents name.

    Raises:
        ReportError: there is no store yet, it is of another kind, or it cannot be read.
    """
    import sqlalchemy as sa  # type: ignore[import-untyped]
    from rasa.core.tracker_store import SQLTrackerStore

    events = SQLTrackerStore.SQLEvent.__table__.c
    wanted = events.timestamp >= (since.timestamp() if since else 0)
    conversations = sa.select(sa.func.count(events.sender_id.distinct())).where(wanted, events.type_name == "user")
    query = sa.select(events.sender_id, events.type_name, events.timestamp, events.data)
    query = query.where(wanted, events.type_name.in_(("user", "bot"))).order_by(events.id)
    report = Report()
    with _connection(endpoints_file) as connection:
        report.conversations = connection.execute(conversations).scalar()
        # A cursor of the server's where there is a server: the rows come by and by.
        for exchange in _exchanges(connection.execution_options(stream_results=True).execute(query)):
            report.add(exchange, documented)
        report.ratings = list(_ratings(connection, since))
    return report


def _ratings(connection: Any, since: datetime | None) -> Iterator[Rated]:
    import sqlalchemy as sa

    if not sa.inspect(connection).has_table("bot_ratings"):
        return  # nobody has run a version that lets customers rate
    query = "SELECT question, rating, comment, payload, updated FROM bot_ratings WHERE updated >= :since"
    begin = {"since": since.timestamp() if since else 0}
    for question, rating, comment, payload, at in connection.execute(sa.text(f"{query} ORDER BY updated DESC"), begin):
        answer = json.loads(payload)
        sections = dict.fromkeys(f"{said['document']}#{said['section']}" for said in answer.get("statements") or ())
        named = " ".join((answer.get("kind") or "other", *sections))
        yield Rated(_printable(question or "") or NOT_KEPT, rating, _printable(comment or ""), named, at)


@contextmanager
def _connection(endpoints_file: Path) -> Iterator[Any]:
    try:
        with engine_of(endpoints_file) as engine, engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise ReportError(str(error)) from error


def _exchanges(rows: Iterable[tuple[str, str, float, str]]) -> Iterator[Exchange]:
    """Messages with their replies, from the events `user` and `bot` in the order they were stored."""
    waiting: dict[str, tuple[float, dict[str, Any]]] = {}
    for sender, kind, at, data in rows:
        event = json.loads(data)
        if kind == "user":
            if sender in waiting:
                yield _exchange(*waiting[sender], {})
            waiting[sender] = at, event
            continue
        answer = ((event.get("data") or {}).get("custom") or {}).get("answer") or {}
        if sender in waiting:
            yield _exchange(*waiting.pop(sender), answer or {"kind": "other"})
        elif answer.get("kind") == AnswerKind.FAILURE:
            # It could not be stored together with the message.
            yield _exchange(at, {}, answer)
    for found in waiting.values():
        yield _exchange(*found, {})


def _exchange(at: float, message: dict[str, Any], answer: dict[str, Any]) -> Exchange:
    text, parsed = message.get("text"), message.get("parse_data") or {}
    intent = parsed.get("intent") or {}
    # The fallback's own confidence says how sure it is that nothing else fits.
    ranking = [found for found in parsed.get("intent_ranking") or [intent] if found.get("name") != FALLBACK]
    guessed = intent if intent.get("name") != FALLBACK else next(iter(ranking), {})
    options = (answer.get("question") or {}).get("options") or []
    return Exchange(
        text=text,
        intent=intent.get("name") or "",
        confidence=float(guessed.get("confidence") or 0.0),
        conditions=tuple(
            (entity["value"], text[entity["start"] : entity["end"]])
            for entity in parsed.get("entities") or []
            if text and entity.get("entity") == "condition" and entity.get("status", "stated") in IN_FORCE
        ),
        kind=answer.get("kind") or "none",
        confirms={option["id"] for option in options} == {"yes", "no"},
        at=at or 0.0,
    )


def show(report: Report, limit: int, console: Console) -> None:
    """Print the counts, then a table for each reason that has any rows."""
    console.print(f"{report.messages} messages in {report.conversations} conversations")
    if not report.messages:
        return
    table = Table("reply", "messages", "share")
    for kind, count in report.kinds.most_common():
        table.add_row(kind, str(count), f"{count / report.messages:.0%}")
    console.print(table)
    for reason, title in REASONS.items():
        rows = report.rows(reason, limit)
        if not rows:
            continue
        table = Table("what was written", "times", "last", "understood as", title=title, title_justify="left")
        for row in rows:
            table.add_row(Text(_short(row.text)), str(row.times), _day(row.last), _understood(row))
        console.print(table)
        left = len(report.groups[reason]) - len(rows)
        if left:
            console.print(f"and {left} more: --limit {len(report.groups[reason])}, or --csv FILE")
    _show_ratings(report, limit, console)


def _show_ratings(report: Report, limit: int, console: Console) -> None:
    if not report.ratings:
        return
    console.print(f"Rated: {len(report.rated('up', None))} up, {len(report.rated('down', None))} down")
    for rating, title in RATINGS.items():
        rows = [rated for rated in report.rated(rating, None) if rating == "down" or rated.comment]
        if not rows:
            continue
        table = Table("what was asked", "why", "answer", "when", title=title, title_justify="left")
        for rated in rows[:limit]:
            table.add_row(Text(_short(rated.text)), Text(_short(rated.comment)), Text(rated.answer), _day(rated.at))
        console.print(table)
        if len(rows) > limit:
            console.print(f"and {len(rows) - limit} more: --limit {len(rows)}, or --csv FILE")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def _understood(row: Group) -> str:
    names = ", ".join(name for name, _ in row.intents.most_common())
    return f"{names} ({row.confidence:.2f})" if names else ""


def _day(at: float) -> str:
    return date.fromtimestamp(at).isoformat()


def write_csv(report: Report, limit: int | None, file: Path) -> int:
    """Write the rows of all reasons, for a spreadsheet; `-` is the standard output. How many there were.

    Raises:
        ReportError: the file cannot be written.
    """
    if str(file) == "-":
        return _write(report, limit, sys.stdout)
    try:
        # For nobody else on this machine: it holds what customers wrote of their health.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # Spreadsheets take a file without the mark for one of their own country's code page.
        with open(descriptor, "w", encoding="utf-8-sig", newline="") as out:
            return _write(report, limit, out)
    except OSError as error:
        raise ReportError(f"Cannot write {file}: {error.strerror or error}.") from error


def _write(report: Report, limit: int | None, out: TextIO) -> int:
    lines = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerow(("reason", "text", "times", "last", "understood_as", "confidence", "comment"))
    written = 0
    for reason in REASONS:
        for row in report.rows(reason, limit):
            names = ", ".join(name for name, _ in row.intents.most_common())
            confidence = f"{row.confidence:.2f}"
            lines.writerow((reason, _no_formula(row.text), row.times, _day(row.last), names, confidence, ""))
            written += 1
    for rating in RATINGS:
        for rated in report.rated(rating, limit):
            said = _no_formula(rated.text), 1, _day(rated.at), rated.answer, "", _no_formula(rated.comment)
            lines.writerow((f"rated_{rating}", *said))
            written += 1
    return written


# At the beginning of a cell, and after a semicolon, where many countries' spreadsheets begin a new one.
FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠])")


def _no_formula(text: str) -> str:
    """With an apostrophe before what a spreadsheet would calculate: it then shows it as text."""
    return FORMULA.sub(r"\1\2'", text)
