"""Meta's deliveries to the webhook: every entry, change, message and status of one, as typed events. No I/O.

A delivery is signed, and still nothing in it is taken for granted: whatever is missing or of another type makes the one
thing unreadable in which it is, and nothing beside it. What cannot be used is noted in words that hold nothing of what
a customer wrote.

The body of a message (`Arrived.body`, kept in the inbox until it is answered):

| key | |
|---|---|
| `kind` | `text`; `reply` (a button or row was chosen); `media`; `location`; `contacts`; `unsupported` |
| `text` | what was written, a caption, the title of what was chosen; at most 4096 characters; '' where there is none |
| `unread` | what is no text and so cannot be read: image, video, audio, voice, document, sticker, location, contacts, |
| | or Meta's word for what it does not pass on |
| `reply_id` | of `reply`: the id of the button or row, or the payload of a template's button |

The address of a customer is the phone number (digits), or the user id where Meta does not tell the number.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.store.inbox import Arrived, Deleted, Edited, Event, Moved, Reacted, Receipt

LONGEST_TEXT = 4096  # characters
LONGEST_ID = 200
# Deliveries are repeated for a week; what seems older was dated wrong.
OLDEST = 30 * 24 * 3600.0
MEDIA = ("image", "video", "audio", "document", "sticker")
WENT = ("sent", "delivered", "read")
MOVES = ("user_changed_number", "user_changed_user_id", "customer_changed_number")


class UnreadableError(Exception):
    """A delivery is not what Meta sends; or one thing in it, and then the text says what, in our own words."""


@dataclass(frozen=True)
class Delivery:
    """What a delivery brought.

    Attributes:
        events: what customers did, in order.
        receipts: what became of what we sent.
        notes: what was left aside, or Meta reports of itself: a few words each, for the log.
    """

    events: tuple[Event, ...]
    receipts: tuple[Receipt, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Sender:
    identities: tuple[str, ...]
    address: str


def read(body: bytes, number: str, now: float) -> Delivery:
    """Read a delivery.

    Args:
        number: our phone number's id; what is for another one is left aside.
        now: the time; what is dated later is dated now.

    Raises:
        UnreadableError: it is no JSON object of a WhatsApp account.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableError("no JSON") from None
    if not isinstance(data, dict) or data.get("object") != "whatsapp_business_account":
        raise UnreadableError("nothing of a WhatsApp account")
    events: list[Event] = []
    receipts: list[Receipt] = []
    notes: list[str] = []
    for entry in _objects(data, "entry", notes):
        for change in _objects(entry, "changes", notes):
            value = change.get("value")
            if change.get("field") != "messages" or not isinstance(value, dict):
                notes.append(f"a change of {_word(change.get('field'))}")
                continue
            notes += [f"Meta's error {_error(each)}" for each in _objects(value, "errors", notes)]
            if not value.keys() & {"messages", "statuses"}:
                continue
            metadata = value.get("metadata")
            if not isinstance(metadata, dict) or metadata.get("phone_number_id") != number:
                notes.append("something for another number")
                continue
            messages = _objects(value, "messages", notes)
            contacts = _objects(value, "contacts", [])
            for message in messages:
                try:
                    events.append(_event(message, _sender(message, contacts, len(messages) == 1), now))
                except UnreadableError as error:
                    notes.append(str(error))
            for status in _objects(value, "statuses", notes):
                try:
                    receipts.append(_receipt(status))
                except UnreadableError as error:
                    notes.append(str(error))
    return Delivery(tuple(events), tuple(receipts), tuple(notes))


def _event(message: dict[str, Any], sender: _Sender, now: float) -> Event:
    kind = _word(message.get("type"))
    id = _id(message.get("id"), "a message")
    at = _time(message.get("timestamp"), now)
    content = _dict(message, kind)
    if kind == "system":
        return _moved(id, content, sender, at)
    if "group_id" in message:
        raise UnreadableError("a message of a group")
    if not sender.identities:
        raise UnreadableError("a message without a sender")
    if kind == "reaction":
        emoji = content.get("emoji")
        about = _id(content.get("message_id"), "a reaction")
        return Reacted(id, sender.identities, about, emoji if isinstance(emoji, str) and emoji else None)
    if kind == "revoke":
        return Deleted(id, sender.identities, _id(content.get("original_message_id"), "a deletion"))
    if kind == "edit":
        original = _id(content.get("original_message_id"), "an edit")
        body = _body(_dict(content, "message"))
        return Edited(id, sender.identities, sender.address, at, body, original)
    return Arrived(id, sender.identities, sender.address, at, _body(message))


def _body(message: dict[str, Any]) -> dict[str, Any]:
    """A message's body: see the module.

    Raises:
        UnreadableError: nothing that a customer says to us is of this type.
    """
    kind = _word(message.get("type"))
    content = _dict(message, kind)
    if kind == "text":
        text = _text(content.get("body"))
        return {"kind": "text", "text": text} if text.strip() else {"kind": "unsupported", "text": "", "unread": kind}
    if kind == "button":
        return {"kind": "reply", "text": _text(content.get("text")), "reply_id": _text(content.get("payload"))}
    if kind == "interactive":
        chosen = _dict(content, _word(content.get("type")))
        if content.get("type") not in ("button_reply", "list_reply") or not isinstance(chosen.get("title"), str):
            raise UnreadableError(f"an interactive message of the type {_word(content.get('type'))}")
        return {"kind": "reply", "text": _text(chosen["title"]), "reply_id": _text(chosen.get("id"))}
    if kind in MEDIA or kind == "voice":
        unread = "voice" if content.get("voice") is True else kind
        return {"kind": "media", "text": _text(content.get("caption")), "unread": unread}
    if kind in ("location", "contacts"):
        return {"kind": kind, "text": "", "unread": kind}
    if kind in ("unsupported", "unknown"):
        return {"kind": "unsupported", "text": "", "unread": _word(_dict(message, "unsupported").get("type"))}
    raise UnreadableError(f"a message of the type {kind}")


