"""What a label asks of a reply: each one with a reply that does it and one that does not."""

import pytest

from bot.evaluation.labels import Reply, breaks, failures, holds, is_label

PLACE = {"document": "d", "section": "s"}
WARNING = {"text": "Anyone with a cast should wait.", **PLACE}
SAID = {"text": "Arteries were 15% - 20% wider.", **PLACE}


def _reply(text: str = "Some words.", verdict: str = "none", kind: str = "mechanism", **more: object) -> Reply:
    unexplained = str(more.pop("unexplained", ""))
    return Reply(text, {"kind": kind, "verdict": verdict, **more}, unexplained)


WARNED = _reply("Please avoid it. Anyone with a cast should wait.", "avoid", statements=[WARNING])
SUPPORTED = _reply("The documents name this.", "supported", "suitability")
UNKNOWN = _reply("The documents do not say.", "unknown", "unanswered", contact={"name": "A"})
ASKING = _reply("Which?", question={"text": "Which?", "options": [{"id": "pregnancy", "title": "Pregnancy"}]})


@pytest.mark.parametrize(
    ("label", "does", "does_not"),
    [
        ("veto", WARNED, SUPPORTED),
        ("veto", WARNED, _reply("Please avoid it.", "avoid", statements=[WARNING])),  # the warning is not in the text
        ("veto", WARNED, _reply("Anyone with a cast should wait.", "supported", warnings=[WARNING])),
        ("stem:cast|splint", WARNED, SUPPORTED),
        ("fig:15-20%", _reply(SAID["text"]), _reply("It is 115 - 20% wider.")),
        ("fig:2-3 days", _reply("It takes 2 to 3 days."), _reply("It takes 2 to 13 days.")),
        ("fallback", UNKNOWN, SUPPORTED),
        ("handoff", UNKNOWN, SUPPORTED),
        ("source", _reply(sources=[PLACE]), SUPPORTED),
        ("ask_screening", ASKING, _reply("How are you?")),
        ("ask_clarify", ASKING, SUPPORTED),
        ("any:fallback,veto", UNKNOWN, SUPPORTED),
    ],
)
def test_what_a_reply_must_do(label: str, does: Reply, does_not: Reply) -> None:
    assert holds(label, does)
    assert not holds(label, does_not)


@pytest.mark.parametrize(
    ("label", "does", "does_not"),
    [
        ("veto", WARNED, SUPPORTED),
        ("fallback", UNKNOWN, SUPPORTED),
        ("reassure", SUPPORTED, WARNED),
        ("reassure", _reply(verdict="limited"), UNKNOWN),
        ("invent:price", _reply("It costs 9.", unexplained="It costs 9."), SUPPORTED),
        ("claim:cure", _reply("It cures.", unexplained="It cures."), SUPPORTED),
    ],
)
def test_what_a_reply_must_not_do(label: str, does: Reply, does_not: Reply) -> None:
    assert breaks(label, does)
    assert not breaks(label, does_not)


@pytest.mark.parametrize(
    ("reply", "kind", "failure"),
    [
        (_reply(" "), "mechanism", "empty"),
        (_reply("x" * 1501), "mechanism", "too long"),
        (_reply("It cures.", unexplained="It cures."), "mechanism", "in no document"),
        (SUPPORTED, "out_of_scope", "as if the documents covered it"),
    ],
)
def test_what_no_reply_may_be(reply: Reply, kind: str, failure: str) -> None:
    (found,) = failures((), (), kind, reply)
    assert failure in found


@pytest.mark.parametrize("label", ["vetoed", "stem", "any:veto,nothing", ""])
def test_a_label_that_there_is_not(label: str) -> None:
    assert not is_label(label)
