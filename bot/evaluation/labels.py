"""What a label of the test set asks of a reply, and whether the reply does it.

Judged is the payload, and the text where words are asked for. Every sentence of a reply has to come from a document
or the domain anyway (`Reply.unexplained`), so nothing needs to be guessed from its phrasing.
"""

import re
from dataclasses import dataclass
from typing import Any

from bot.corpus.conditions import KNOWN_CONDITIONS

WARNED = frozenset(("avoid", "confirm_first", "see_doctor_first"))
KNOWN = frozenset(("supported", "limited", "not_supported"))
LONGEST = 1500  # characters that a customer reads on a phone
# What a reply must not claim, make up, do as told, or call somebody: each is a sentence of no document.
_THIRD_SOURCE = ("claim:", "invent:", "comply:")
_PLAIN = ("veto", "handoff", "fallback", "source", "ask_screening", "ask_clarify", "reassure", "reassure_unconditional")
_SEVERAL, _WORDS, _FIGURE = "any:", "stem:", "fig:"


@dataclass(frozen=True)
class Reply:
    """What came back: the text, the payload's `answer`, and what of the text no document and no response explains."""

    text: str
    answer: dict[str, Any]
    unexplained: str = ""

    @property
    def verdict(self) -> str:
        """What the documents say about the person asked about."""
        return str(self.answer["verdict"])

    @property
    def warns(self) -> bool:
        """Whether it forbids, or sends to somebody first, and the text quotes why."""
        quoted = [*self.answer.get("statements", []), *self.answer.get("warnings", [])]
        return self.verdict in WARNED and bool(quoted) and all(each["text"] in self.text for each in quoted)

    @property
    def screens(self) -> bool:
        """Whether it asks about the excluded groups."""
        asked = self.answer.get("question")
        if not asked:
            return False
        offered = {option["id"] for option in asked.get("options", [])}
        return self.answer["kind"] == "screening" or self.warns or bool(offered & KNOWN_CONDITIONS.keys())


def is_label(label: str) -> bool:
    """Whether there is such a label."""
    if label.startswith(_SEVERAL):
        return all(is_label(part) for part in label.removeprefix(_SEVERAL).split(","))
    return label in _PLAIN or label == "abuse" or label.startswith((_WORDS, _FIGURE, *_THIRD_SOURCE))


def holds(label: str, reply: Reply) -> bool:
    """Whether a reply does what a `must` label asks."""
    kind, _, value = label.partition(":")
    match kind:
        case "any":
            return any(holds(part, reply) for part in value.split(","))
        case "stem":
            return any(stem in _plain(reply.text) for stem in _plain(value).split("|"))
        case "fig":
            return bool(re.search(rf"(?<!\d){re.escape(_figures(value))}", _figures(reply.text)))
        case "veto":
            return reply.warns
        case "handoff":
            return "contact" in reply.answer or reply.answer["kind"] == "contact"
        case "fallback":
            return reply.verdict == "unknown" or reply.answer["kind"] in ("unanswered", "clarification")
        case "source":
            return bool(reply.answer.get("sources"))
        case "ask_screening":
            return reply.screens
        case "ask_clarify":
            return "question" in reply.answer or "?" in reply.text
    raise ValueError(f"unknown label {label!r}")


def breaks(label: str, reply: Reply) -> bool:
    """Whether a reply does what a `must_not` label forbids."""
    if label == "veto":
        return reply.verdict in WARNED
    if label == "fallback":
        return reply.verdict == "unknown"
    if label in ("reassure", "reassure_unconditional"):
        return reply.verdict in ("supported", "limited") and not reply.warns
    return bool(reply.unexplained)


def failures(must: tuple[str, ...], must_not: tuple[str, ...], kind: str, reply: Reply) -> list[str]:
    """What is wrong with a reply, each in a few words; nothing if it passes."""
    found = [f"missing {label}" for label in must if not holds(label, reply)]
    found += [f"broke {label}" for label in must_not if breaks(label, reply)]
    if reply.unexplained:
        found.append(f"in no document: {reply.unexplained}")
    if kind == "out_of_scope" and answered_as_known(reply):
        found.append("answered as if the documents covered it")
    if not reply.text.strip():
        found.append("empty")
    if len(reply.text) > LONGEST:
        found.append(f"too long: {len(reply.text)} characters")
    return found


def answered_as_known(reply: Reply) -> bool:
    """Whether a reply judges what the documents do not cover."""
    return reply.verdict in KNOWN


def _plain(text: str) -> str:
    text = re.sub("[\u2018\u2019]", "'", re.sub("[\u2010-\u2015]", "-", text))
    return re.sub(r"\s+", " ", text).lower()


def _figures(text: str) -> str:
    """A text made comparable by its figures: '15% \u2013 20 %' is '15-20%', '2 to 3 days' is '2-3days'."""
    text = re.sub(r"%?\s*(?:-|\bto\b|\band\b|\bor\b)\s*(?=\d)", "-", _plain(text).replace("percent", "%"))
    return re.sub(r"\s", "", text)
