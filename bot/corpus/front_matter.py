"""The YAML block at the head of a document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

_KEYS = ("title", "language", "reviewed", "url")


@dataclass(frozen=True)
class FrontMatter:
    """What a document says about itself."""

    title: str
    language: str
    reviewed: date
    url: str | None


class FrontMatterError(ValueError):
    """`problems` holds (line in the block counted from 0, or None for all of it; message) pairs."""

    def __init__(self, problems: list[tuple[int | None, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def read_front_matter(text: str) -> FrontMatter:
    """The front matter from the YAML between its dashes; FrontMatterError with all that is wrong with it."""
    try:
        # The nodes know lines and repeated keys, the loaded values do not.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else None
        raise FrontMatterError([(line, f"This is not YAML ({error.problem}).")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise FrontMatterError([(None, f"The front matter is not YAML ({error}).")]) from error
    if not isinstance(root, yaml.MappingNode):
        raise FrontMatterError([(None, f"The front matter must hold the keys {', '.join(_KEYS)}.")])
    keys = [(key.value, key.start_mark.line) for key, _ in root.value]
    if problems := list(_problems(keys, values)):
        raise FrontMatterError(problems)
    return FrontMatter(**values)


def _problems(keys: list[tuple[str, int]], values: dict[str, Any]) -> Iterator[tuple[int | None, str]]:
    for key in _KEYS:
        if key not in values:
            hint = " (null where there is none)" if key == "url" else ""
            yield None, f"The front matter has no {key}; add it{hint}."
    seen = set()
    for key, line in keys:
        if key not in _KEYS:
            yield line, f"Unknown key '{key}' in the front matter; use only {', '.join(_KEYS)}."
        elif key in seen:
            yield line, f"The key '{key}' stands twice in the front matter; remove one."
        elif problem := _value_problem(key, values[key]):
            yield line, problem
        seen.add(key)


def _value_problem(key: str, value: object) -> str | None:
    if key == "reviewed":
        # A datetime is a date to isinstance.
        valid = isinstance(value, date) and not isinstance(value, datetime)
        return None if valid else "reviewed must be a date such as 2025-01-31."
    if key == "url" and value is None:
        return None
    if isinstance(value, str) and value.strip():
        return None
    return f"{key} must be text; put it in quotes{' or write null' if key == 'url' else ''}."
