"""One Markdown document: its headings, sentences, alerts and attributes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.attrs.parse import ParseError, parse
from mdit_py_plugins.front_matter import front_matter_plugin
from sentencex import segment

from bot.corpus.conditions import KNOWN_CONDITIONS
from bot.corpus.errors import Problem
from bot.corpus.front_matter import FrontMatter, FrontMatterError, read_front_matter
from bot.corpus.model import (
    BoundWarning,
    Contact,
    Contraindication,
    Document,
    Kind,
    Level,
    Passage,
    Section,
    Verdict,
)

# Link reference definitions are off because they leave no trace: `[!WARNING]: text` would vanish.
# Attributes follow spans only, so that braces anywhere else stay in the text and are refused there.
_MARKDOWN: Final = (
    MarkdownIt("commonmark", {"alerts": True})
    .enable("table")
    .disable("reference")
    .use(front_matter_plugin)
    .use(attrs_plugin, spans=True, after=())
)

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_LISTS: Final = ("bullet_list", "ordered_list")
_UNQUOTABLE: Final = {
    "code_block": "A code block",
    "fence": "A code block",
    "heading": "A heading inside a list or an alert",
    "hr": "A line across the page",
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "An image",
    "table": "A table",
}

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass
class Reading:
    """What one file gave: its document (None when there are problems), and what must be unique over
    all files, each with its line.
    """

    problems: list[Problem] = field(default_factory=list)
    document: Document | None = None
    conditions: list[tuple[str, int]] = field(default_factory=list)
    contacts: list[tuple[Contact, int]] = field(default_factory=list)


@dataclass
class _Draft:
    """A section while it is read. `kind` is None after a problem with it."""

    id: str
    title: str
    level: int
    line: int
    parent: "_Draft | None"
    kind: Kind | None = None
    verdict: Verdict | None = None
    passages: list[Passage] = field(default_factory=list)
    warnings: list[tuple[BoundWarning, int]] = field(default_factory=list)
    contraindications: list[Contraindication] = field(default_factory=list)
    contact: dict[str, str] = field(default_factory=dict)
    contact_line: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.parent.path, self.title) if self.parent else (self.title,)


def read_document(path: Path, content: bytes) -> Reading:
    """Reads one file's bytes; `path` gives the document's id and stands in the problems. Raises nothing."""
    return _Reader(path).read(content)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.file = str(path)
        self.id = path.stem
        self.reading = Reading()
        self.sections: list[_Draft] = []
        self.warnings: list[tuple[BoundWarning, int]] = []

    def read(self, content: bytes) -> Reading:
        if not _SLUG.fullmatch(self.id):
            self._problem(None, "Rename the file: only lowercase letters, digits and single hyphens.")
        try:
            # Editors on Windows put a byte order mark in front.
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._problem(line, "The file is not UTF-8; save it with that encoding.")
            return self.reading
        nodes = SyntaxTreeNode(_MARKDOWN.parse(text)).children
        if not nodes or nodes[0].type != "front_matter":
            self._problem(1, "Begin the file with front matter: title, language, reviewed and url between ---.")
            return self.reading
        front_matter = self._front_matter(nodes[0])
        for node in nodes[1:]:
            self._block(node)
        self._check_sections()
        if front_matter and not self.reading.problems:
            self.reading.document = self._document(front_matter)
        return self.reading

    def _problem(self, line: int | None, message: str) -> None:
        self.reading.problems.append(Problem(self.file, line, message))

    def _front_matter(self, node: SyntaxTreeNode) -> FrontMatter | None:
        try:
            return read_front_matter(node.content)
        except FrontMatterError as error:
            for line, message in error.problems:
                # The block's line 0 is the file's line 2, after the dashes.
                self._problem(1 if line is None else line + 2, message)
            return None

    def _block(self, node: SyntaxTreeNode) -> None:
        if node.type == "heading":
            self._heading(node)
        elif node.type == "alert":
            self._alert(node)
        elif node.type == "blockquote":
            self._refuse(node)
        elif self.sections:
            self._content(node, self.sections[-1])
        else:
            self._problem(_line(node), "Only warnings may stand before the first heading; put a heading above.")

    # Headings

    def _heading(self, node: SyntaxTreeNode) -> None:
        line, level = _line(node), int(node.tag[1:])
        title, attributes = self._title(node)
        if not title:
            self._problem(line, "The heading has no text; write one.")
        parent = next((section for section in self._open_sections() if section.level < level), None)
        section = _Draft(self._section_id(attributes, title, line), title, level, line, parent)
        section.kind = self._kind(attributes.get("class", "").split(), parent, line)
        section.verdict = self._verdict(attributes.get("verdict"), section)
        if unknown := sorted(attributes.keys() - {"id", "class", "verdict"}):
            self._problem(line, f"A heading takes only #id, .kind and verdict=; remove {', '.join(unknown)}.")
        self.sections.append(section)

    def _title(self, node: SyntaxTreeNode) -> tuple[str, dict[str, str]]:
        """A heading's plain text and the attributes in the braces at its end."""
        content, attributes = node.children[0].content, dict[str, str]()
        start = content.rfind("{")
        if start >= 0 and content.endswith("}"):
            braces, content = content[start:], content[:start]
            try:
                end, attributes = parse(braces)
                if end < len(braces) - 1:
                    raise ParseError("Text after the attributes", end + 1)
            except ParseError as error:
                self._problem(_line(node), f"The heading's braces {braces} are not understood: {error}.")
        inline = SyntaxTreeNode(_MARKDOWN.parseInline(content))
        return self._text(inline, _line(node)), attributes

    def _open_sections(self) -> Iterator[_Draft]:
        """The section being read and those around it, innermost first."""
        section = self.sections[-1] if self.sections else None
        while section:
            yield section
            section = section.parent

    def _section_id(self, attributes: Mapping[str, str], title: str, line: int) -> str:
        id = attributes.get("id", _slug(title))
        if not _SLUG.fullmatch(id):
            self._problem(line, "Give the heading an id such as {#joint-pain}: lowercase, digits and hyphens.")
        for other in self.sections:
            if other.id == id:
                self._problem(line, f"The id '{id}' is taken by line {other.line}; give another, {{#...}}.")
                break
        return id

    def _kind(self, classes: list[str], parent: _Draft | None, line: int) -> Kind | None:
        if not classes and parent:
            return parent.kind
        kind = _member(Kind, classes[0]) if len(classes) == 1 else None
        if kind is None:
            self._problem(line, f"Give the heading one kind, such as {{.use}}: one of {', '.join(Kind)}.")
        return kind

    def _verdict(self, value: str | None, section: _Draft) -> Verdict | None:
        if section.kind is None:
            return None
        if section.kind is Kind.MECHANISM and value is None:
            return None  # one that names an illness may say what it comes to
        if section.kind is Kind.REPLACEMENT and value is None:
            return Verdict.NOT_SUPPORTED  # it says what the device does not replace
        if section.kind not in (Kind.USE, Kind.LIMIT, Kind.MECHANISM):
            if value is not None:
                self._problem(section.line, f"A section of kind {section.kind} has no verdict; remove it.")
            return None
        if value is not None:
            verdict = _member(Verdict, value)
            if verdict is None:
                self._problem(section.line, f"Unknown verdict '{value}'; use one of {', '.join(Verdict)}.")
            return verdict
        # A subsection must not claim more than the section around it.
        if section.parent and section.parent.kind is section.kind:
            return section.parent.verdict
        if section.kind is Kind.LIMIT:
            self._problem(section.line, "Say what the limit comes to: verdict=limited or verdict=not_supported.")
            return None
        return Verdict.SUPPORTED

    # Alerts

    def _alert(self, node: SyntaxTreeNode) -> None:
        line, level = _line(node), _member(Level, node.info.lower())
        if level is None:
            self._problem(
                line,
                f"[!{node.info}] is no warning; use [!WARNING], [!CAUTION] or [!IMPORTANT], or a sentence.",
            )
            return
        text = " ".join(self._alert_texts(node.children[1:]))
        if not text:
            self._problem(line, "The alert is empty; write the warning on the lines below it, each after '>'.")
            return
        section = self.sections[-1] if self.sections else None
        warning = BoundWarning(level, text, self.id, section.id if section else None)
        (section.warnings if section else self.warnings).append((warning, line))

    def _alert_texts(self, nodes: list[SyntaxTreeNode]) -> Iterator[str]:
        for node in nodes:
            if node.type == "paragraph":
                if _spans(node):
                    self._problem(_line(node), "Attributes in braces mean nothing in a warning; remove them.")
                yield self._text(node, _line(node))
            elif node.type in (*_LISTS, "list_item"):
                yield from self._alert_texts(node.children)
            else:
                self._refuse(node)

    # Text

    def _content(self, node: SyntaxTreeNode, section: _Draft) -> None:
        if node.type == "paragraph":
            self._paragraph(node, section)
        elif node.type in _LISTS:
            for item in node.children:
                if section.kind is Kind.CONTRAINDICATIONS:
                    self._contraindication(item, section)
                else:
                    for child in item.children:
                        self._content(child, section)
        else:
            self._refuse(node)

    def _paragraph(self, node: SyntaxTreeNode, section: _Draft) -> None:
        self._add_passages(node, section)
        # After a problem with the kind nobody knows what the attributes should be.
        if section.kind is not None:
            for attributes in _spans(node):
                self._contact(attributes, section, _line(node))

    def _add_passages(self, node: SyntaxTreeNode, section: _Draft) -> list[Passage]:
        """Splits a paragraph into the section's next passages and gives these."""
        passages = [
            Passage(f"{self.id}#{section.id}/{n}", sentence, self.id, section.id)
            for n, sentence in enumerate(_sentences(self._text(node, _line(node))), len(section.passages) + 1)
        ]
        section.passages += passages
        return passages

    def _contact(self, attributes: dict[str, str], section: _Draft, line: int) -> None:
        if section.kind is not Kind.CONTACT:
            self._problem(
                line,
                "Attributes in braces belong to a list item under {.contraindications} or to a text under "
                "{.contact}; move or remove them.",
            )
            return
        if not attributes or not attributes.keys() <= {"name", "whatsapp"}:
            self._problem(line, 'A contact takes only {name="..."} and {whatsapp="+..."}.')
        for key in attributes.keys() & section.contact.keys():
            self._problem(line, f"The section already has a {key}; there is one contact only.")
        if not attributes.get("name", "-").strip():
            self._problem(line, "The contact's name is empty; write it.")
        if not _E164.fullmatch(attributes.get("whatsapp", "+10000000")):
            self._problem(line, "Write the WhatsApp number with + and country code, digits only: +8615547888169.")
        section.contact |= attributes
        section.contact_line = section.contact_line or line

    def _contraindication(self, item: SyntaxTreeNode, section: _Draft) -> None:
        line = _line(item)
        if [child.type for child in item.children] != ["paragraph"]:
            self._problem(line, "A contraindication is one list item with one sentence and nothing inside it.")
            return
        passages = self._add_passages(item.children[0], section)
        if len(passages) != 1:
            self._problem(line, f"A contraindication is exactly one sentence; this item has {len(passages)}.")
        spans = _spans(item)
        if len(spans) != 1 or spans[0].keys() != {"condition", "severity", "title"}:
            self._problem(line, 'Write the item as [sentence]{condition=... severity=... title="..."}.')
            return
        condition, severity, title = (spans[0][key] for key in ("condition", "severity", "title"))
        if not title.strip():
            self._problem(line, "The title is empty; write what the condition is called.")
        known = KNOWN_CONDITIONS.get(condition)
        if known is None:
            self._problem(line, f"Unknown condition '{condition}'; use one of {', '.join(KNOWN_CONDITIONS)}.")
            return
        if severity != known:
            self._problem(line, f"The severity of {condition} is {known}, not '{severity}'; write severity={known}.")
        self.reading.conditions.append((condition, line))
        if passages:
            section.contraindications.append(Contraindication(condition, known, title, passages[0]))

    def _text(self, node: SyntaxTreeNode, line: int) -> str:
        """The plain text of a block, on one line."""
        text = " ".join("".join(self._inline(node, line)).split())
        if "[!" in text:
            self._problem(line, "An alert is not recognised: begin with a line '> [!WARNING]' and nothing else.")
        elif "{" in text or "}" in text:
            self._problem(line, 'Braces are not understood here; write attributes as [text]{key="value"}.')
        return text

    def _inline(self, node: SyntaxTreeNode, line: int) -> Iterator[str]:
        if node.type in ("text", "code_inline"):
            yield node.content
        elif node.type in ("softbreak", "hardbreak"):
            yield " "
        elif node.type in _UNQUOTABLE:
            self._refuse(node, line)
        else:
            for child in node.children:
                yield from self._inline(child, line)

    def _refuse(self, node: SyntaxTreeNode, line: int | None = None) -> None:
        line = line or _line(node)
        if node.type == "alert":
            self._problem(line, "A warning inside a list or another warning; move it to the start of a line.")
        elif node.type == "blockquote":
            first = next((inner.content for inner in node.walk() if inner.type == "inline"), "")
            if first.startswith("[!"):
                marker = first.splitlines()[0]
                self._problem(
                    line,
                    f"The alert '{marker}' is not recognised: its first line is [!WARNING], [!CAUTION] or "
                    "[!IMPORTANT] and nothing else.",
                )
            else:
                self._problem(line, "A quotation; write it as plain text, or as a warning: > [!WARNING].")
        else:
            what = _UNQUOTABLE.get(node.type, f"'{node.type}'")
            self._problem(line, f"{what} cannot be quoted; write it as sentences.")

    # The whole

    def _check_sections(self) -> None:
        if not self.sections:
            self._problem(None, "The document has no section; write a heading and sentences under it.")
            for _, line in self.warnings:
                self._problem(line, "A warning without a section: the document has none.")
        parents = {id(section.parent) for section in self.sections}
        for section in self.sections:
            self._check_contact(section)
            if section.passages or id(section) in parents:
                continue
            for _, line in section.warnings:
                self._problem(
                    line,
                    f"A warning without a section: '{section.title}' has no sentence that could carry it; "
                    "write one or move the warning.",
                )
            if not section.warnings:
                self._problem(section.line, f"The section '{section.title}' is empty; write sentences or remove it.")

    def _check_contact(self, section: _Draft) -> None:
        if not section.contact:
            return
        if missing := sorted({"name", "whatsapp"} - section.contact.keys()):
            self._problem(section.contact_line, f"The contact has no {missing[0]}; add it in the same section.")
        contact = Contact(section.contact.get("name", ""), section.contact.get("whatsapp", ""), self.id, section.id)
        self.reading.contacts.append((contact, section.contact_line))

    def _document(self, front_matter: FrontMatter) -> Document:
        return Document(
            id=self.id,
            title=front_matter.title,
            language=front_matter.language,
            reviewed=front_matter.reviewed,
            url=front_matter.url,
            sections=tuple(_section(self.id, draft) for draft in self.sections),
            warnings=tuple(warning for warning, _ in self.warnings),
        )


def _section(document: str, draft: _Draft) -> Section:
    assert draft.kind is not None  # else there was a problem, and no document
    return Section(
        id=draft.id,
        document=document,
        title=draft.title,
        path=draft.path,
        kind=draft.kind,
        verdict=draft.verdict,
        parent=draft.parent.id if draft.parent else None,
        passages=tuple(draft.passages),
        warnings=tuple(warning for warning, _ in draft.warnings),
        contraindications=tuple(draft.contraindications),
    )


def _line(node: SyntaxTreeNode) -> int:
    """The line of a block, counted from 1."""
    assert node.map is not None, node.type
    return node.map[0] + 1


def _spans(node: SyntaxTreeNode) -> list[dict[str, str]]:
    """The attributes of each span in a block."""
    return [{key: str(value) for key, value in inner.attrs.items()} for inner in node.walk() if inner.type == "span"]


def _sentences(text: str) -> list[str]:
    return [sentence for part in segment("en", text) if (sentence := part.strip())]


def _slug(title: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_.lower()))


def _member(enum: type[_Member], value: str) -> _Member | None:
    try:
        return enum(value)
    except ValueError:
        return None
