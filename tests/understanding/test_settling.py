"""What a message asks that mentions a condition, with the words alone saying something else."""

from typing import Any

import pytest

from bot.understanding.settling import settled


def _mention(text: str, words: str, status: str, holder: str | None = "customer") -> dict[str, Any]:
    start = text.index(words)
    return {"status": status, "holder": holder, "at": [start, start + len(words)]}


def _rank(text: str) -> dict[str, Any]:
    """Another text asks whether it helps, if it tells of an ache."""
    asks = "stiff" in text or "ache" in text
    return {"name": "ask_suitability" if asks else "deny_condition", "confidence": 0.8}


def _settled(
    name: str, text: str, *mentions: dict[str, Any], confidence: float = 0.9, apart: dict[str, bool] | None = None
) -> str:
    found = settled({"name": name, "confidence": confidence}, text, mentions, apart or {}, "customer", _rank)
    return str(found["name"])


@pytest.mark.parametrize(
    ("name", "status", "right"),
    [
        ("deny_condition", "stated", "state_condition"),
        ("state_condition", "denied", "deny_condition"),
        ("affirm", "unsure", "state_condition"),
        ("nlu_fallback", "past", "deny_condition"),
        ("ask_mechanism", "stated", "ask_mechanism"),
        ("emergency", "stated", "emergency"),
    ],
)
def test_telling_and_denying_go_by_the_mentions(name: str, status: str, right: str) -> None:
    assert _settled(name, "the wound", _mention("the wound", "wound", status)) == right


def test_what_is_not_clear_is_about_what_it_mentions() -> None:
    text = "a wound and all that"
    assert _settled("ask_timing", text, _mention(text, "wound", "stated"), confidence=0.3) == "state_condition"
    assert _settled("ask_timing", text + "?", _mention(text, "wound", "stated"), confidence=0.3) == "ask_timing"


@pytest.mark.parametrize("status", ["denied", "past"])
def test_the_rest_of_a_denial_may_ask(status: str) -> None:
    text = "no wound, just a stiff neck"
    assert _settled("deny_condition", text, _mention(text, "wound", status)) == "ask_suitability"
    assert _settled("deny_condition", "no wound, really", _mention(text, "wound", status)) == "deny_condition"


def test_but_not_where_something_else_stands() -> None:
    text = "no wound, just a stiff neck, and lupus"
    mentions = _mention(text, "wound", "denied"), _mention(text, "lupus", "stated")
    assert _settled("deny_condition", text, *mentions) == "state_condition"


def test_who_is_told_apart_is_left_out() -> None:
    text = "my sister is pregnant. it is my own neck that is stiff"
    pregnant = _mention(text, "pregnant", "stated", "sister")
    assert _settled("state_condition", text, pregnant, apart={"sister": True}) == "ask_suitability"
    assert _settled("state_condition", text, pregnant) == "state_condition"
