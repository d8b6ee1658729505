"""Documents, sections, passages and warnings: everything that the assistant may say about its subject."""

import json
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import UnionType
from typing import Any, Self, get_args, get_origin, get_type_hints

from bot.corpus.errors import NotInCorpusError


class Kind(StrEnum):
    """What a section is about."""

    MECHANISM = "mechanism"
    USE = "use"
    LIMIT = "limit"
    REPLACEMENT = "replacement"
    TIMING = "timing"
    EVIDENCE = "evidence"
    CONTRAINDICATIONS = "contraindications"
    CONTACT = "contact"
    COMPANY = "company"


class Verdict(StrEnum):
    """What the documents say of the use that a section is about."""

    SUPPORTED = "supported"
    LIMITED = "limited"
    NOT_SUPPORTED = "not_supported"


class Severity(StrEnum):
    """How strongly a condition forbids use, the strongest first."""

    AVOID = "avoid"
    SEE_DOCTOR_FIRST = "see_doctor_first"
    CONFIRM_FIRST = "confirm_first"


class Level(StrEnum):
    """How a warning is marked in the document."""

    WARNING = "warning"
    CAUTION = "caution"
    IMPORTANT = "important"


@dataclass(frozen=True)
class Passage:
    """One sentence, the unit that is found and quoted. Its id is `document#section/n`, n from 1."""

    id: str
    text: str
    document: str
    section: str


@dataclass(frozen=True)
class BoundWarning:
    """A warning and the section that it belongs to, subsections included (None: the whole document)."""

    level: Level
    text: str
    document: str
    section: str | None


@dataclass(frozen=True)
class Contraindication:
    """A known condition and the sentence that says what it means for use."""

    condition: str
    severity: Severity
    title: str
    passage: Passage


@dataclass(frozen=True)
class Contact:
    """The person to turn to, the WhatsApp number (E.164), and where both stand."""

    name: str
    whatsapp: str
    document: str
    section: str

    @property
    def link(self) -> str:
        """The address that opens a chat with this number."""
        return f"https://wa.me/{self.whatsapp.removeprefix('+')}"


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, up to the next heading.

    `path` holds the heading titles from the outermost to its own, `parent` the id of the section
    around it, `verdict` is None where the kind has none.
    """

    id: str
    document: str
    title: str
    path: tuple[str, ...]
    kind: Kind
    verdict: Verdict | None
    parent: str | None
    passages: tuple[Passage, ...]
    warnings: tuple[BoundWarning, ...]
    contraindications: tuple[Contraindication, ...]


@dataclass(frozen=True)
class Document:
    """One page of the supplier's. `warnings` are those that hold for all of it."""

    id: str
    title: str
    language: str
    reviewed: date
    url: str | None
    sections: tuple[Section, ...]
    warnings: tuple[BoundWarning, ...]


@dataclass(frozen=True)
class Corpus:
    """All documents, the hash of the files they were read from, and the one contact they name."""

    documents: tuple[Document, ...]
    sha256: str
    contact: Contact

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """All sections, in the order of the documents."""
        return tuple(section for document in self.documents for section in document.sections)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, in the order of the documents."""
        return tuple(passage for section in self.sections for passage in section.passages)

    @cached_property
    def contraindications(self) -> dict[str, Contraindication]:
        """All contraindications by their condition."""
        return {found.condition: found for section in self.sections for found in section.contraindications}

    @cached_property
    def _passages_by_id(self) -> dict[str, Passage]:
        return {passage.id: passage for passage in self.passages}

    def document(self, id: str) -> Document:
        """The document with this id; NotInCorpusError (a KeyError) when there is none."""
        for document in self.documents:
            if document.id == id:
                return document
        raise NotInCorpusError(f"There is no document {id!r} in this corpus.")

    def section(self, document_id: str, section_id: str) -> Section:
        """The section with this id in this document; NotInCorpusError (a KeyError) when there is none."""
        for section in self.document(document_id).sections:
            if section.id == section_id:
                return section
        raise NotInCorpusError(f"There is no section {section_id!r} in the document {document_id!r}.")

    def passage(self, id: str) -> Passage:
        """The passage with this id; NotInCorpusError (a KeyError) when there is none."""
        try:
            return self._passages_by_id[id]
        except KeyError:
            raise NotInCorpusError(f"There is no passage {id!r} in this corpus.") from None

    def heading_path(self, passage: Passage) -> tuple[str, ...]:
        """The headings above a passage, outermost first; NotInCorpusError when its section is not here."""
        return self.section(passage.document, passage.section).path

    def warnings_for(self, section: Section) -> tuple[BoundWarning, ...]:
        """Every warning that holds for a section of this corpus: its document's, then those of the
        sections around it, outermost first, then its own. NotInCorpusError when its document is not here.
        """
        document = self.document(section.document)
        warnings = section.warnings
        while section.parent is not None:
            section = self.section(document.id, section.parent)
            warnings = section.warnings + warnings
        return document.warnings + warnings

    def to_json(self) -> str:
        """The whole corpus as JSON; equal corpora give equal text."""
        return json.dumps(asdict(self), default=date.isoformat, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The corpus that `to_json` wrote. Any other text raises KeyError, TypeError or ValueError."""
        corpus: Self = _revive(cls, json.loads(text))
        return corpus


def _revive(type_: Any, value: Any) -> Any:
    """A value of the annotated type from what JSON made of it."""
    if isinstance(type_, type) and is_dataclass(type_):
        return type_(**{name: _revive(hint, value[name]) for name, hint in get_type_hints(type_).items()})
    if get_origin(type_) is tuple:
        return tuple(_revive(get_args(type_)[0], item) for item in value)
    if get_origin(type_) is UnionType:
        return None if value is None else _revive(get_args(type_)[0], value)
    if type_ is date:
        return date.fromisoformat(value)
    return type_(value)