def _moved(id: str, system: dict[str, Any], sender: _Sender, at: float) -> Moved:
    if system.get("type") not in MOVES:
        raise UnreadableError(f"a system message of the type {_word(system.get('type'))}")
    phone = _maybe_id(system.get("wa_id")) or _maybe_id(system.get("new_wa_id"))
    user = _maybe_id(system.get("user_id"))
    if not phone and not user:
        raise UnreadableError("a change of number without the new one")
    previous = _maybe_id(system.get("previous_user_id"))
    new = _identities(user, phone)
    # `from` is the number that the customer had, and the message's user id may be either.
    old = tuple(each for each in dict.fromkeys((*_identities(previous), *sender.identities)) if each not in new)
    if not old:
        raise UnreadableError("a change of number without the old one")
    return Moved(id, old, new, phone or user, at)


def _sender(message: dict[str, Any], contacts: list[dict[str, Any]], alone: bool) -> _Sender:
    """Who wrote a message: the user id first, which outlives the phone number.

    The contact of a message has its number or user id; a number may be written otherwise than in the message, so where
    there is one message and one contact they belong together, unless their user ids are different.
    """
    phone, user = _maybe_id(message.get("from")), _maybe_id(message.get("from_user_id"))
    named = [(_maybe_id(each.get("wa_id")), _maybe_id(each.get("user_id"))) for each in contacts]
    theirs = [each for each in named if user and each[1] == user] or [
        each for each in named if phone and each[0] == phone
    ]
    if not theirs and alone and len(named) == 1 and not (user and named[0][1]):
        theirs = named
    wa, known = theirs[0] if theirs else (None, None)
    identities = _identities(user or known, wa, phone)
    return _Sender(identities, phone or wa or user or known or "")


def _identities(user: str | None, *phones: str | None) -> tuple[str, ...]:
    named = [f"user:{user}" if user else None, *(f"wa:{phone}" if phone else None for phone in phones)]
    return tuple(dict.fromkeys(each for each in named if each))


def _receipt(status: dict[str, Any]) -> Receipt:
    kind = _word(status.get("status"))
    message = _id(status.get("id"), "a status")
    callback = _maybe_id(status.get("biz_opaque_callback_data"))
    if kind in WENT:
        return Receipt(callback, message, None)
    if kind == "failed":
        errors = _objects(status, "errors", [])
        return Receipt(callback, message, _error(errors[0]) if errors else "failed")
    raise UnreadableError(f"a status {kind}")


def _objects(parent: dict[str, Any], key: str, notes: list[str]) -> list[dict[str, Any]]:
    """The objects of a list; what else is in it, or in its place, is noted."""
    found = parent.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        notes.append(f"no list of {key}")
        return []
    kept = [each for each in found if isinstance(each, dict)]
    notes += [f"something else among {key}"] * (len(found) - len(kept))
    return kept


def _dict(parent: dict[str, Any], key: str) -> dict[str, Any]:
    found = parent.get(key)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""


def _maybe_id(value: object) -> str | None:
    """A name that a database can hold: neither half an emoji nor NUL are printable."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable() else None


def _id(value: object, what: str) -> str:
    found = _maybe_id(value)
    if found is None:
        raise UnreadableError(f"{what} without an id")
    return found


def _word(value: object) -> str:
    """One of Meta's own words, as it may stand in a log."""
    return value if isinstance(value, str) and re.fullmatch(r"[a-z_]{1,40}", value) else "unknown"


def _error(error: dict[str, Any]) -> str:
    """Code and title of an error of Meta's. Its other texts may hold a number, or what was sent."""
    code, title = error.get("code"), error.get("title")
    told = f"{code}" if isinstance(code, int) and abs(code) < 10**9 else "unknown"
    return f"{told} {title[:100]}" if isinstance(title, str) and title.isprintable() else told


def _time(value: object, now: float) -> float:
    """When something happened; what cannot be is now."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not now - OLDEST <= value <= now:
        return now
    return float(value)


_THUMBS = {"\N{THUMBS UP SIGN}": "up", "\N{THUMBS DOWN SIGN}": "down"}
_HEARTS = "❤♥💙💚💛🧡💜🖤🤍🤎🩷🩵🩶💖💗💓💕💞"


def rating(emoji: str | None) -> str | None:
    """What a reaction says of an answer: 'up', 'down', or None for nothing."""
    if emoji is None:
        return None
    plain = re.sub(
        "[\N{VARIATION SELECTOR-16}\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}-\N{EMOJI MODIFIER FITZPATRICK TYPE-6}]",
        "",
        emoji,
    )
    return "up" if plain and len(plain) == 1 and plain in _HEARTS else _THUMBS.get(plain)
