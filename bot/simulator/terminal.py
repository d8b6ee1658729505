"""A phone in the terminal: what is typed is a customer's message, and what comes is shown as WhatsApp shows it."""

import re
import shlex
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.simulator.errors import SimulatorError
from bot.simulator.faults import Faults
from bot.simulator.graph import GraphServer
from bot.simulator.phone import Phone, Shown

HELP = """\
/1, /2 ...         press the first, second ... button or row
/image [CAPTION]   send a picture; /location, /contact, /voice: others
/react N EMOJI     react to the bot's message N; without an emoji: take it back
/edit TEXT         change your last message; /delete: delete it
/window            let more than 24 hours pass
/fail CODE         let the next send fail: Meta's code, or reset, lost, stall, broken
/faults on|off     the faults of the command line
/customer N        take another customer's phone
/number DIGITS     change this customer's number
/quit              end"""
NUMBER = "4915100000000"  # of the first customer, plus the place
WIDTH = 76  # columns
QUIET = 2.0  # seconds in which something may come to what needs no reply
MARKS = {"*": "bold", "_": "italic", "~": "strike", "`": "cyan"}
MARKED = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")


def formatted(text: str) -> Text:
    """A text as WhatsApp shows it: *bold*, _italic_, ~struck~, `code`, each within one line."""
    found = Text()
    for line in text.splitlines(keepends=True):
        style = "dim" if line.startswith("> ") else ""
        found.append_text(_line(line, style))
    return found


def _line(text: str, style: str) -> Text:
    found = Text()
    end = 0
    for match in MARKED.finditer(text):
        found.append(text[end : match.start()], style)
        inner = f"{style} {MARKS[match[1]]}".strip()
        found.append_text(Text(match[2], inner) if match[1] == "`" else _line(match[2], inner))
        end = match.end()
    found.append(text[end:], style)
    return found


def picture(shown: Shown, place: int, number: str) -> Panel:
    """One message as the customer sees it, with the commands that press its buttons."""
    parts = [formatted(shown.text)]
    if shown.header:
        parts.insert(0, Text(shown.header, "bold"))
    if shown.footer:
        parts.append(Text(shown.footer, "dim"))
    if shown.button:
        parts.append(Text(f"\n[ {shown.button} ] (list)", "green"))
    section = shown.button or ""  # a title that says the same is not said twice
    for number_of, choice in enumerate(shown.choices, 1):
        if choice.section and choice.section != section:
            section = choice.section
            parts.append(Text(section, "dim bold"))
        row = Text(f"  /{number_of}  ", "dim").append(choice.title, "green not dim")
        parts.append(row.append(f"  {choice.description}" if choice.description else "", "dim"))
    kind = "" if shown.type in ("text", "button", "list") else f", {shown.type}"
    return Panel(Group(*parts), title=f"{place}{kind}", subtitle=number, title_align="left", width=WIDTH)


