"""Front matter: the keys, their types, and the lines of what is wrong."""

from pathlib import Path

import pytest

from bot.corpus.document import read_document
from bot.corpus.front_matter import read_front_matter

BODY = "## Uses {.use}\n\nPads help.\n"
KEYS = {"title": "Pads", "language": "en", "reviewed": "2025-01-31", "url": "null"}


def page(lines: list[str]) -> bytes:
    return "\n".join(["---", *lines, "---", BODY]).encode()


def changed(**keys: str) -> list[str]:
    return [f"{key}: {value}" for key, value in {**KEYS, **keys}.items()]


def test_url_may_be_given() -> None:
    assert read_front_matter("\n".join(changed(url="https://a.example/x"))).url == "https://a.example/x"


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_required(key: str) -> None:
    lines = [line for line in changed() if not line.startswith(key)]
    [problem] = read_document(Path("page.md"), page(lines)).problems
    assert (problem.line, f"has no {key}" in problem.message) == (1, True)
    assert ("null where there is none" in problem.message) == (key == "url")


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (changed(author="me"), 6, "Unknown key 'author'"),
        ([*changed(), "title: Other"], 6, "'title' stands twice"),
        (changed(title="12"), 2, "title must be text; put it in quotes."),
        (changed(title="''"), 2, "title must be text"),
        (changed(language="no"), 3, "language must be text"),
        (changed(reviewed="soon"), 4, "reviewed must be a date"),
        (changed(reviewed="2025-01-31 10:00:00"), 4, "reviewed must be a date"),
        (changed(reviewed="2025-02-31"), 1, "not YAML (day is out of range"),
        (changed(url="5"), 5, "put it in quotes or write null."),
        (changed(title="a: b"), 2, "not YAML"),
        (["- title"], 1, "must hold the keys title, language, reviewed, url"),
        ([], 1, "must hold the keys"),
    ],
)
def test_refused(lines: list[str], line: int, message: str) -> None:
    [problem] = read_document(Path("page.md"), page(lines)).problems
    assert problem.line == line
    assert message in problem.message


@pytest.mark.parametrize("head", ["", "\n---\ntitle: Pads\n---\n", "---\ntitle: Pads\n\n"])
def test_file_must_begin_with_front_matter(head: str) -> None:
    [problem] = read_document(Path("page.md"), (head + BODY).encode()).problems
    assert (problem.line, "Begin the file with front matter" in problem.message) == (1, True)
