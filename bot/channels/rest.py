"""Rasa's REST protocol for local use: POST /webhooks/rest/webhook {"sender", "message"}.

For developers and tests on this machine: whoever calls it chooses the conversation. It is never published.
"""

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput as RasaRestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.turn import reply_to
from bot.errors import BotError

MESSAGE_LIMIT = 4096  # characters; what WhatsApp allows


class BadRequestError(BotError):
    """The request cannot be read; the message says what is expected."""


class RestInput(RasaRestInput):  # type: ignore[misc]
    """One reply to every message, text and payload in one object, sent after the conversation is saved."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """GET / says that the channel is there, POST /webhook answers a message."""
        blueprint = Blueprint("bot_rest_webhook", "bot_rest_webhook")

        @blueprint.get("/")  # type: ignore[untyped-decorator]
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")  # type: ignore[untyped-decorator]
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text, metadata = read(request.body)
            except BadRequestError as error:
                return response.json({"error": str(error)}, status=400)
            agent, desk = (getattr(request.app.ctx, name, None) for name in ("agent", "desk"))
            replies = await reply_to(agent, sender, text, self.name(), metadata, desk=desk)
            # It cannot push: what persons said since comes with the next reply.
            said = [{"recipient_id": sender, **each} for each in (desk.collect(sender) if desk else ())]
            return response.json(said + replies)

        return blueprint


def read(body: bytes) -> tuple[str, str, dict[str, Any] | None]:
    """Sender, message and metadata of a request's body. A caller without a sender gets a conversation of its own.

    Raises:
        BadRequestError: the body is not a JSON object with a message of text in bounds.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequestError("The body must be JSON.") from None
    if not isinstance(data, dict):
        raise BadRequestError('The body must be an object: {"sender": "...", "message": "..."}.')
    text, sender, metadata = data.get("message"), data.get("sender"), data.get("metadata")
    if not isinstance(text, str) or not text.strip():
        raise BadRequestError('"message" must be a text that is not empty.')
    if len(text) > MESSAGE_LIMIT:
        raise BadRequestError(f'"message" has {len(text)} characters; at most {MESSAGE_LIMIT} are read.')
    if sender is not None and not (isinstance(sender, str) and 0 < len(sender) <= 255 and sender.isprintable()):
        raise BadRequestError('"sender" must be a text of 1 to 255 printable characters, or be left out.')
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequestError('"metadata" must be an object, or be left out.')
    return sender or uuid.uuid4().hex, text, metadata
