"""`bot handover`: for a supplier without an inbox.

It is another process than the server: it writes to the database, and the server notices.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import runtime
from bot.console import console, one_sentence, quiet
from bot.handover import Desk, Handover
from bot.handover.transcript import printable, readable, reason_of, short_reason, transcript
from bot.runtime import archive, server
from bot.runtime.database import engine_of
from bot.settings import read as read_settings
from bot.store import Store, conversations
from bot.store.queue import Queue

app = typer.Typer(no_args_is_help=True, help="Conversations that wait for a person: list, show, reply, return.")

Conversation = Annotated[str, typer.Argument(help="Its id, or four characters of its beginning or more.")]
SHOWN = 8  # characters of an id in the list
KEPT = (
    "Kept: the customer last wrote more than 24 hours ago, and gets it on writing again; the template, where one is"
    " set, asks for that."
)
STATES = {
    "asked": "waits",
    "away": "waits (away)",
    "taken": "with",
    "returning": "given back",
    "over": "given back",
}


@app.command("list")
def show_all() -> None:
    """List the conversations that wait for a person or are with one."""
    with one_sentence(), _desk() as desk:
        found = desk.listed()
        if not found:
            console.print("Nobody waits.")
            return
        table = Table("Id", "Since", "Channel", "Reason", "State", "New", show_edge=False)  # for 80 columns
        for each in found:
            short = each.conversation[:SHOWN]
            if sum(other.conversation.startswith(short) for other in found) > 1:
                short = each.conversation
            row = (
                short,
                _time(each.since, "%b %d %H:%M %Z"),
                each.channel,
                short_reason(each.reason),
                _state(each),
                str(each.waiting),
            )
            table.add_row(*(Text(printable(cell, " ")) for cell in row))
        Console(highlight=False).print(table)


@app.command()
def show(conversation: Conversation) -> None:
    """Show a conversation: whose it is, since when, and what was said in it."""
    with one_sentence(), _desk() as desk:
        found = desk.find(conversation)
        head = f"{found.conversation}, {found.channel}, since {_time(found.since)}: {_state(found)}."
        console.print(printable(f"{head} {reason_of(found.reason)}", " ") + "\n", markup=False)
        console.print(readable(transcript(desk.engine, found.conversation)), markup=False)


@app.command()
def reply(
    conversation: Conversation,
    text: Annotated[str, typer.Argument(help="What the customer is told.")],
    name: Annotated[str | None, typer.Option(help="Who says so; the customer sees it.")] = None,
) -> None:
    """Answer a customer; the assistant is silent in the conversation from now on."""
    with one_sentence(), _desk() as desk:
        found = desk.find(conversation)
        desk.say(found.conversation, text, name)
        sent = KEPT if _is_late(found, desk.engine) else "Sent."
        said = f"{sent} The assistant is silent until: bot handover return {found.conversation}"
        console.print(said, markup=False)


@app.command("return")
def give_back(conversation: Conversation) -> None:
    """Let the assistant answer again."""
    with one_sentence(), _desk() as desk:
        found = desk.find(conversation)
        if found.state in ("returning", "over"):
            console.print(f"The assistant answers in {found.conversation} already: no person has it.", markup=False)
            return
        desk.give_back(found.conversation)
        console.print(f"The assistant answers again in {found.conversation}.", markup=False)


def _state(handover: Handover) -> str:
    return STATES[handover.state] + (f" {handover.person or 'a person'}" if handover.state == "taken" else "")


def _is_late(handover: Handover, engine: Any) -> bool:
    """Whether WhatsApp takes nothing more for the customer, who has not written for a day."""
    if handover.channel != "whatsapp":
        return False
    _, heard = Queue(engine, handover.channel).address(handover.conversation)
    return time.time() - heard >= conversations.DAY


def _time(at: float, form: str = "%Y-%m-%d %H:%M %Z") -> str:
    return datetime.fromtimestamp(at).astimezone().strftime(form)


@contextmanager
def _desk() -> Iterator[Desk]:
    """The desk on the conversations that the server keeps."""
    settings = read_settings(os.environ, 5005).handover
    os.chdir(archive.ROOT)
    quiet()
    runtime.install()
    with engine_of(server.ENDPOINTS, writes=True) as engine:
        Store(engine)  # which makes the tables, when the server of this version has not run yet
        yield Desk(engine, settings)
