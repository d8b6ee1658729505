"""The command `bot`. Every mistake of the user's ends in one sentence and exit code 1."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import runtime
from bot.cli_handover import app as handover
from bot.cli_whatsapp import app as whatsapp
from bot.console import console, errors, one_sentence, quiet
from bot.runtime import archive, server
from bot.settings import read as read_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The assistant of a supplier of red light therapy devices: it answers from the supplier's documents.",
)
app.add_typer(handover, name="handover")
app.add_typer(whatsapp, name="whatsapp")

Model = Annotated[Path | None, typer.Option(help="A model file. Without it: the model of the current data.")]
Documents = Annotated[Path, typer.Option(help="A folder of Markdown documents.")]


@app.command()
def run(
    model: Model = None,
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 5005,
    public: Annotated[bool, typer.Option(help="Serve only what a proxy may publish.")] = False,
) -> None:
    """Serve the assistant on this machine: the chat widget's channel, REST, a page to try it at /demo.

    With --public neither REST nor the demo page: for behind a proxy, see docs/deploying.md.
    """
    with one_sentence():
        settings = read_settings(os.environ, port, public)
        server.refuse_busy_port("127.0.0.1", port)
        model = _model(model)
        began = time.monotonic()
        console.print("Starting ...")
        os.chdir(archive.ROOT)
        quiet()
        runtime.install()

        def ready() -> None:
            console.print(f"Ready after {time.monotonic() - began:.0f} s. Ctrl-C stops it.")
            if not public:
                console.print(f"  Try it:  http://127.0.0.1:{port}/demo")
                console.print(f"  REST:    http://127.0.0.1:{port}/webhooks/rest/webhook")
            lasting = "; BOT_SECRET_KEY is not set: conversations end with this process"
            console.print(f"  Web:     http://127.0.0.1:{port}/webhooks/web{lasting * settings.key_is_random}")
            if settings.whatsapp:
                console.print(
                    f"  WhatsApp: http://127.0.0.1:{port}/webhooks/whatsapp/webhook, for Meta by your address"
                )
            if settings.handover.is_on:
                console.print(f"  Handover: {settings.handover.text}", markup=False)
            elif settings.whatsapp:
                console.print("  Handover: nobody is told; customers on WhatsApp wait for: bot handover list")
            if public and not settings.proxies:
                console.print("BOT_TRUSTED_PROXIES is not set: to the limits all customers of a proxy are one address.")

        server.serve(model, "127.0.0.1", port, settings, ready)


@app.command()
def train(
    documents: Documents = archive.DOCUMENTS,
    out: Annotated[Path | None, typer.Option(help="Where the model file goes. Without it: models/.")] = None,
) -> None:
    """Train a model on the documents and on the data of this project."""
    with one_sentence():
        _check_documents(documents)
        documents = documents.resolve()
        out = out.resolve() if out else archive.model_for(documents)
        if out.is_dir():
            raise archive.ArchiveError(
                f"{out} is a folder; name the model file itself, for example {out}/model.tar.gz."
            )
        began = time.monotonic()
        console.print("Training ...")
        os.chdir(archive.ROOT)
        quiet()
        _show_progress()
        runtime.install()
        archive.train(documents, out)
        console.print(f"Trained in {time.monotonic() - began:.0f} s: {out}")


@app.command()
def chat(model: Model = None) -> None:
    """Talk to the assistant in this terminal; an empty line or Ctrl-D ends it."""
    with one_sentence():
        model = _model(model)
        os.chdir(archive.ROOT)
        quiet()
        runtime.install()
        from bot import terminal

        terminal.talk(model, Console(highlight=False))


@app.command()
def check() -> None:
    """Check the documents, the domain and the training data, and that they agree with each other."""
    with one_sentence():
        os.chdir(archive.ROOT)
        quiet()
        runtime.install()
        from bot import checks

        problems = checks.problems()
        for problem in problems:
            errors.print(problem, style="red", markup=False)
        if problems:
            errors.print(f"{len(problems)} to mend.")
            raise typer.Exit(1)
        console.print("Documents, domain and data are valid and agree.")


@app.command()
def report(
    csv: Annotated[Path | None, typer.Option(help="Write a file for a spreadsheet instead; - for the output.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From a day on, such as 2026-11-21.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=36500, help="Of the last days.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Rows of each kind; without it 20, in a file all.")] = None,
) -> None:
    """Show what customers asked and were not answered, to see what the documents lack.

    It shows what they wrote, which may hold names and what they said of their health: keep a file of it as safe as
    the conversations themselves. Whose conversation it was is not shown.
    """
    with one_sentence():
        from bot import report as reporting
        from bot.corpus import read_corpus

        begin = reporting.since_when(since, days)
        out = csv if csv is None or str(csv) == "-" else csv.resolve()
        os.chdir(archive.ROOT)
        quiet()
        runtime.install()
        documented = read_corpus(archive.DOCUMENTS).contraindications.keys()
        found = reporting.read(server.ENDPOINTS, documented, begin)
        if out is None:
            reporting.show(found, limit or 20, Console(highlight=False))
            return
        rows = reporting.write_csv(found, limit, out)
        if str(out) != "-":
            console.print(f"{rows} rows: {out}")


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def rasa(context: typer.Context) -> None:
    """Rasa's own command line: bot rasa train, test, shell, data validate, run actions ..."""
    with one_sentence():
        runtime.install()
        from bot.runtime import rasa_cli

        rasa_cli.run(context.args)


def _check_documents(documents: Path) -> None:
    from bot.corpus import read_corpus

    read_corpus(documents)


def _model(model: Path | None) -> Path:
    """The model asked for, or the one of the current data, trained now if there is none."""
    if model is not None:
        if not model.is_file():
            raise archive.ArchiveError(f"There is no model file {model}. Train one: bot train --out {model}")
        return model.resolve()
    found = archive.model_for(archive.DOCUMENTS)
    # In a process of its own: what training needs of memory is given back before serving.
    training = [sys.executable, "-m", "bot", "train", "--out", str(found)]
    if not found.exists() and subprocess.run(training, check=False).returncode:
        raise typer.Exit(1)
    return found


def _show_progress() -> None:
    """A line for each component that Rasa trains, in place of its bars for every story."""
    import logging

    os.environ.setdefault("TQDM_DISABLE", "1")
    progress = logging.getLogger("rasa.engine.training.hooks")
    progress.setLevel(logging.INFO)
    progress.propagate = False
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("  %(message)s"))
    progress.addHandler(handler)


def main() -> None:
    """The entry point of the command."""
    try:
        app()
    except KeyboardInterrupt:
        errors.print("Stopped.")
        sys.exit(130)
