"""`bot report`: what was asked and not answered, out of real stores, and what must not leave them."""

import asyncio
import csv
import io
import json
import re
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from postgres import postgres
from processes import bot, copy_of_project
from rich.console import Console

from bot import report
from bot.report import Report, ReportError

DOCUMENTED = {"pregnancy"}
SENDER = "sender-4915123456789"
DAY = 24 * 3600.0
NOW = datetime(2026, 3, 10, 12).timestamp()


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """The settings of a PostgreSQL server."""
    with postgres() as settings:
        yield settings


@pytest.fixture(params=["sqlite", "postgresql"])
def endpoints(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An endpoints file with an empty tracker store."""
    settings = {"dialect": "sqlite", "db": str(tmp_path / "some conversations.db")}
    if request.param == "postgresql":
        settings = request.getfixturevalue("server")
    file = tmp_path / "endpoints.yml"
    file.write_text(yaml.safe_dump({"tracker_store": {"type": "SQL", **settings}}))
    store = _store(file)
    with store.engine.begin() as connection:
        connection.execute(store.SQLEvent.__table__.delete())
        for table in ("bot_ratings", "bot_messages", "bot_sessions", "bot_schema"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    store.engine.dispose()
    return file


def _store(endpoints: Path) -> Any:
    from rasa.core.tracker_store import TrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.utils.endpoints import read_endpoint_config

    return TrackerStore.create(read_endpoint_config(str(endpoints), "tracker_store"), Domain.empty())


def _keep(endpoints: Path, *events: Any, sender: str = SENDER) -> None:
    """Have Rasa store events."""

    async def keep() -> None:
        store = _store(endpoints)
        tracker = await store.get_or_create_tracker(sender)
        tracker.update_with_events(list(events), store.domain, override_timestamp=False)
        await store.save(tracker)
        store.engine.dispose()

    asyncio.run(keep())


def _asked(text: str, intent: str = "out_of_scope", confidence: float = 0.9, at: float = NOW, **more: Any) -> Any:
    from rasa.shared.core.events import UserUttered

    ranking = [{"name": intent, "confidence": confidence}, *more.pop("ranking", [])]
    parsed = {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": [], **more}
    return UserUttered(text, ranking[0], parsed["entities"], parsed, timestamp=at)


def _said(kind: str, at: float = NOW, **more: Any) -> Any:
    from rasa.shared.core.events import BotUttered

    return BotUttered("Some reply.", {"custom": {"answer": {"kind": kind, **more}}}, timestamp=at)


def _read(endpoints: Path, since: datetime | None = None) -> Report:
    return report.read(endpoints, DOCUMENTED, since)


def _rows(found: Report, reason: str) -> list[tuple[str, int]]:
    return [(row.text, row.times) for row in found.rows(reason, None)]


def _csv(found: Report, tmp_path: Path, limit: int | None = None) -> list[dict[str, str]]:
    file = tmp_path / "report.csv"
    report.write_csv(found, limit, file)
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def test_what_was_not_answered_is_listed_by_reason(endpoints: Path) -> None:
    yes_or_no = {"options": [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}]}
    kinds = {"options": [{"id": "ask_timing", "title": "How soon"}]}
    _keep(
        endpoints,
        *(_asked("How does it work?", "ask_mechanism"), _said("mechanism")),
        *(_asked("What is its wavelength?"), _said("unanswered", verdict="unknown")),
        *(_asked("Blorb", "nlu_fallback"), _said("clarification", question={"text": "?", "options": []})),
        *(_asked("Blarb", "nlu_fallback"), _said("clarification", question=kinds)),
        *(_asked("Blorb blorb", "nlu_fallback"), _said("handover")),
        *(_asked("A person please", "ask_person"), _said("handover")),
        *(_asked("Forget me", "forget_me"), _said("clarification", question=yes_or_no)),
        *(_asked("Does it break?"), _said("failure")),
    )
    found = _read(endpoints)
    assert (found.conversations, found.messages) == (1, 8)
    assert found.kinds == {"mechanism": 1, "unanswered": 1, "clarification": 3, "handover": 2, "failure": 1}
    assert _rows(found, "unanswered") == [("What is its wavelength?", 1)]
    assert sorted(_rows(found, "clarification")) == [("Blarb", 1), ("Blorb", 1)]
    assert _rows(found, "handover") == [("Blorb blorb", 1)]
    assert _rows(found, "failure") == [("Does it break?", 1)]


def test_the_same_question_is_one_row_with_its_last_day(endpoints: Path) -> None:
    for sender, text, at in (("a", "Is it blue?", NOW), ("b", "is it  BLUE", NOW + DAY), ("c", "Is it round?", NOW)):
        _keep(endpoints, _asked(text, at=at), _said("unanswered", at=at), sender=sender)
    found = _read(endpoints)
    assert found.conversations == 3
    first, second = found.rows("unanswered", None)
    assert (first.text, first.times, date.fromtimestamp(first.last)) == ("is it BLUE", 2, date(2026, 3, 11))
    assert (second.text, second.times) == ("Is it round?", 1)
    assert len(found.rows("unanswered", 1)) == 1


def test_conversations_that_overlap_are_told_apart(endpoints: Path) -> None:
    _keep(endpoints, _asked("mine"), sender="one")
    _keep(endpoints, _asked("yours"), sender="other")
    _keep(endpoints, _said("unanswered"), sender="other")
    _keep(endpoints, _said("mechanism"), sender="one")
    assert _rows(_read(endpoints), "unanswered") == [("yours", 1)]


def test_a_failure_without_its_message_and_a_message_without_reply(endpoints: Path) -> None:
    _keep(endpoints, _asked("How soon?", "ask_timing"), _said("timing"), _said("failure"), _asked("Hello?", "greet"))
    found = _read(endpoints)
    assert found.kinds == {"timing": 1, "failure": 1, "none": 1}
    assert _rows(found, "failure") == [(report.NOT_KEPT, 1)]
    assert _rows(found, "low_confidence") == []


def test_low_confidence_is_that_of_the_intent_that_was_guessed(endpoints: Path) -> None:
    guess = {"ranking": [{"name": "ask_limits", "confidence": 0.3}]}
    _keep(
        endpoints,
        *(_asked("sure", "ask_timing", 0.9), _said("timing")),
        *(_asked("a guess", "ask_timing", 0.4), _said("timing")),
        *(_asked("quoted all the same", "nlu_fallback", 0.7, **guess), _said("suitability")),
        *(_asked("in another list", "out_of_scope", 0.4), _said("unanswered")),
        *(_asked("", "nlu_fallback", 0.0), _said("smalltalk")),
    )
    found = _read(endpoints)
    assert sorted(_rows(found, "low_confidence")) == [("a guess", 1), ("quoted all the same", 1)]
    assert {row.text: row.confidence for row in found.rows("low_confidence", None)}["quoted all the same"] == 0.3


def test_conditions_that_no_document_names(endpoints: Path) -> None:
    def having(text: str, condition: str, words: str, **more: str) -> Any:
        start = text.index(words)
        mention = {"entity": "condition", "value": condition, "start": start, "end": start + len(words), **more}
        return _asked(text, "state_condition", entities=[mention])

    said = _said("contraindication", conditions=[{"id": "undocumented_condition"}])
    _keep(
        endpoints,
        *(having("I have a metal hip.", "undocumented_condition", "metal hip", status="stated"), said),
        *(having("Is a Metal hip a problem?", "undocumented_condition", "Metal hip", status="unsure"), said),
        *(having("I have no botox", "undocumented_condition", "botox", status="denied"), said),
        *(having("I am pregnant", "pregnancy", "pregnant", status="stated"), said),
        *(having("One applies", "unspecified", "One", status="stated"), said),
        *(_asked("And now?", "ask_timing"), said),
    )
    assert _rows(_read(endpoints), "undocumented_condition") == [("Metal hip", 2)]


def test_since(endpoints: Path) -> None:
    for at, text in ((NOW - 10 * DAY, "long ago"), (NOW, "lately")):
        _keep(endpoints, _asked(text, at=at), _said("unanswered", at=at), sender=text)
    found = _read(endpoints, datetime.fromtimestamp(NOW - DAY))
    assert (found.messages, found.conversations, _rows(found, "unanswered")) == (1, 1, [("lately", 1)])


def _rate(endpoints: Path, *rated: tuple[str, str | None, str | None]) -> None:
    """Have a customer rate answers: the rating, what was asked, why."""
    from bot.store import Rating, Store

    sections = ("uses", "uses", "limits")
    said = [{"text": "...", "document": "therapy-pads", "section": section} for section in sections]
    tracker_store = _store(endpoints)
    store = Store(tracker_store.engine)
    conversation = store.begin("web")
    for number, (rating, question, comment) in enumerate(rated):
        answer = {"id": f"{number}", "kind": "suitability", "statements": said}
        store.rate(conversation, Rating(answer, question, rating, comment))
    tracker_store.engine.dispose()


def _shown(found: Report, limit: int = 20) -> str:
    console = Console(file=io.StringIO(), width=300)
    report.show(found, limit, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_what_customers_think_of_answers(endpoints: Path, tmp_path: Path) -> None:
    _keep(endpoints, _asked("Does it help?"), _said("suitability"))
    assert "Rated" not in _shown(_read(endpoints)), "nobody did"
    _rate(
        endpoints,
        ("up", "Is it safe?", None),
        ("down", "Does it\x1b[2J help?", "=too vague [red]"),
        ("down", None, None),
        ("up", "How soon?", "clear"),
    )
    found = _read(endpoints)
    shown = _shown(found)
    assert "Rated: 2 up, 2 down" in shown
    assert "Does it [2J help?" in shown
    assert "=too vague [red]" in shown
    assert "suitability therapy-pads#uses therapy-pads#limits" in shown
    assert "How soon?" in shown
    assert "Is it safe?" not in shown, "it says no more than the count"
    assert report.NOT_KEPT in shown
    assert "and 1 more: " in _shown(found, 1)
    rows = [row for row in _csv(found, tmp_path) if row["reason"].startswith("rated_")]
    assert sorted((row["reason"], row["text"], row["comment"]) for row in rows) == [
        ("rated_down", report.NOT_KEPT, ""),
        ("rated_down", "Does it [2J help?", "'=too vague [red]"),
        ("rated_up", "How soon?", "clear"),
        ("rated_up", "Is it safe?", ""),
    ]
    assert SENDER not in shown + (tmp_path / "report.csv").read_text()
    assert _read(endpoints, datetime.now() + timedelta(days=1)).ratings == []


def test_no_sender_leaves_the_store(endpoints: Path, tmp_path: Path) -> None:
    _keep(endpoints, _asked("What is its wavelength?"), _said("unanswered"))
    found = _read(endpoints)
    console = Console(file=io.StringIO(), width=300)
    report.show(found, 20, console)
    _csv(found, tmp_path)
    for shown in (console.file.getvalue(), (tmp_path / "report.csv").read_text()):  # type: ignore[attr-defined]
        assert "wavelength" in shown
        assert SENDER not in shown


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+49 151", "'+49 151"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" \t\r\n =1+1", "'=1+1"),
        ("\u200b\ufeff=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("hello; =1+1;-2", "hello; '=1+1;'-2"),
        ("is 1+1=2?", "is 1+1=2?"),
        ('she said "=1", twice', 'she said "=1", twice'),
    ],
)
def test_no_cell_becomes_a_formula(text: str, cell: str, tmp_path: Path) -> None:
    found = Report()
    found.add(
        report.Exchange(text, "out_of_scope", 0.9, (("undocumented_condition", text),), "unanswered", False, NOW), set()
    )
    rows = _csv(found, tmp_path)
    assert [(row["reason"], row["text"]) for row in rows] == [("unanswered", cell), ("undocumented_condition", cell)]


def test_no_message_steers_the_terminal(tmp_path: Path) -> None:
    found = Report()
    text = "\x1b[2J\x07[red]bold[/red] \u202eback\x9b1m 👩‍⚕️"
    found.add(report.Exchange(text, "out_of_scope", 0.9, (), "unanswered", False, NOW), set())
    console = Console(file=io.StringIO(), width=300)
    report.show(found, 20, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)
    assert "[2J [red]bold[/red] back 1m 👩‍⚕️" in shown


def test_a_file_is_for_its_owner_alone_and_open_to_spreadsheets(tmp_path: Path) -> None:
    found = Report()
    found.add(report.Exchange("Größe?", "out_of_scope", 0.9, (), "unanswered", False, NOW), set())
    assert _csv(found, tmp_path)[0]["last"] == "2026-03-10"
    file = tmp_path / "report.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_limit_is_for_each_reason(tmp_path: Path) -> None:
    found = Report()
    for number in range(30):
        for kind in ("unanswered", "failure"):
            found.add(report.Exchange(f"text {number}", "out_of_scope", 0.9, (), kind, False, NOW), set())
    assert len(_csv(found, tmp_path)) == 60
    assert len(_csv(found, tmp_path, limit=3)) == 6
    console = Console(file=io.StringIO(), width=300)
    report.show(found, 20, console)
    assert console.file.getvalue().count("and 10 more: ") == 2  # type: ignore[attr-defined]


def test_the_days_it_covers() -> None:
    assert report.since_when(None, None) is None
    assert report.since_when("2026-03-01", None) == datetime(2026, 3, 1)
    begin = report.since_when(None, 7)
    assert begin
    assert abs(datetime.now() - begin - timedelta(days=7)) < timedelta(minutes=1)


def test_a_server_that_does_not_answer(tmp_path: Path, port: int) -> None:
    file = tmp_path / "endpoints.yml"
    store = {"type": "SQL", "dialect": "postgresql", "url": "127.0.0.1", "port": port, "password": "a-secret"}
    file.write_text(yaml.safe_dump({"tracker_store": store}))
    with pytest.raises(ReportError, match=r"The conversations in 127\.0\.0\.1 cannot be read: .*refused") as refused:
        _read(file)
    assert "a-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{}", "names no tracker_store of type SQL"),
        ("tracker_store: {type: redis}", "names no tracker_store of type SQL"),
        ("tracker_store: [", "cannot be used"),
        (
            "tracker_store: {type: SQL, dialect: sqlite, db: '${NOWHERE_SET}'}",
            "cannot be used|cannot be read|no conversations",
        ),
        ("tracker_store: {type: SQL, dialect: sqlite, db: ''}", "no conversations yet"),
    ],
)
def test_endpoints_that_name_no_store(content: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "endpoints.yml"
    file.write_text(content)
    with pytest.raises(ReportError, match=sentence):
        _read(file)


def _refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert sentence in line


def test_before_the_first_conversation(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    _refused(bot("report", project=project), "There are no conversations yet: there is no var/conversations.db.")
    assert not (project / "var").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--since", "yesterday"], "--since needs a date such as 20"),
        (["--since", "2999-01-01"], "--since 2999-01-01 lies ahead."),
        (["--since", "2026-01-01", "--days", "3"], "Give --since or --days, not both."),
    ],
)
def test_a_date_that_is_none(options: list[str], sentence: str) -> None:
    _refused(bot("report", *options), sentence)


def test_the_help_says_that_it_may_be_about_health() -> None:
    assert "health" in bot("report", "--help").stdout


def test_a_store_that_cannot_be_read(tmp_path: Path) -> None:
    file, endpoints = tmp_path / "conversations.db", tmp_path / "endpoints.yml"
    endpoints.write_text(yaml.safe_dump({"tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(file)}}))
    for content, sentence in (
        (b"no database at all " * 100, f"The conversations in {file} cannot be read: file is not a database."),
        (b"", f"There are no conversations yet in {file}."),
    ):
        file.write_bytes(content)
        with pytest.raises(ReportError, match=re.escape(sentence)):
            _read(endpoints)
    file.unlink()
    with pytest.raises(ReportError, match=r"There are no conversations yet: there is no .*/conversations\.db\."):
        _read(endpoints)
    assert not file.exists()


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=f"Cannot write {tmp_path}: Is a directory."):
        report.write_csv(Report(), None, tmp_path)
    with pytest.raises(ReportError, match=r"No such file or directory\."):
        report.write_csv(Report(), None, tmp_path / "no" / "x.csv")


def test_what_was_really_asked(model: Path, tmp_path: Path) -> None:
    """From `bot chat` into the store, and out of it by the command, while another process writes to it."""
    project = copy_of_project(tmp_path / "project", model)
    asked = [
        "How does nitric oxide work?",
        "What is the capital of Australia?",
        "I have a metal plate. Is that all right?",
    ]
    assert bot("chat", project=project, stdin="\n".join(asked)).returncode == 0
    with sqlite3.connect(project / "var" / "conversations.db", isolation_level=None) as writing:
        senders = {sender for (sender,) in writing.execute("select sender_id from events")}
        (stored,) = writing.execute("select data from events where type_name = 'bot' limit 1").fetchone()
        assert json.loads(stored)["data"]["custom"]["answer"]["kind"] == "mechanism"
        writing.execute("begin immediate")
        shown = bot("report", "--days", "1", project=project)
        writing.execute("rollback")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "3 messages in 1 conversations" in shown.stdout
    lines = list(csv.DictReader(io.StringIO(bot("report", "--csv", "-", project=project).stdout)))
    assert ("unanswered", "What is the capital of Australia?") in [(line["reason"], line["text"]) for line in lines]
    assert ("undocumented_condition", "metal plate") in [(line["reason"], line["text"]) for line in lines]
    done = bot("report", "--csv", str(tmp_path / "out.csv"), project=project)
    assert done.stdout == f"{len(lines)} rows: {tmp_path / 'out.csv'}\n"
    for out in (shown.stdout, (tmp_path / "out.csv").read_text()):
        assert not any(sender in out for sender in senders)
