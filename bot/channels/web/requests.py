"""What may stand in a request of the web channel, and how a request is refused."""

import json
import re
from typing import Any

from sanic import response
from sanic.response import HTTPResponse

from bot.corpus import Contact

BODY_LIMIT = 64 * 1024  # bytes
MESSAGE_LIMIT = 4096  # characters; what WhatsApp allows
COMMENT_LIMIT = 1000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class RefusedError(Exception):
    """A request is not answered; what is said instead, as `{"error": {"code", "message"}}`."""

    def __init__(
        self, status: int, code: str, message: str, contact: Contact | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.contact, self.retry_after = contact, retry_after

    def response(self) -> HTTPResponse:
        """The refusal as a response; a person to ask instead stands in it where there is one."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.contact:
            error["contact"] = contact_of(self.contact)
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        return response.json({"error": error}, self.status, headers)


def contact_of(contact: Contact) -> dict[str, str]:
    """The person to ask, as the protocol has it."""
    return {"name": contact.name, "whatsapp": contact.whatsapp, "link": contact.link}


def read(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; an empty body is an empty object.

    Raises:
        RefusedError: it is too long, or none.
    """
    if len(body) > BODY_LIMIT:
        raise RefusedError(413, "body_too_large", f"A request may have {BODY_LIMIT} bytes.")
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise RefusedError(400, "bad_request", "The body must be JSON.") from None
    if not isinstance(data, dict):
        raise RefusedError(400, "bad_request", "The body must be a JSON object.")
    return data


def identifier(data: dict[str, Any], name: str) -> str:
    """A field that must hold a UUID.

    Raises:
        RefusedError: it does not.
    """
    found = data.get(name)
    if not isinstance(found, str) or not _UUID.fullmatch(found):
        raise RefusedError(400, "bad_request", f'"{name}" must be a UUID.')
    return found


def text(data: dict[str, Any]) -> str:
    """The customer's message.

    Raises:
        RefusedError: there is none, it is blank, or too long.
    """
    found = data.get("text")
    if not isinstance(found, str) or not found.strip():
        raise RefusedError(400, "bad_request", '"text" must be a text that is not empty.')
    if len(found) > MESSAGE_LIMIT:
        sentence = f"The message has {len(found)} characters; at most {MESSAGE_LIMIT} can be read."
        raise RefusedError(422, "message_too_long", sentence)
    return found


def chosen(data: dict[str, Any]) -> tuple[str, list[str]]:
    """The answer whose options were chosen, and their ids.

    Raises:
        RefusedError: the form is another.
    """
    found = data["chosen"]
    options = found.get("options") if isinstance(found, dict) else None
    if not isinstance(options, list) or not options or not all(isinstance(option, str) for option in options):
        raise RefusedError(400, "bad_request", '"chosen" must be {"answer": a UUID, "options": [ids]}.')
    return identifier(found, "answer"), options


def titles(answer: dict[str, Any], options: list[str]) -> str:
    """What the customer says by choosing options of an answer: the titles they were offered under.

    Raises:
        RefusedError: the answer did not offer them, or only one of them could be chosen.
    """
    question = answer.get("question") or {}
    offered = {option["id"]: option["title"] for option in question.get("options") or answer.get("related") or ()}
    unknown = set(options) - offered.keys()
    if unknown or len(set(options)) < len(options):
        raise RefusedError(422, "unknown_option", "These options were not offered in that answer, or not twice.")
    if len(options) > 1 and not question.get("multiple"):
        raise RefusedError(422, "one_option", "Only one of these options can be chosen.")
    return ", ".join(title for option, title in offered.items() if option in options)


def rating(data: dict[str, Any]) -> tuple[str | None, str | None]:
    """A rating, None to take it back, and the customer's word of why.

    Raises:
        RefusedError: they are of another form, or the comment is too long.
    """
    found, comment = data.get("rating"), data.get("comment")
    if "rating" not in data or found not in ("up", "down", None):
        raise RefusedError(400, "bad_request", '"rating" must be "up", "down" or null.')
    if comment is not None and not isinstance(comment, str):
        raise RefusedError(400, "bad_request", '"comment" must be a text, or be left out.')
    if comment is not None and len(comment) > COMMENT_LIMIT:
        raise RefusedError(422, "comment_too_long", f"The comment may have {COMMENT_LIMIT} characters.")
    return found, (comment or "").strip() or None
