"""The answer: one value that holds what is said, the warnings that belong to it and where both stand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.corpus import BoundWarning, Contact, Corpus, Passage


class AnswerKind(StrEnum):
    """What kind of reply this is."""

    MECHANISM = "mechanism"
    SUITABILITY = "suitability"
    CONTRAINDICATION = "contraindication"
    TIMING = "timing"
    LIMITS = "limits"
    SOURCE = "source"
    CONTACT = "contact"
    SCREENING = "screening"
    CLARIFICATION = "clarification"
    SMALLTALK = "smalltalk"
    EMERGENCY = "emergency"
    UNANSWERED = "unanswered"
    HANDOVER = "handover"
    FAILURE = "failure"


class AnswerVerdict(StrEnum):
    """What the documents say about the person asked about."""

    SUPPORTED = "supported"
    LIMITED = "limited"
    NOT_SUPPORTED = "not_supported"
    AVOID = "avoid"
    SEE_DOCTOR_FIRST = "see_doctor_first"
    CONFIRM_FIRST = "confirm_first"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Option:
    """One thing the customer can choose; `title` is what is shown and, when chosen, said."""

    id: str
    title: str


@dataclass(frozen=True)
class Question:
    """A question to the customer, with what can be chosen (nothing: a free answer)."""

    text: str
    options: tuple[Option, ...] = ()
    multiple: bool = False


@dataclass(frozen=True)
class Block:
    """What is said to one question of several: canned sentences, then the passages quoted."""

    lead: tuple[str, ...] = ()
    statements: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Everything of one reply. Statements are sentences of documents, lead and closing canned responses.

    Attributes:
        lead: canned sentences said first.
        statements: the passages quoted, in order.
        further: what is said to the other questions of the same message.
        warnings: all warnings bound to where the statements stand, and those of remembered conditions.
        closing: canned sentences said last.
        conditions: the health conditions the answer took into account: id, holder and status each.
        related: sections that could be read next, offered by their title.
        awaits: what the reply asks, where the next message may answer it (a value of the slot `awaiting`).
        offers: why a person is offered, where it asks that: 'asked', 'emergency', 'unanswered', 'not_understood'
        handover: why a person takes over, where the customer asked for one or took the offer.
    """

    kind: AnswerKind
    verdict: AnswerVerdict = AnswerVerdict.NONE
    lead: tuple[str, ...] = ()
    statements: tuple[Passage, ...] = ()
    further: tuple[Block, ...] = ()
    warnings: tuple[BoundWarning, ...] = ()
    closing: tuple[str, ...] = ()
    conditions: tuple[dict[str, str], ...] = ()
    question: Question | None = None
    related: tuple[Option, ...] = ()
    awaits: str | None = None
    offers: str | None = None
    handover: str | None = None
    contact: Contact | None = None
    # Whether it says where it stands: not for a phone number.
    cites: bool = True
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is said to each question, in order."""
        return (Block(self.lead, self.statements), *self.further)

    @property
    def quoted(self) -> tuple[Passage, ...]:
        """All passages quoted, in order."""
        return tuple(passage for block in self.blocks for passage in block.statements)

    @property
    def options(self) -> tuple[Option, ...]:
        """What a channel can offer as quick replies: what was asked, else what could be read next."""
        return self.question.options if self.question else self.related

    def sources(self, corpus: Corpus | None) -> list[dict[str, str | None]]:
        """Title, section title and address of every section quoted, each once, in the order quoted."""
        if corpus is None:
            return []
        quoted = dict.fromkeys((p.document, p.section) for p in self.quoted)
        quoted |= dict.fromkeys((w.document, w.section) for w in self.warnings if w.section)
        return [
            {
                "title": corpus.document(document).title,
                "section": corpus.section(document, section).title,
                "url": corpus.document(document).url,
            }
            for document, section in quoted
        ]

    def payload(self, corpus: Corpus | None, model: str) -> dict[str, Any]:
        """The reply's `custom` message: see docs/architecture.md. Parts that do not apply are left out."""
        answer: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind.value,
            "verdict": self.verdict.value,
            "lead": list(self.lead),
            "statements": _cited(self.quoted),
            "further": [{"lead": list(b.lead), "statements": _cited(b.statements)} for b in self.further],
            "warnings": _cited(self.warnings),
            "closing": list(self.closing),
            "sources": self.sources(corpus),
            "conditions": list(self.conditions),
            "related": [{"id": o.id, "title": o.title} for o in self.related],
        }
        answer = {key: value for key, value in answer.items() if value}
        if self.question:
            answer["question"] = {
                "text": self.question.text,
                "options": [{"id": o.id, "title": o.title} for o in self.question.options],
                "multiple": self.question.multiple,
            }
        if self.contact:
            answer["contact"] = {"name": self.contact.name, "whatsapp": self.contact.whatsapp}
        if self.handover:
            answer["handover"] = self.handover
        answer["model"] = model
        answer["documents"] = corpus.sha256 if corpus else None
        return {"answer": answer}


def _cited(said: Sequence[Passage | BoundWarning]) -> list[dict[str, str | None]]:
    return [{"text": s.text, "document": s.document, "section": s.section} for s in said]
