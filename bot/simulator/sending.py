"""What may be posted to /messages: the form, and every limit that Meta documents.

One thing that is too long refuses the whole message. Lengths are counted in characters. Where Meta's pages disagree
(the body of a list: 1024 or 4096) the smaller one counts, and what the pages do not name is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.errors import GraphError, invalid

TEXT, BODY, HEADER, FOOTER = 4096, 1024, 60, 60
BUTTONS, BUTTON, BUTTON_ID = 3, 20, 256
ROWS, SECTIONS, ROW, ROW_DESCRIPTION, ROW_ID, SECTION = 10, 10, 24, 72, 200, 24
CALLBACK = 512
USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
PHONE = re.compile(r"\+?[0-9][0-9 ().-]*")
TYPES = ("text", "interactive", "template", "reaction")


@dataclass(frozen=True)
class Read:
    """A read receipt, with or without the typing indicator."""

    message: str
    typing: bool


@dataclass(frozen=True)
class Choice:
    """A button or a row as the customer sees it."""

    id: str
    title: str
    description: str = ""
    section: str = ""


@dataclass(frozen=True)
class Sending:
    """A message that has the right form.

    Attributes:
        to: digits, or the customer's business-scoped id.
        addressed: as it was written in the request.
        choices: buttons, or the rows of a list.
        button: what opens the list.
        callback: biz_opaque_callback_data.
        context: the message that it answers.
        parameters: of a template's body.
    """

    to: str
    addressed: str
    type: str
    text: str = ""
    header: str = ""
    footer: str = ""
    button: str = ""
    choices: tuple[Choice, ...] = ()
    callback: str | None = None
    context: str | None = None
    template: tuple[str, str] | None = None
    parameters: tuple[str, ...] = ()
    reaction: tuple[str, str] | None = None


@dataclass(frozen=True)
class Node:
    """One object of a request and where it stands in it; every field must be asked for."""

    value: dict[str, Any]
    where: str = ""
    asked: set[str] = field(default_factory=set)

    def name(self, key: str) -> str:
        """How Meta names a field in its errors."""
        return f"{self.where}['{key}']" if self.where else key

    def get(self, key: str, kind: type, required: bool = True) -> Any:
        """A field of a kind; None where it may be missing and is."""
        self.asked.add(key)
        if key not in self.value:
            if required:
                raise invalid(f"The parameter {self.name(key)} is required.")
            return None
        found = self.value[key]
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise invalid(f"Param {self.name(key)} must be of type {kind.__name__}.")
        return found

    def node(self, key: str, required: bool = True) -> "Node | None":
        """An object within."""
        found = self.get(key, dict, required)
        return None if found is None else Node(found, self.name(key))

    def inner(self, key: str) -> "Node":
        """An object within that must be there."""
        return Node(self.get(key, dict), self.name(key))

    def nodes(self, key: str) -> list["Node"]:
        """A list of objects within that must be there."""
        found = []
        for place, each in enumerate(self.get(key, list)):
            where = f"{self.name(key)}[{place}]"
            if not isinstance(each, dict):
                raise invalid(f"Param {where} must be of type dict.")
            found.append(Node(each, where))
        return found

    def text(self, key: str, most: int, required: bool = True) -> str:
        """A text that is not blank, of a length at most; '' where it may be missing and is."""
        found = self.get(key, str, required)
        if found is None:
            return ""
        if not found.strip() or len(found) > most:
            raise GraphError(
                131009, f"{self.name(key)} length invalid: {len(found)}. Min length: 1, Max length: {most}"
            )
        return str(found)

    def choice(self, key: str, among: Iterable[str], required: bool = True) -> str | None:
        """One of some words."""
        found = self.get(key, str, required)
        if found is not None and found not in (among := tuple(among)):
            raise invalid(f"Param {self.name(key)} must be one of {{{', '.join(among).upper()}}} - got {found!r}.")
        return None if found is None else str(found)

    def end(self) -> None:
        """Refuse what nobody asked for."""
        for key in self.value:
            if key not in self.asked:
                where = f' on param "{self.where}"' if self.where else ""
                raise invalid(f'Unexpected key "{key}"{where}.')


def read(payload: Any) -> Read | Sending:
    """What a request asks for.

    Raises:
        GraphError: Meta would refuse it.
    """
    if not isinstance(payload, dict):
        raise invalid("The body must be a JSON object.")
    root = Node(payload)
    if root.get("messaging_product", str) != "whatsapp":
        raise invalid("Param messaging_product must be one of {WHATSAPP}.")
    return _receipt(root) if "status" in payload else _message(root)


def _receipt(root: Node) -> Read:
    root.choice("status", ("read",))
    message = root.text("message_id", 256)
    typing = root.node("typing_indicator", required=False)
    if typing:
        typing.choice("type", ("text",))
        typing.end()
    root.end()
    return Read(message, typing is not None)


def _message(root: Node) -> Sending:
    values: dict[str, Any] = {}
    root.choice("recipient_type", ("individual",), required=False)
    values["to"], values["addressed"] = _recipient(root)
    kind = root.choice("type", TYPES, required=False) or "text"
    callback = root.get("biz_opaque_callback_data", str, required=False)
    if callback is not None and len(callback) > CALLBACK:
        raise invalid(f"Param biz_opaque_callback_data must be at most {CALLBACK} characters long.")
    context = root.node("context", required=False)
    if context:
        values["context"] = context.text("message_id", 256)
        context.end()
    content = root.inner(kind)
    values |= {"text": _text, "interactive": _interactive, "template": _template, "reaction": _reaction}[kind](content)
    content.end()
    root.end()
    return Sending(type=values.pop("type", kind), callback=callback, **values)


def _recipient(root: Node) -> tuple[str, str]:
    to, user = root.get("to", str, required=False), root.get("recipient", str, required=False)
    if to is None and user is None:
        raise invalid("The parameter to is required.")
    if to is not None:  # the phone number counts where both are given
        digits = re.sub(r"\D", "", to)
        if not PHONE.fullmatch(to) or not 7 <= len(digits) <= 15:
            raise GraphError(131009, "The phone number is malformed.")
        return digits, to
    if not USER_ID.fullmatch(user):
        raise GraphError(131009, "The recipient is no business-scoped user ID.")
    return user, user


def _text(content: Node) -> dict[str, Any]:
    body = content.get("body", str)
    if not body.strip():
        raise invalid("Param text['body'] must be at least 1 character long.")
    if len(body) > TEXT:
        raise invalid(f"Param text['body'] must be at most {TEXT} characters long.")
    content.get("preview_url", bool, required=False)
    return {"text": body}


def _interactive(content: Node) -> dict[str, Any]:
    kind = content.choice("type", ("button", "list"))
    values: dict[str, Any] = {}
    for part, most in (("header", HEADER), ("body", BODY), ("footer", FOOTER)):
        node = content.node(part, required=part == "body")
        if node:
            if part == "header":  # pictures in headers are not played here
                node.choice("type", ("text",))
            values["text" if part == "body" else part] = node.text("text", most)
            node.end()
    action = content.inner("action")
    values |= _buttons(action) if kind == "button" else _list(action)
    action.end()
    return {**values, "type": kind}


def _buttons(action: Node) -> dict[str, Any]:
    buttons = action.nodes("buttons")
    if not 1 <= len(buttons) <= BUTTONS:
        raise GraphError(131009, f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS}")
    choices = []
    for button in buttons:
        button.choice("type", ("reply",))
        reply = button.inner("reply")
        choices.append(Choice(_id(reply, BUTTON_ID), reply.text("title", BUTTON)))
        reply.end()
        button.end()
    _unique("button ids", [choice.id for choice in choices])
    _unique("button titles", [choice.title for choice in choices])
    return {"choices": tuple(choices)}


def _list(action: Node) -> dict[str, Any]:
    button = action.text("button", BUTTON)
    sections = action.nodes("sections")
    if not 1 <= len(sections) <= SECTIONS:
        raise GraphError(131009, f"Invalid sections count. Min allowed sections: 1, Max allowed sections: {SECTIONS}")
    choices = []
    for section in sections:
        title = section.text("title", SECTION, required=len(sections) > 1)
        rows = section.nodes("rows")
        if not rows:
            raise GraphError(131009, f"{section.name('rows')} must have at least one row.")
        for row in rows:
            description = row.text("description", ROW_DESCRIPTION, required=False)
            choices.append(Choice(_id(row, ROW_ID), row.text("title", ROW), description, title))
            row.end()
        section.end()
    if len(choices) > ROWS:
        raise GraphError(131009, f"Total row count exceeds max allowed count: {ROWS}")
    _unique("row ids", [choice.id for choice in choices])
    return {"choices": tuple(choices), "button": button}


def _id(node: Node, most: int) -> str:
    found = node.text("id", most)
    if found != found.strip():
        raise GraphError(131009, f"{node.name('id')} must not begin or end with a blank.")
    return found


def _unique(what: str, values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise GraphError(131009, f"Duplicated {what}.")


def _template(content: Node) -> dict[str, Any]:
    name = content.text("name", 512)
    language = content.inner("language")
    code = language.text("code", 16)
    language.choice("policy", ("deterministic",), required=False)
    language.end()
    parameters: list[str] = []
    if "components" in content.value:
        for component in content.nodes("components"):
            component.choice("type", ("body",))  # headers and buttons of templates are not played here
            for parameter in component.nodes("parameters"):
                parameter.choice("type", ("text",))
                parameter.text("parameter_name", 64, required=False)
                parameters.append(parameter.text("text", BODY))
                parameter.end()
            component.end()
    return {"template": (name, code), "parameters": tuple(parameters)}


def _reaction(content: Node) -> dict[str, Any]:
    message = content.text("message_id", 256)
    return {"reaction": (message, content.get("emoji", str))}
