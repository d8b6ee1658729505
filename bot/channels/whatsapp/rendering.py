"""How a reply looks on WhatsApp: one message of Meta's Graph API, without its addressee.

A message with buttons or a list holds 1024 characters, a text 4096. What does not fit into the first is shortened by
whole statements, and a button 'More' shows the rest. Lead, warnings, closing, question and source are always there
from the first; so are all statements of a reply that forbids something.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.answers.render import WARNING_SIGN
from bot.answers.responses import Responses
from bot.channels.whatsapp.formatting import bold, italic, length, plain, shortened

TEXT, BODY = 4096, 1024  # of a text; of a message with buttons or a list, whose body some pages of Meta's give as 4096
BUTTONS, BUTTON = 3, 20  # how many, and the title of one; also of the button that opens a list
ROWS, ROW, DESCRIPTION = 10, 24, 72  # of a list
MORE, SAY, CHOOSE = "more", "say", "choose"  # what a button does, before the colon of its id
FORBIDDING = ("avoid", "see_doctor_first", "confirm_first")  # verdicts
CONTRAINDICATION = "contraindication"  # the kind of answer

Message = dict[str, Any]
Payload = dict[str, Any]  # `answer` of a reply's payload: docs/architecture.md


def render(reply: Message, responses: Responses) -> Message:
    """The one message that a reply becomes.

    Args:
        reply: of `bot.channels.turn.reply_to`.
        responses: the domain's.
    """
    answer: Payload | None = (reply.get("custom") or {}).get("answer")
    if answer is None:
        return notice(str(reply.get("text") or ""))
    # Whether it says where it stands is seen in its text alone: of a phone number it does not.
    cited = [line for line in _sources(answer, 0, responses) if line in str(reply.get("text") or "")]
    return _Answer(answer, responses, 0, cited).message()


def more(answer: Payload, id: str, responses: Responses) -> Message:
    """What comes after a 'More' button was pressed: the next statements, with the answer's warnings.

    All warnings are said again, because which of them belong to the rest is known to the documents alone.

    Args:
        answer: `answer` of the payload that the button belongs to: see `answer_of`.
        id: of the button.
    """
    first = min(int(id.rpartition(":")[2]), max(len(answer.get("statements", [])) - 1, 0))
    return _Answer(answer, responses, first, _sources(answer, first, responses)).message()


def answer_of(id: str) -> str | None:
    """The id of the answer of which a pressed button asks for more; None for any other button."""
    what, _, rest = id.partition(":")
    answer, _, shown = rest.rpartition(":")
    return answer if what == MORE and answer and shown.isascii() and shown.isdigit() else None


def more_button(message: Message) -> str | None:
    """The id of a message's 'More' button; None where it has none."""
    buttons = message.get("interactive", {}).get("action", {}).get("buttons", [])
    return next((each["reply"]["id"] for each in buttons if answer_of(each["reply"]["id"])), None)


def choice_of(id: str) -> str | None:
    """The id of the answer whose question a pressed button or a chosen row answers; None for any other."""
    what, _, rest = id.partition(":")
    answer, _, whole = rest.partition(":")
    return answer if what == CHOOSE and answer and whole else None


def said(id: str, title: str) -> str:
    """What a pressed button or a chosen row says, as if the customer had written it.

    Args:
        id: of the button or row; it has the whole title, of which a row shows the end as its description.
        title: what it showed.
    """
    what, _, rest = id.partition(":")
    whole = {SAY: rest, CHOOSE: rest.partition(":")[2]}.get(what)
    return whole or title


def person(text: str, name: str | None = None) -> Message:
    """What a person of the supplier says, under the person's name; formatting of theirs is kept."""
    head = f"{bold(name)}\n" if name and name.strip() else ""
    return notice(head + text)


def notice(text: str) -> Message:
    """A text; one that is longer than a message can be is shortened."""
    return _text(shortened(text.strip(), TEXT))


def _text(text: str) -> Message:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


