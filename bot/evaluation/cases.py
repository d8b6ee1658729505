"""The test set: questions and dialogues with labels, one JSON object a line.

A question is {"id", "kind", "text", "must", "must_not", ...}, a dialogue {"id", "tag", "turns": [{"user", "must",
"must_not"}, ...]}. What the labels mean: docs/quality.md.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.evaluation.labels import is_label
from bot.runtime.archive import ROOT

FOLDER = ROOT / "tests" / "quality"
# Never looked at to mend anything, and what holes were found with: both are played, only the first is a measure.
UNSEEN, KNOWN = FOLDER / "unseen", FOLDER / "known"
ONLY_AFTER_SCREENING = "if_bot_asked_screening_question"


class CaseError(BotError):
    """A file of the test set cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Turn:
    """One message with what its reply must and must not do.

    Attributes:
        text: what the customer writes.
        must, must_not: labels (bot.evaluation.labels).
        only_after_screening: judged only if the reply before asked about the excluded groups.
    """

    text: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    only_after_screening: bool = False


@dataclass(frozen=True)
class Case:
    """A question, or a dialogue of several turns; `kind` is a question's kind or a dialogue's tag."""

    id: str
    kind: str
    turns: tuple[Turn, ...]

    @property
    def is_dialogue(self) -> bool:
        """Whether it has more than one turn."""
        return len(self.turns) > 1


def read(folder: Path) -> dict[str, list[Case]]:
    """All cases of a folder's .jsonl files, by the file's name without its ending.

    Raises:
        CaseError: there is none, one is not as described, or an id stands twice.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise CaseError(f"{folder} holds no .jsonl file: there is nothing to measure.")
    seen: set[str] = set()
    return {file.stem: list(_cases(file, seen)) for file in files}


def _cases(file: Path, seen: set[str]) -> Iterable[Case]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        where = f"{file}:{number}"
        try:
            case = _case(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise CaseError(f"{where}: This is no case ({error!r}); docs/quality.md shows one.") from None
        if case.id in seen:
            raise CaseError(f"{where}: The id {case.id} stands twice.")
        seen.add(case.id)
        for label in (label for turn in case.turns for label in (*turn.must, *turn.must_not)):
            if not is_label(label):
                raise CaseError(f"{where}: There is no label {label!r}; docs/quality.md lists them.")
        yield case


def _case(row: dict[str, Any]) -> Case:
    if "turns" not in row:
        return Case(row["id"], row["kind"], (_turn(row, "text"),))
    return Case(row["id"], row["tag"], tuple(_turn(turn, "user") for turn in row["turns"]))


def _turn(row: dict[str, Any], key: str) -> Turn:
    after = row.get("cond")
    if after not in (None, ONLY_AFTER_SCREENING):
        raise ValueError(f"unknown cond {after!r}")
    return Turn(str(row[key]), tuple(row.get("must", ())), tuple(row.get("must_not", ())), after is not None)
