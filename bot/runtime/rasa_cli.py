"""`bot rasa ...`: Rasa's own command line on this runtime, with this project's files as its defaults."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Iterator

from bot.errors import BotError
from bot.runtime.archive import DOMAIN, newest, shelve
from bot.runtime.server import CREDENTIALS, ENDPOINTS


def run(arguments: list[str]) -> None:
    """Run Rasa's command line as `rasa ARGUMENTS` would; it ends the process when it fails.

    Raises:
        BotError: `run actions` was asked for and there is no model to take the documents from, or `test` and the
            development tools are not installed.
    """
    import rasa.__main__

    make_parser = rasa.__main__.create_argument_parser

    def with_defaults() -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = make_parser()
        for each in _with_subparsers(parser):
            each.prog = each.prog.replace("rasa", "bot rasa", 1)
            # Rasa's default for the domain is a file `domain.yml` or a folder `domain` beside config.yml.
            each.set_defaults(domain=str(DOMAIN), endpoints=str(ENDPOINTS), credentials=str(CREDENTIALS))
            # Rasa's default is every address of the machine, and the REST channel lets its caller be anybody.
            each.set_defaults(interface="127.0.0.1")
        return parser

    if arguments[:1] in (["test"], ["visualize"]) and not importlib.util.find_spec("matplotlib"):
        raise BotError(f"bot rasa {arguments[0]} draws plots, which is for developers: make setup-dev")
    if arguments[:2] == ["run", "actions"]:
        # The actions quote documents, and those stand in the model alone.
        shelve(newest())
        os.environ.setdefault("SANIC_HOST", "127.0.0.1")
    rasa.__main__.create_argument_parser = with_defaults
    sys.argv = ["rasa", *arguments]
    rasa.__main__.main()


def _with_subparsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in set(action.choices.values()):
                yield from _with_subparsers(each)