class _Answer:
    """An answer from one of its statements on."""

    def __init__(self, answer: Payload, responses: Responses, first: int, cited: Sequence[str]) -> None:
        self.answer = answer
        self.responses = responses
        self.first = first
        self.cited = cited
        self.total = len(answer.get("statements", []))
        self.forbids = answer["verdict"] in FORBIDDING or answer["kind"] == CONTRAINDICATION
        # A question stands in the first message, and what could be read next in the last.
        asked = {} if first else answer.get("question") or {}
        self.asked = str(asked.get("text") or "")
        self.options = _titles(asked.get("options") or [])
        self.multiple = bool(asked.get("multiple"))
        self.related = [] if self.asked else _titles(answer.get("related") or [])

    def message(self) -> Message:
        """The message, in the first of the forms that it fits into."""
        return self._whole() or self._shortened() or self._as_text() or self._nothing()

    def _whole(self) -> Message | None:
        action = self._action()
        body = self._body(self.total, listed=False)
        if action and length(body) <= BODY:
            return _interactive(body, action)
        body = self._body(self.total, listed=True)
        if length(body) > (TEXT if self.forbids else BODY):
            return None
        with_related = "\n\n".join(part for part in (body, self._related()) if part)
        return _text(with_related if length(with_related) <= TEXT else body)

    def _action(self) -> Message | None:
        """What can be chosen, as buttons or else a list; None where nothing can or it does not fit."""
        if self.multiple:
            return None  # only one button can be pressed
        if self.options:
            choices = self._choices()
            return _buttons(choices) or _list(choices, self.responses("whatsapp_choose"))
        if self.related:
            topics = [(f"{SAY}:{title}", title) for title in self.related]
            return _buttons(topics) or _list(topics, self.responses("whatsapp_related"))
        return None

    def _choices(self) -> list[tuple[str, str]]:
        """Ids and titles of the question's options; they say whose, because they can be pressed for ever."""
        return [(f"{CHOOSE}:{self.answer['id']}:{title}", title) for title in self.options]

    def _shortened(self) -> Message | None:
        """As many statements as fit, and a button for the rest."""
        for shown in range(self.total - 1, self.first, -1):
            button = (f"{MORE}:{self.answer['id']}:{shown}", self.responses("whatsapp_more"))
            options = [] if self.multiple else self._choices()
            action = _buttons([*options, button])
            body = self._body(shown, listed=action is None)
            action = action or _buttons([button])
            if action and length(body) <= BODY:
                return _interactive(body, action)
        return None

    def _as_text(self) -> Message | None:
        """As many statements as fit into a text: where not even one fits beside the rest and a button."""
        for shown in range(self.total, self.first - 1, -1):
            body = self._body(shown, listed=True)
            if length(body) <= TEXT:
                return _text(body)
        return None

    def _nothing(self) -> Message:
        # Warnings alone have more than 4096 characters: without one of them nothing is said.
        return _text(shortened(plain(self.responses("failure")), TEXT))

    def _body(self, until: int, listed: bool) -> str:
        """The text with the statements up to one of them, and with the options listed or not."""
        answer = self.answer
        parts = [*self._blocks(until)]
        parts += [f"{WARNING_SIGN} {bold(warning['text'])}" for warning in answer.get("warnings", [])]
        if not self.first:
            parts.append(plain(" ".join(answer.get("closing", []))))
        numbered = listed or self.multiple
        parts.append("\n".join([plain(self.asked), *(self._listed(self.options) if numbered else [])]))
        parts.append("\n".join(italic(line) for line in self.cited))
        return "\n\n".join(part for part in parts if part.strip())

    def _blocks(self, until: int) -> Iterable[str]:
        """What is said to each question: its lead and those of its statements that are shown; '…' where more follow."""
        end = 0
        for lead, statements in _blocks(self.answer):
            begin, end = end, end + len(statements)
            # The lead of what was shown before is not said again, but for what forbids use.
            again = begin >= self.first or self.forbids
            shown = statements[max(self.first - begin, 0) : max(until - begin, 0)]
            said = [plain(" ".join(lead)) if again else "", _paragraphs(shown, self.answer["kind"] == CONTRAINDICATION)]
            found = [part for part in said if part]
            if found and begin <= until < end:
                found[-1] += " …"
            yield from found

    def _listed(self, titles: Sequence[str]) -> list[str]:
        # Numbers are understood as answers to what has several; elsewhere the words are.
        signs = (f"{number}." for number in range(1, len(titles) + 1)) if self.multiple else ("-" for _ in titles)
        return [f"{sign} {plain(title)}" for sign, title in zip(signs, titles, strict=True)]

    def _related(self) -> str:
        if not self.related:
            return ""
        return "\n".join([f"{plain(self.responses('whatsapp_related'))}:", *self._listed(self.related)])


