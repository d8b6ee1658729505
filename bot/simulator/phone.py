"""A customer's phone: what it shows, and what can be done with it."""

import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.simulator.account import Account
from bot.simulator.errors import SimulatorError, in_webhook
from bot.simulator.sending import Choice, Sending
from bot.simulator.webhooks import Event

WINDOW = 24 * 3600  # seconds after a customer's message in which anything may be sent
TYPING = 25  # seconds that the indicator shows

__all__ = ["Choice", "Phone", "Shown", "new_id"]


def new_id() -> str:
    """An id as Meta gives to messages."""
    return f"wamid.{b64encode(secrets.token_bytes(30)).decode()}"


@dataclass(frozen=True)
class Shown:
    """A message as the customer sees it.

    Attributes:
        type: text, button, list, template or reaction.
        text: with WhatsApp's marks in it: *bold*, _italic_ ...
        choices: buttons, or the rows of a list, which opens at `button`.
        callback: biz_opaque_callback_data of the request.
        context: the message that it answers.
    """

    id: str
    at: float
    type: str
    text: str
    header: str = ""
    footer: str = ""
    button: str = ""
    choices: tuple[Choice, ...] = ()
    callback: str | None = None
    context: str | None = None
    template: tuple[str, str] | None = None


class Phone:
    """One customer. Made by `GraphServer.phone`; may be used from any thread.

    Attributes:
        number: digits; `user_id`: the business-scoped id, where Meta tells it.
        hidden: the customer has a username, and the number is in no webhook.
        screen: what was sent to this phone, oldest first.
        sent: ids of what the customer wrote, oldest first.
        read: ids of the customer's messages that are marked as read.
        reachable: False: nothing can be delivered (131026).
        reads: the customer looks at once, so that the status 'read' follows.
    """

    def __init__(
        self,
        account: Account,
        changed: threading.Condition,
        tell: Callable[[Event], None],
        number: str,
        name: str,
        user_id: str | None,
        hidden: bool,
    ) -> None:
        self._account, self._changed, self._tell = account, changed, tell
        self.number, self.name, self.user_id, self.hidden = number, name, user_id, hidden
        self.screen: list[Shown] = []
        self.sent: list[str] = []
        self.read: set[str] = set()
        self.reachable = self.reads = True
        self.heard: float | None = None
        self.typing_until = 0.0
        self._seen = 0
        self._ids: set[str] = set()  # of all that came from here, reactions and edits too

    # What it shows --------------------------------------------------------------------------------------------

    @property
    def last(self) -> Shown:
        """What was sent last."""
        if not self.screen:
            raise SimulatorError(f"The phone {self.number} shows nothing yet.")
        return self.screen[-1]

    @property
    def typing(self) -> bool:
        """Whether the indicator shows that somebody is typing."""
        return time.time() < self.typing_until

    def wait(self, seconds: float = 60) -> Shown:
        """The next message that `wait` has not returned yet.

        Raises:
            SimulatorError: none came in time.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.screen) > self._seen, seconds):
                raise SimulatorError(f"Nothing came to the phone {self.number} within {seconds:g} s.")
            self._seen += 1
            return self.screen[self._seen - 1]

    def show(self, sending: Sending, id: str, text: str | None = None) -> None:
        """Take a message that was accepted; called by the server."""
        with self._changed:
            self.typing_until = 0.0
            self.screen.append(
                Shown(
                    id,
                    time.time(),
                    sending.type,
                    text if text is not None else sending.text,
                    sending.header,
                    sending.footer,
                    sending.button,
                    sending.choices,
                    sending.callback,
                    sending.context,
                    sending.template,
                )
            )
            self._changed.notify_all()

    def shows(self, id: str) -> bool:
        """Whether a message was sent to this phone."""
        return any(shown.id == id for shown in self.screen)

    def wrote(self, id: str) -> bool:
        """Whether a message came from this phone."""
        return id in self._ids

    def mark(self, id: str, typing: bool) -> None:
        """Take a read receipt, which is for everything before it too; called by the server."""
        with self._changed:
            if id in self.sent:
                self.read.update(self.sent[: self.sent.index(id) + 1])
            self.typing_until = time.time() + TYPING if typing else 0.0
            self._changed.notify_all()

    # What the customer does -----------------------------------------------------------------------------------

    def send(self, text: str, answers: Shown | None = None) -> str:
        """Write a message, as an answer to another if one is named; its id."""
        return self.message("text", {"body": text}, answers)

    def image(self, caption: str | None = None) -> str:
        """Send a picture; its id."""
        return self.media("image", "image/jpeg", caption=caption)

    def media(self, kind: str, mime: str, **more: Any) -> str:
        """Send an image, video, audio, document or sticker; its id."""
        content = {"mime_type": mime, "sha256": b64encode(secrets.token_bytes(32)).decode(), "id": _digits(16)}
        content["url"] = f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={content['id']}"
        return self.message(kind, {**content, **{name: value for name, value in more.items() if value is not None}})

    def location(self, latitude: float = 52.52, longitude: float = 13.405, name: str | None = None) -> str:
        """Send a place; its id."""
        place: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
        return self.message("location", {**place, "name": name} if name else place)

    def contact(self, name: str = "A friend") -> str:
        """Send a contact; its id."""
        return self._say({"type": "contacts", "contacts": [{"name": {"formatted_name": name, "first_name": name}}]})

    def react(self, message: str, emoji: str | None) -> str:
        """React to a message, or take the reaction back with None; the id of the event."""
        content = {"message_id": message} | ({"emoji": emoji} if emoji else {})
        return self._say({"type": "reaction", "reaction": content}, opens=False)

    def press(self, which: str | int, message: Shown | None = None) -> str:
        """Press a button or a row by its title, or its place from 1 on; its id.

        Args:
            message: that shows it; without it the last one that has any.

        Raises:
            SimulatorError: the phone does not show it.
        """
        message = message or next((each for each in reversed(self.screen) if each.choices), None)
        if message is None or message not in self.screen:
            raise SimulatorError(f"The phone {self.number} shows no buttons.")
        numbered = isinstance(which, int) and 1 <= which <= len(message.choices)
        found = [message.choices[int(which) - 1]] if numbered else [c for c in message.choices if c.title == which]
        if not found:
            titles = ", ".join(choice.title for choice in message.choices)
            raise SimulatorError(f"There is no {which!r} to press; there is: {titles}.")
        choice = found[0]
        kind = "list_reply" if message.type == "list" else "button_reply"
        reply = {"id": choice.id, "title": choice.title}
        if choice.description:
            reply["description"] = choice.description
        return self.message("interactive", {"type": kind, kind: reply}, message)

    def edit(self, text: str, message: str | None = None) -> str:
        """Change a message, the last one if none is named; the id of the event."""
        original = message or self._last_sent()
        content = {"original_message_id": original, "message": {"type": "text", "text": {"body": text}}}
        return self._say({"type": "edit", "edit": content}, opens=False)

    def delete(self, message: str | None = None) -> str:
        """Delete a message, the last one if none is named; the id of the event."""
        content = {"original_message_id": message or self._last_sent()}
        return self._say({"type": "revoke", "revoke": content}, opens=False)

    def unsupported(self, kind: str = "poll_creation") -> str:
        """Send something that Meta does not hand on; its id."""
        error = in_webhook(131051, "Message type is currently not supported.")
        return self._say({"type": "unsupported", "errors": [error], "unsupported": {"type": kind}})

    def message(self, kind: str, content: dict[str, Any], answers: Shown | None = None) -> str:
        """Send a message of any type; its id."""
        body: dict[str, Any] = {"type": kind, kind: content}
        if answers is not None:
            body["context"] = {"from": self._account.number, "id": answers.id}
        return self._say(body)

    def change_number(self, number: str, user_id: str | None = None) -> str:
        """Go on under another number, and another business-scoped id where there is one; the id of the notice."""
        with self._changed:
            if self.user_id:
                user_id = user_id or self.user_id + "2"
                text = f"User {self.name} changed from {self.user_id} to {user_id}"
                system: dict[str, Any] = {"body": text, "user_id": user_id, "type": "user_changed_user_id"}
            else:
                text = f"User {self.name} changed from {self.number} to {number}"
                system = {"body": text, "type": "user_changed_number"}
            if not self.hidden:
                system["wa_id"] = number
            body = self._body({"type": "system", "system": system})
            self.number, self.user_id = number, user_id
        self._tell(Event("messages", body, None, self.number))
        return str(body["id"])

    def expire(self) -> None:
        """Let more than a day pass since the last message."""
        if self.heard is not None:
            self.heard -= WINDOW + 60

    @property
    def is_open(self) -> bool:
        """Whether the 24 hours since the customer's last message are not over."""
        return self.heard is not None and time.time() < self.heard + WINDOW

    # For webhooks ---------------------------------------------------------------------------------------------

    @property
    def profile(self) -> dict[str, Any]:
        """The customer as webhooks name them."""
        contact: dict[str, Any] = {"profile": {"name": self.name}}
        if not self.hidden:
            contact["wa_id"] = self.number
        if self.user_id:
            contact["user_id"] = self.user_id
        if self.hidden:
            contact["profile"]["username"] = self.name.lower().replace(" ", "")
        return contact

    def status(self, shown: str, status: str, callback: str | None, error: dict[str, Any] | None = None) -> Event:
        """A status update of a message to this phone."""
        body: dict[str, Any] = {"id": shown, "status": status, "timestamp": str(int(time.time()))}
        if not self.hidden:
            body["recipient_id"] = self.number
        if self.user_id:
            body["recipient_user_id"] = self.user_id
        if callback is not None:
            body["biz_opaque_callback_data"] = callback
        if error is not None:
            body["errors"] = [error]
        elif status != "read":
            body["pricing"] = {
                "billable": False,
                "pricing_model": "PMP",
                "type": "free_customer_service",
                "category": "service",
            }
        return Event("statuses", body, self.profile if self.user_id else None, self.number)

    def _say(self, body: dict[str, Any], opens: bool = True) -> str:
        with self._changed:
            body = self._body(body)
            if opens:
                self.heard = time.time()
                self.sent.append(body["id"])
        self._tell(Event("messages", body, self.profile, self.number))
        return str(body["id"])

    def _body(self, body: dict[str, Any]) -> dict[str, Any]:
        who = {} if self.hidden else {"from": self.number}
        if self.user_id:
            who["from_user_id"] = self.user_id
        id = new_id()
        self._ids.add(id)
        return {**who, "id": id, "timestamp": str(int(time.time())), **body}

    def _last_sent(self) -> str:
        if not self.sent:
            raise SimulatorError(f"The phone {self.number} has sent nothing yet.")
        return self.sent[-1]


def _digits(count: int) -> str:
    return "".join(secrets.choice("123456789") for _ in range(count))