class Terminal:
    """Plays the customers of one server."""

    def __init__(self, meta: GraphServer, console: Console, seconds: float) -> None:
        """Play on a server whose webhook is subscribed.

        Args:
            seconds: how long a reply is waited for, where lines come from a pipe.
        """
        self.meta, self.console, self.seconds = meta, console, seconds
        self.is_asked = sys.stdin.isatty()
        self.given = replace(meta.faults)
        self.phone: Phone = meta.phone(NUMBER)
        self._came = threading.Event()
        self._watched: set[int] = set()
        self._watch(self.phone)

    def play(self) -> None:
        """Read lines until they end.

        Raises:
            SimulatorError: input is no terminal, and something in it cannot be done or gets no reply.
        """
        while True:
            try:
                line = input("> ") if self.is_asked else sys.stdin.readline()
            except EOFError:
                return
            if not line and not self.is_asked:
                return
            if not (line := line.strip()):
                continue
            if line == "/quit":
                return
            if not self.is_asked:
                self.console.print(f"> {line}", style="bold", markup=False)
            try:
                self._do(line)
            except SimulatorError as error:
                if not self.is_asked:
                    raise
                self.console.print(str(error), style="red", markup=False)

    def _do(self, line: str) -> None:
        if not line.startswith("/"):
            return self._reply(lambda: self.phone.send(line))
        name, _, rest = line[1:].partition(" ")
        rest = rest.strip()
        if name.isdigit():
            return self._reply(lambda: self.phone.press(int(name)))
        replied: dict[str, Callable[[], str]] = {
            "image": lambda: self.phone.image(rest or None),
            "location": self.phone.location,
            "contact": self.phone.contact,
            "voice": lambda: self.phone.media("audio", "audio/ogg; codecs=opus", voice=True),
        }
        quiet: dict[str, Callable[[], str]] = {
            "react": lambda: self._react(rest),
            "edit": lambda: self.phone.edit(_needed(rest, "/edit TEXT")),
            "delete": self.phone.delete,
            "number": lambda: self.phone.change_number(_needed(rest, "/number DIGITS", digits=True)),
        }
        own: dict[str, Callable[[], None]] = {
            "help": lambda: self.console.print(HELP, markup=False),
            "window": self._expire,
            "fail": lambda: self._fail(rest),
            "faults": lambda: self._faults(rest),
            "customer": lambda: self._customer(rest),
        }
        if name in replied:
            return self._reply(replied[name])
        if name in quiet:
            return self._reply(quiet[name], expected=False)
        if name in own:
            return own[name]()
        raise SimulatorError(f"There is no /{name}. /help lists what there is.")

    def _reply(self, act: Callable[[], str], expected: bool = True) -> None:
        """Do something, and from a pipe wait for what comes of it; at a terminal it is shown when it comes."""
        self._came.clear()
        act()
        if self.is_asked:
            return
        if self._came.wait(self.seconds if expected else QUIET):
            time.sleep(0.1)  # for what follows at once
            return
        if not expected:
            self.meta.settle(self.seconds)
            return
        raise SimulatorError(f"No reply came within {self.seconds:g} s.")

    def _watch(self, phone: Phone) -> None:
        """Print what comes to a phone, from now on."""
        if id(phone) in self._watched:
            return
        self._watched.add(id(phone))

        def watch() -> None:
            place = 0
            while True:
                try:
                    shown = phone.wait(3600)
                except SimulatorError:
                    continue
                place += 1
                self.console.print(picture(shown, place, phone.number))
                if phone is self.phone:
                    self._came.set()

        threading.Thread(target=watch, daemon=True).start()

    def _react(self, rest: str) -> str:
        try:
            place, emoji = [*shlex.split(rest), ""][:2]
            message = self.phone.screen[int(place) - 1] if int(place) > 0 else None
        except (ValueError, IndexError):
            message = None
        if message is None:
            raise SimulatorError("Write the number of one of the bot's messages, and an emoji: /react 1 👍")
        return self.phone.react(message.id, emoji or None)

    def _expire(self) -> None:
        self.phone.expire()
        self.console.print("More than 24 hours have passed.", style="dim")

    def _fail(self, rest: str) -> None:
        fault = _needed(rest, "/fail CODE")
        self.meta.fail(int(fault) if fault.isdigit() else fault)
        self.console.print(f"The next send fails: {fault}.", style="dim", markup=False)

    def _faults(self, rest: str) -> None:
        if rest not in ("on", "off"):
            raise SimulatorError("Write /faults on or /faults off.")
        chosen = self.given if rest == "on" else Faults(seed=self.given.seed)
        for name, value in vars(chosen).items():
            setattr(self.meta.faults, name, value)
        self.console.print(f"Faults are {rest}.", style="dim")

    def _customer(self, rest: str) -> None:
        place = int(_needed(rest, "/customer N", digits=True))
        if not 1 <= place <= 1000:
            raise SimulatorError("There are customers 1 to 1000.")
        name = "A customer" if place == 1 else f"Customer {place}"
        self.phone = self.meta.phone(str(int(NUMBER) + place - 1), name)
        self._watch(self.phone)
        self.console.print(f"This is the phone of customer {place}, {self.phone.number}.", style="dim")


def _needed(rest: str, form: str, digits: bool = False) -> str:
    if not rest or (digits and not rest.isdigit()):
        raise SimulatorError(f"Write {form}.")
    return rest
