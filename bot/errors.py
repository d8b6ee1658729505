"""The root of the errors that a user can mend, and how those are logged that nobody expected."""

import traceback


class BotError(Exception):
    """Its text is one sentence (or one a line) that says what is wrong and what to do."""


def origin(error: BaseException | None) -> str:
    """The kinds of an exception and of those that led to it, and where each was raised.

    Not their texts: those of a database or of a component may quote what the customer wrote.
    """
    found = []
    while error is not None:
        where = "".join(traceback.format_tb(error.__traceback__))
        found.append(f"{type(error).__module__}.{type(error).__qualname__}\n{where}")
        error = error.__cause__ or error.__context__
    return "caused by ".join(found)