def _blocks(answer: Payload) -> list[tuple[list[str], list[Payload]]]:
    """Lead and statements of each question; the payload lists the statements of all of them first."""
    further = [(block.get("lead", []), block.get("statements", [])) for block in answer.get("further", [])]
    statements = answer.get("statements", [])
    first = len(statements) - sum(len(block) for _, block in further)
    return [(answer.get("lead", []), statements[:first]), *further]


def _paragraphs(statements: Sequence[Payload], as_list: bool) -> str:
    """Sentences of one section run on, a new section begins a new line; or each is an item of a list."""
    if as_list and len(statements) > 1:
        return "\n".join(f"- {plain(statement['text'])}" for statement in statements)
    lines: list[str] = []
    last = None
    for statement in statements:
        place = (statement["document"], statement["section"])
        if place == last:
            lines[-1] += f" {statement['text']}"
        else:
            lines.append(statement["text"])
        last = place
    return plain("\n".join(lines))


def _sources(answer: Payload, first: int, responses: Responses) -> list[str]:
    """A line for each document, naming the sections quoted from a statement on, and those of the warnings."""
    statements, warnings = answer.get("statements", []), [w for w in answer.get("warnings", []) if w["section"]]
    # The payload's sources are in the order in which sections are quoted first.
    places = dict.fromkeys((each["document"], each["section"]) for each in [*statements, *warnings])
    needed = {(each["document"], each["section"]) for each in [*statements[first:], *warnings]}
    named: dict[str, list[str]] = {}
    for place, source in zip(places, answer.get("sources", []), strict=False):
        if place in needed:
            named.setdefault(source["title"], []).append(source["section"])
    return [responses("cite", title=title, section="; ".join(sections)) for title, sections in named.items()]


def _titles(options: Iterable[Payload]) -> list[str]:
    return [" ".join(str(option["title"]).split()) for option in options]


def _buttons(buttons: Sequence[tuple[str, str]]) -> Message | None:
    """Buttons, given by id and title; None where there are none or they do not fit."""
    titles = [title for _, title in buttons]
    if not 0 < len(buttons) <= BUTTONS or not _fit(titles, BUTTON):
        return None
    return {"buttons": [{"type": "reply", "reply": {"id": id, "title": title}} for id, title in buttons]}


def _list(choices: Sequence[tuple[str, str]], opens: str) -> Message | None:
    """A list of rows, given by id and title, none cut, and the button that opens it; None where they do not fit."""
    rows = [_row(id, title) for id, title in choices]
    fitting = [row for row in rows if row]
    if not 0 < len(fitting) == len(choices) <= ROWS or not _fit([row["title"] for row in fitting], ROW):
        return None
    return {"button": opens, "sections": [{"title": opens, "rows": fitting}]} if _fit([opens], BUTTON) else None


def _row(id: str, title: str) -> Message | None:
    """A row that shows the whole title: what is too long for its first line stands in the second."""
    if length(title) <= ROW:
        return {"id": id, "title": title}
    breaks = [place for place, character in enumerate(title) if character == " " and length(title[:place]) <= ROW]
    if not breaks:
        return None
    head, tail = title[: breaks[-1]], title[breaks[-1] + 1 :]
    return {"id": id, "title": head, "description": tail} if length(tail) <= DESCRIPTION else None


def _fit(titles: Sequence[str], most: int) -> bool:
    return len(set(titles)) == len(titles) and all(0 < length(title) <= most for title in titles)


def _interactive(body: str, action: Message) -> Message:
    kind = "button" if "buttons" in action else "list"
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}
