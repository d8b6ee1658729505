"""One table of what was measured: on the terminal, as Markdown and as JSON."""

import json
import os
import platform
import statistics
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.environments import ROOT

RESULTS = ROOT / "results"


@dataclass
class Figure:
    """One thing that is measured on both, in several repeats."""

    name: str
    unit: str
    least: float | None  # what stock/ours must reach at least; None where nothing is asked
    digits: int = 0
    values: dict[str, list[float]] = field(default_factory=lambda: {"stock": [], "ours": []})

    def median(self, name: str) -> float:
        """The middle of the repeats of `stock` or `ours`."""
        return statistics.median(self.values[name])

    @property
    def ratio(self) -> float | None:
        """How many times stock's median is ours; None where nothing is asked."""
        return None if self.least is None else self.median("stock") / self.median("ours")

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        asked: tuple[str, ...] = ("", "", "")
        if self.least is not None and self.ratio is not None:
            asked = (f"{self.ratio:.1f}", f"{self.least:g}", "yes" if self.ratio >= self.least else "NO")
        repeats = str(len(self.values["ours"]))
        return (f"{self.name}, {self.unit}", self._cell("stock"), self._cell("ours"), *asked, repeats)

    def _cell(self, name: str) -> str:
        values = self.values[name]
        if not any(values):
            return "none"
        middle = f"{self.median(name):.{self.digits}f}"
        if len(values) == 1:
            return middle
        return f"{middle} ({min(values):.{self.digits}f} to {max(values):.{self.digits}f})"

    def as_json(self) -> dict[str, Any]:
        """All single values beside what the table shows."""
        return {
            "name": self.name,
            "unit": self.unit,
            "values": self.values,
            "medians": {name: self.median(name) for name in self.values},
            "ratio": self.ratio,
            "least": self.least,
        }


TABLE_WIDTH = 126  # what its widest row takes; a narrower terminal wraps it
COLUMNS = ("", "stock", "ours", "stock/ours", "at least", "reached", "repeats")


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "processor": names[0].partition(":")[2].strip() if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.system(),
        "load_before": round(os.getloadavg()[0], 2),
        "commit": commit.stdout.strip(),
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def write(figures: list[Figure], about: dict[str, Any], notes: list[str], console: Console) -> None:
    """Print the table and write results/benchmark.json and results/benchmark.md."""
    caption = (
        f"{about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB; stock on Python "
        f"{about['stock_python']}, ours on {about['ours_python']}; commit {about['commit']}, {about['date']}. "
        "Medians, with the least and the greatest value in brackets."
    )
    table = Table(*COLUMNS)
    for column in table.columns[1:]:
        column.justify = "right"
    for figure in figures:
        table.add_row(*figure.row())
    Console(width=max(console.width, TABLE_WIDTH)).print(table)
    console.print(caption)
    for note in notes:
        console.print(f"- {note}")
    RESULTS.mkdir(exist_ok=True)
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" + "|---:" * (len(COLUMNS) - 1) + "|"]
    lines += ["| " + " | ".join(figure.row()) + " |" for figure in figures]
    lines += ["", caption, "", *(f"- {note}" for note in notes), ""]
    (RESULTS / "benchmark.md").write_text("\n".join(lines), encoding="utf-8")
    content = {"about": about, "figures": [figure.as_json() for figure in figures], "notes": notes}
    (RESULTS / "benchmark.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
