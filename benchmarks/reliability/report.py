"""A run as a table for docs/reliability.md and as JSON."""

from collections import Counter
from typing import Any

from benchmarks.reliability.measure import AFTER_KILL, Outcome, Times, percentile
from benchmarks.report import machine

EXAMPLES = 5  # of each promise that is broken


def figures(outcome: Outcome, asked: dict[str, Any]) -> dict[str, Any]:
    """All figures; times in seconds."""
    seen = outcome.seen
    return {
        "machine": machine(),
        "asked": asked,
        "broken": {
            promise: {"times": len(cases), "examples": cases[:EXAMPLES]}
            for promise, cases in outcome.findings.broken.items()
        },
        "kills": len(seen.kills),
        "seconds_until_back": sorted(round(kill.back - kill.at, 1) for kill in seen.kills if kill.back),
        "counts": outcome.findings.counts,
        "deliveries": _counted(Counter(each.status for each in seen.deliveries)),
        "refused": _counted(outcome.refused),
        "seconds": round(outcome.seconds, 1),
        "acknowledged": _spread(outcome.acknowledged),
        "answered": _spread(outcome.answered),
        "log": dict(outcome.lines.most_common(20)),
    }


def _counted(values: Counter[int]) -> dict[str, int]:
    return {str(status): count for status, count in sorted(values.items())}


def _spread(times: Times) -> dict[str, dict[str, float]]:
    return {
        name: {
            "count": len(values),
            "p50": round(percentile(values, 0.5), 4),
            "p99": round(percentile(values, 0.99), 4),
            "longest": round(max(values, default=0.0), 4),
        }
        for name, values in (("all", times.all), ("apart", times.apart))
    }


def table(found: dict[str, Any]) -> str:
    """The figures as Markdown."""
    asked, seconds, back = found["asked"], found["seconds"], found["seconds_until_back"]
    rows: list[tuple[str, Any]] = [
        ("written", f"{asked['messages']} messages by {asked['customers']} customers"),
        ("workers killed", f"{found['kills']}; back after {back[0]} to {back[-1]} s" if back else found["kills"]),
        *found["counts"].items(),
        ("deliveries, by status of HTTP (0: no answer)", _listed(found["deliveries"])),
        ("requests that Meta refused, by status of HTTP", _listed(found["refused"]) or "none"),
        ("in all", f"{seconds} s, {asked['messages'] / max(seconds, 0.1):.1f} messages a second"),
        *_times("acknowledged", found["acknowledged"], 1000, "ms"),
        *_times("answered", found["answered"], 1, "s"),
        ("promises broken", "; ".join(map(_broken, found["broken"].items())) or "none"),
    ]
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    return "\n".join([*lines, "", f"Apart from kills: not within {AFTER_KILL:.0f} s after one."])


def _times(name: str, spread: dict[str, dict[str, float]], factor: int, unit: str) -> list[tuple[str, str]]:
    digits = 0 if unit == "ms" else 1
    return [
        (
            f"{name}{', apart from kills' if kind == 'apart' else ''}: p50, p99, longest of {values['count']}",
            ", ".join(f"{factor * values[each]:.{digits}f} {unit}" for each in ("p50", "p99", "longest")),
        )
        for kind, values in spread.items()
    ]


def _broken(item: tuple[str, dict[str, Any]]) -> str:
    promise, cases = item
    return f"{promise}: {cases['times']} times, such as {', '.join(cases['examples'])}"


def _listed(values: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in values.items())
