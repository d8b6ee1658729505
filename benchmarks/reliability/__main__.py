"""10,000 messages from 500 customers, two workers, ten SIGKILLs: make reliability. Fails when a promise is broken."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer
from rich.console import Console

from benchmarks.reliability import report
from benchmarks.reliability.measure import measure
from benchmarks.reliability.plan import plan
from bot.runtime import archive

console = Console(highlight=False, soft_wrap=True, markup=False)


def reliability(
    messages: Annotated[int, typer.Option(min=1, help="How many are written.")] = 10_000,
    customers: Annotated[int, typer.Option(min=1, max=9999, help="By how many.")] = 500,
    kills: Annotated[int, typer.Option(min=0, help="How often a worker gets SIGKILL.")] = 10,
    repeats: Annotated[float, typer.Option(min=0, max=1, help="The share that is delivered again.")] = 0.2,
    rate: Annotated[float, typer.Option(min=0.1, help="Messages a second, on the average.")] = 20.0,
    seed: Annotated[int, typer.Option(help="The same plan for the same seed.")] = 6,
    out: Annotated[Path, typer.Option(help="Where the figures go.")] = Path("results/reliability.json"),
) -> None:
    """Measure whether every WhatsApp message is answered once and in order while workers are killed."""
    # The end of a `kill` is an ordinary end: every server that was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    planned = plan(messages, customers, kills, repeats, rate, seed)
    if not archive.model_for(archive.DOCUMENTS).exists():
        subprocess.run([sys.executable, "-m", "bot", "train"], cwd=archive.ROOT, check=True)
    try:
        outcome = measure(planned, seed, console.print)
    except pytest.skip.Exception as missing:  # said by what the tests start their servers with
        console.print(f"{missing} On Debian and Ubuntu: apt install postgresql redis-server")
        raise typer.Exit(1) from None
    asked = {"messages": messages, "customers": customers, "repeats": repeats, "rate": rate, "seed": seed}
    found = report.figures(outcome, asked)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(report.table(found))
    for line, count in outcome.lines.most_common(10):
        console.print(f"{count} x {line}")
    if outcome.findings.broken:
        raise typer.Exit(1)


app = typer.Typer(pretty_exceptions_enable=False)
app.command()(reliability)

if __name__ == "__main__":
    app()
