"""The assistant in a terminal: the answer, its warnings apart, its sources."""

import asyncio
import sys
import uuid
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.channels.turn import reply_to
from bot.runtime.server import ENDPOINTS, load_agent

VERDICT_STYLES = {
    "supported": "green",
    "limited": "yellow",
    "not_supported": "yellow",
    "avoid": "bold red",
    "see_doctor_first": "bold red",
    "confirm_first": "bold red",
}


def talk(model: Path, console: Console) -> None:
    """Read questions and print answers until an empty line or the end of input.

    Raises:
        ServerError: the model cannot be loaded.
    """
    asyncio.run(_talk(model, console))


async def _talk(model: Path, console: Console) -> None:
    agent = await load_agent(model, ENDPOINTS)
    sender = f"terminal-{uuid.uuid4()}"
    console.print("Ask a question; an empty line ends.", style="dim")
    while True:
        try:
            question = console.input("[bold]> [/bold]") if sys.stdin.isatty() else sys.stdin.readline()
        except EOFError:
            return
        if not question.strip():
            return
        if not sys.stdin.isatty():
            console.print(f"> {question.strip()}", markup=False, style="bold")
        for message in await reply_to(agent, sender, question, "terminal"):
            show(message, console)


def show(message: dict[str, Any], console: Console) -> None:
    """Print one reply from its payload."""
    answer = message.get("custom", {}).get("answer")
    if not answer:
        console.print(Text(message.get("text", "")))
        return
    verdict = answer["verdict"]
    if verdict in VERDICT_STYLES:
        console.print(Text(verdict.replace("_", " ").upper(), style=VERDICT_STYLES[verdict]))
    for line in (answer.get("lead", []), [s["text"] for s in answer.get("statements", [])]):
        if line:
            console.print(Text(" ".join(line)))
    for warning in answer.get("warnings", []):
        console.print(Panel(Text(warning["text"]), title="Warning", border_style="red", title_align="left"))
    if answer.get("closing"):
        console.print(Text(" ".join(answer["closing"])))
    if answer.get("question"):
        console.print(Text(answer["question"]["text"]))
        for option in answer["question"]["options"]:
            console.print(Text(f"  - {option['title']}"))
    for source in answer.get("sources", []):
        console.print(Text(f"Source: {source['title']}, {source['section']}", style="dim"))
