"""What the extractor finds in one message after another, and the memory makes of it: conversations.yml."""

from pathlib import Path

import pytest
import yaml
from test_extract import lexicon

from bot.answers import memory
from bot.answers.turn import Turn
from bot.understanding.conditions import asked_person, extract, names, speaks_of_self, told_apart

CASES = [
    (messages, expected)
    for case in yaml.safe_load(Path(__file__).with_name("conversations.yml").read_text(encoding="utf-8"))
    for messages, expected in case.items()
]


def mentions(text: str) -> list[memory.Mention]:
    """As the component gives them and `bot.answers.turn.mentions_of` reads them."""
    own = speaks_of_self(text)
    return [
        {
            "id": m.condition,
            "holder": None if m.holder == memory.CUSTOMER and not own else m.holder,
            "status": m.status,
            "said": m.text,
        }
        for m in extract(text, lexicon())
    ]


@pytest.mark.parametrize(("messages", "expected"), CASES, ids=[messages for messages, _ in CASES])
def test_conversation(messages: str, expected: str) -> None:
    remembered: list[memory.Condition] = []
    person, standing = memory.CUSTOMER, set()
    for text in messages.split(" / "):
        found, asked = mentions(text), asked_person(text)
        remembered = memory.after_message(remembered, found, asked, person, names(text))
        turn = Turn(
            None,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
            text,
            mentions=found,
            apart=told_apart(text),
            asked_person=asked,
            remembered=remembered,
            last_person=person,
        )
        standing = {c["id"] for c in memory.in_force(remembered) if c["holder"] in turn.people}
        person = person if turn.person == memory.PEOPLE else turn.person
    kept = [f"{c['id']} {c['status']} {c['holder']}" for c in remembered if "of" not in c and c["holder"] != "people"]
    assert (", ".join(kept) or "none", ", ".join(sorted(standing)) or "none") == tuple(expected.split(" | "))
