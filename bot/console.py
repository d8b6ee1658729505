"""What all commands share: where they print, how a mistake of the user's ends, how much is logged."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from bot.errors import BotError

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn the errors that a user can mend into their message."""
    try:
        yield
    except BotError as error:
        errors.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def quiet() -> None:
    """Rasa's own reports from warnings on; set LOG_LEVEL to see more."""
    level = os.environ.setdefault("LOG_LEVEL", "WARNING").upper()
    if level not in logging.getLevelNamesMapping():
        raise BotError(f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {os.environ['LOG_LEVEL']!r}.")
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Python's warnings are for developers; Rasa and Sanic set their filters anew, so they are caught when shown.
    logging.captureWarnings(True)
    if level != "DEBUG":
        logging.getLogger("py.warnings").setLevel(logging.ERROR)
