"""One run: everything is started, written, killed and waited for; then it is looked at."""

import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reliability import checks
from benchmarks.reliability.checks import Findings, Seen
from benchmarks.reliability.meta import Meta
from benchmarks.reliability.plan import Plan
from benchmarks.reliability.servers import servers
from bot.simulator.errors import SimulatorError

PATIENCE = 180.0  # seconds without any progress until it is given up
QUIET = 3.0  # seconds in which nothing may happen at the end
AFTER_KILL = 15.0  # seconds that are looked at apart
PROGRESS = 15.0  # seconds between two lines


@dataclass(frozen=True)
class Times:
    """Seconds that something took: always, and where no kill and nothing of the time after one fell into it."""

    all: list[float]
    apart: list[float]


@dataclass(frozen=True)
class Outcome:
    """What a run has shown.

    Attributes:
        acknowledged: from a delivery to its acknowledgement.
        answered: from writing a message to its reply on the phone.
        refused: sends that Meta did not take, by the status of HTTP.
        seconds: from the first message to the last reply.
        lines: of the workers' logs that are no usual ones, and how often each.
    """

    seen: Seen
    findings: Findings
    acknowledged: Times
    answered: Times
    refused: Counter[int]
    seconds: float
    lines: Counter[str]


def measure(plan: Plan, seed: int, say: Callable[[str], None]) -> Outcome:
    """Carry a plan out, in a folder of its own that goes afterwards."""
    stop = threading.Event()
    with (
        tempfile.TemporaryDirectory(prefix="reliability") as folder,
        Meta(seed) as meta,
        servers(Path(folder), meta.environment) as (workers, database),
        ThreadPoolExecutor(2) as threads,
    ):
        try:
            say("Two workers start ...")
            workers.start()
            meta.subscribe(*workers.webhooks, seconds=60)
            began = time.time() + 1
            writing = threads.submit(meta.write, plan, began, stop)
            killing = threads.submit(workers.kill, plan.kills, began, seed, stop)
            finished = _until_quiet(meta, database, (writing, killing), say)
        finally:
            stop.set()
        phones = {number: tuple(phone.screen) for number, phone in meta.phones.items()}
        written = writing.result()
        seen = Seen(written, meta.acknowledgements, phones, meta.untaken, list(workers.kills), *checks.read(database))
        logs = [log.read_text(errors="replace") for worker in workers.workers for log in worker.logs]
        secrets = (*phones, meta.account.access_token, meta.account.app_secret, meta.account.verify_token)
        refused = Counter(status for _, status in meta.requests if status != 200)
    findings = checks.check(seen)
    if not finished:
        findings.broken["it comes to an end"].append(f"nothing happened for {PATIENCE:.0f} s")
    if len(seen.kills) < len(plan.kills):
        findings.broken["every kill took place"].append(f"{len(seen.kills)} of {len(plan.kills)}")
    for log in logs:
        if checks.MARK.search(log) or any(secret in log for secret in secrets):
            findings.broken["logs carry no texts, numbers or secrets"].append("one does")
    last = max((shown.at for screen in phones.values() for shown in screen), default=began)
    deliveries = [(each.at, each.at + each.seconds) for each in seen.deliveries if each.status == 200]
    return Outcome(
        seen, findings, _times(deliveries, seen), _times(_answers(seen), seen), refused, last - began, _unusual(logs)
    )


def _until_quiet(meta: Meta, database: str, tasks: tuple["Future[Any]", ...], say: Callable[[str], None]) -> bool:
    """Wait until everything was written, delivered, answered and sent; False where that does not come about."""
    began = progress = told = time.time()
    quiet: float | None = None
    before = (0, 0)
    while True:
        time.sleep(0.5)
        for task in tasks:
            if task.done():
                task.result()
        now, running = time.time(), not all(task.done() for task in tasks)
        count = (len(meta.acknowledgements), sum(len(phone.screen) for phone in list(meta.phones.values())))
        if count != before or running:
            before, progress, quiet = count, now, None
        if now - told > PROGRESS:
            told = now
            say(f"{now - began:5.0f} s: {count[1]} replies; open: {checks.waiting(database)}")
        if not running and _settled(meta) and not any(checks.waiting(database).values()):
            quiet = quiet or now
            if now - quiet > QUIET:
                return True
        if now - progress > PATIENCE:
            return False


def _settled(meta: Meta) -> bool:
    try:
        meta.settle(0)
    except SimulatorError:
        return False
    return True


def _times(spans: list[tuple[float, float]], seen: Seen) -> Times:
    apart = [
        end - start
        for start, end in spans
        if not any(start < kill.at + AFTER_KILL and end > kill.at for kill in seen.kills)
    ]
    return Times([end - start for start, end in spans], apart)


def _answers(seen: Seen) -> list[tuple[float, float]]:
    """When each message was written, and when its reply was on the phone."""
    arrived: dict[str | None, float] = {}
    for screen in seen.phones.values():
        for shown in screen:
            arrived.setdefault(shown.callback, shown.at)
    answered = {turn.id: arrived[reply.id] for turn, reply in checks.replies(seen) if turn and reply}
    turns = {row.id: row.turn for row in seen.inbox}
    spans = [(written.began, answered.get(turns.get(written.id) or "")) for written in seen.written]
    return [(start, end) for start, end in spans if end is not None]


def _unusual(logs: list[str]) -> Counter[str]:
    """Lines of logs that are not the start's, with ids and numbers taken out of them, so that they add up."""
    usual = ("Starting", "Ready", "Web:", "WhatsApp:", "BOT_TRUSTED")
    lines = [line.strip() for log in logs for line in log.splitlines() if line.strip()]
    return Counter(
        re.sub(r"[0-9a-f]{32}|wamid\.\S+|\d+", "#", line)[:200] for line in lines if not line.startswith(usual)
    )


def percentile(values: list[float], share: float) -> float:
    """The smallest value that a share of them does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
