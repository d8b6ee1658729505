"""What can go wrong with the documents, in words for the person who edits them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import BotError


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the file, its line counted from 1 (None: no one line), and what to do."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class CorpusError(BotError):
    """The documents cannot be read. `problems` holds every problem found, by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line or 0)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class NotInCorpusError(KeyError):
    """No document, section or passage has this id."""

    def __str__(self) -> str:
        # KeyError would show the sentence in quotes.
        return str(self.args[0])


class UnknownCorpusError(NotInCorpusError):
    """No corpus with this hash is on the shelf."""
