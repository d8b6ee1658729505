"""`bot whatsapp`: is the number set up right, a stand-in for Meta to try the channel without one, and erasure."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot import runtime
from bot.console import console, errors, one_sentence, quiet
from bot.errors import BotError
from bot.runtime import archive, server
from bot.runtime.database import engine_of

if TYPE_CHECKING:
    from bot.channels.whatsapp.check import Finding

app = typer.Typer(no_args_is_help=True, help="The supplier's number on WhatsApp: check, simulate, erase a customer.")

STYLES = {"ok": "green", "note": "yellow", "wrong": "red"}
PATIENCE = 180.0  # seconds for the bot to start, where nobody sits before the terminal
PATH = "/webhooks/whatsapp/webhook"
BUSY = 20.0  # seconds for which the worker's turn is waited for; a killed one's lease ends sooner


@app.command()
def simulate(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the stand-in listens.")] = 5006,
    webhook: Annotated[str, typer.Option(help="The bot's webhook.")] = f"http://127.0.0.1:5005{PATH}",
    repeat: Annotated[float, typer.Option(min=0, max=1, metavar="P", help="Deliver again, with others.")] = 0,
    reorder: Annotated[float, typer.Option(min=0, max=1, metavar="P", help="Deliver later than what follows.")] = 0,
    batch: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="So much in one delivery at most.")] = 1,
    delay: Annotated[float, typer.Option(min=0, max=60, metavar="S", help="Deliver up to S seconds late.")] = 0,
    fail: Annotated[float, typer.Option(min=0, max=1, metavar="P", help="Refuse what the bot sends.")] = 0,
    seed: Annotated[int, typer.Option(help="Of what goes wrong by chance.")] = 0,
    wait: Annotated[float, typer.Option(min=1, max=3600, metavar="S", help="For a reply, to a pipe.")] = 60,
    pace: Annotated[bool, typer.Option(help="Meta's limit of one message in six seconds to a customer.")] = True,
) -> None:
    """Play Meta and a customer's phone on this machine, to try the channel without a number.

    What is typed is the customer's message; /help lists what else a customer can do. Lines may also come from a
    file or a pipe: each waits for its reply.
    """
    with one_sentence():
        from bot.simulator import Faults, GraphServer, SimulatorError
        from bot.simulator.terminal import Terminal

        faults = Faults(seed, repeat, reorder, batch, delay, fail)
        with GraphServer(port, faults=faults, pair_seconds=6.0 if pace else 0.0) as meta:
            console.print(f"Meta is played on {meta.url}. Start the bot in another terminal:\n")
            settings = [f"{name}='{value}'" for name, value in meta.environment.items()]
            lines = ["  env", *(f"    {each}" for each in settings), "    .venv/bin/bot run"]
            console.print(" \\\n".join(lines), markup=False)
            console.print(f"\nWaiting until {webhook} verifies ...", markup=False)
            sys.stdout.flush()
            said = ""
            end = time.monotonic() + (float("inf") if sys.stdin.isatty() else PATIENCE)
            while True:
                try:
                    meta.subscribe(webhook)
                    break
                except SimulatorError as error:
                    if time.monotonic() > end:
                        raise
                    if "does not verify" in str(error) and str(error) != said:
                        said = str(error)
                        errors.print(said, style="yellow", markup=False)
                    time.sleep(0.5)
            console.print("It does. Write something; /help lists what else there is; Ctrl-D ends it.")
            Terminal(meta, Console(highlight=False), wait).play()


@app.command()
def check(
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="The public address of the webhook; without it the local one.")
    ] = None,
) -> None:
    """Say what of the number's set-up is right, and what is missing or wrong and what to do about it."""
    with one_sentence():
        # Python's warnings are for developers.
        logging.captureWarnings(True)
        logging.getLogger("py.warnings").setLevel(logging.ERROR)
        runtime.install()
        from bot.channels.whatsapp.check import WRONG

        wrong = 0
        for finding in _each(_findings(webhook)):
            console.print(f"[{STYLES[finding.level]}]{finding.level:>5}[/]  {escape(finding.text)}")
            wrong += finding.level == WRONG
        if wrong:
            errors.print(f"{wrong} to mend.")
            raise typer.Exit(1)
        console.print("Everything that could be checked is right.")


@app.command()
def erase(
    number: Annotated[
        list[str],
        typer.Argument(help="The customer's, with the country's code: +49 170 1234567. Or Meta's id of the user."),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before.")] = False,
) -> None:
    """Erase all that is kept of a customer, who asked for it. The bot may be running.

    What was passed on to your staff, and backups, are yours to erase.
    """
    with one_sentence():
        os.chdir(archive.ROOT)
        quiet()
        runtime.install()
        from bot.channels.whatsapp import numbers
        from bot.handover.events import alias
        from bot.store import Store, erasure

        written = " ".join(number)
        names = numbers.names_of(written)
        with engine_of(server.ENDPOINTS, writes=True) as engine:
            Store(engine)  # which makes the tables, when the server of this version has not run yet
            found = erasure.find(engine, names)
            if not found:
                raise BotError(f"Nothing is kept of {written}: is it the number as WhatsApp shows it?")
            for each in found:
                began = datetime.fromtimestamp(each.since).astimezone().strftime("%Y-%m-%d")
                who = ", ".join(name.replace("wa:", "+").removeprefix("user:") for name in each.names)
                console.print(f"{who}: a conversation since {began}, {each.messages} messages.", markup=False)
            if not yes and not typer.confirm("Erase all that is kept of it? There is no way back."):
                console.print("Nothing was erased.")
                raise typer.Exit(1)
            for each in found:
                try:
                    erasure.erase_idle(engine, each.conversation, BUSY)
                except erasure.BusyError:
                    raise BotError(
                        "The bot is at work in this conversation. It was not erased: try again in a minute."
                    ) from None
                short = alias(each.conversation)[:8]
                console.print(
                    "Erased. What your staff were told of it, if they were, is yours to erase: mails with the subject"
                    f" 'Customer conversation {short}', in Chatwoot the contact 'Customer {short}', where your webhook"
                    f" leads conversation {each.conversation}. So are backups.",
                    markup=False,
                )


async def _findings(webhook: str | None) -> AsyncIterator["Finding"]:
    from bot.channels.whatsapp import check as checks

    number, staff, found = checks.settings_of(os.environ)
    for finding in found:
        yield finding
    if number:
        async for finding in checks.of_meta(number):
            yield finding
    if staff:
        yield checks.of_handover(staff)
    try:
        yield checks.Finding(checks.RIGHT, server.storage())
    except BotError as error:
        yield checks.Finding(checks.WRONG, str(error))
    if number:
        url = webhook or f"http://127.0.0.1:{os.environ.get('PORT') or 5005}{PATH}"
        async for finding in checks.of_webhook(number, url, webhook is not None):
            yield finding


def _each(findings: AsyncIterator["Finding"]) -> Iterator["Finding"]:
    """One after the other, as they are found: some take seconds."""
    with asyncio.Runner() as runner:
        while True:
            try:
                yield runner.run(anext(findings))  # type: ignore[arg-type]
            except StopAsyncIteration:
                return
