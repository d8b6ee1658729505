"""Whom a message's question is not about: the cases of apart.yml."""

from pathlib import Path

import pytest
import yaml

from bot.understanding.conditions import told_apart

CASES = [
    (text, expected)
    for cases in yaml.safe_load(Path(__file__).with_name("apart.yml").read_text(encoding="utf-8")).values()
    for text, expected in cases.items()
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_case(text: str, expected: str) -> None:
    found = sorted(f"{who}{'!' if plainly else ''}" for who, plainly in told_apart(text).items())
    assert (", ".join(found) or "none") == expected


@pytest.mark.parametrize("text", ["", "?", ":", ".,!", "me", "not for her", "her her her", "can"])
def test_any_text_is_looked_at(text: str) -> None:
    told_apart(text)
