"""Where the supplier's staff answer: our own signed webhook, and Chatwoot's. docs/handover.md has the formats."""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.limits import TooManyError, address_of
from bot.channels.staff import chatwoot
from bot.channels.staff.refusals import RefusedError
from bot.errors import origin
from bot.handover import Desk, UnfitTextError, UnknownHandoverError, signing
from bot.handover.signing import SignatureError
from bot.settings import Settings
from bot.settings.handover import Handover

logger = logging.getLogger(__name__)

REPLY_LIMIT = 64 * 1024  # bytes
CHATWOOT_LIMIT = 512 * 1024  # Chatwoot sends the conversation along
LONGEST_CONVERSATION = 255
FORM = (
    'The body must be {"conversation": "...", "text": "...", "name": "..."} or {"conversation": "...", "return": true}.'
)

Handler = Callable[[Desk, Handover, Request], None]


class StaffInput(InputChannel):  # type: ignore[misc]
    """The staff's answers. It is not there until a webhook or Chatwoot is set up."""

    PUBLIC = True  # may be published: see bot.runtime.server

    @classmethod
    def name(cls) -> str:
        """Its name in addresses."""
        return "staff"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes under /webhooks/staff."""
        blueprint = Blueprint("staff", "staff")
        for path, handler in (("/reply", _reply), ("/chatwoot", _chatwoot)):
            blueprint.add_route(partial(_handle, handler=handler), path, methods=["POST"], name=path[1:])
        return blueprint


async def _handle(request: Request, handler: Handler) -> HTTPResponse:
    """Whatever happens, JSON goes out."""
    context = request.app.ctx
    try:
        desk: Desk | None = getattr(context, "desk", None)
        if desk is None:
            raise RefusedError(503, "unavailable", "Staff are served by `bot run` alone.")
        handler(desk, context.settings.handover, request)
        answer = response.empty()
    except SignatureError:
        answer = await _unsigned(request)
    except RefusedError as refused:
        answer = refused.response()
    except UnknownHandoverError:
        sentence = "No person was asked for in this conversation, or it was erased."
        answer = RefusedError(404, "unknown_conversation", sentence).response()
    except UnfitTextError as error:
        answer = RefusedError(422, "unfit_text", str(error)).response()
    except Exception as error:  # every driver has exceptions of its own
        logger.error("A request to %s failed: %s", request.path, origin(error))
        answer = RefusedError(500, "failed", "Something went wrong here. Please try again.").response()
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _unsigned(request: Request) -> HTTPResponse:
    """Refuse a call that is not signed. Such calls are counted, and no others: a busy inbox is not turned away."""
    settings: Settings = request.app.ctx.settings
    try:
        forwarded = request.headers.getall("x-forwarded-for", [])
        await request.app.ctx.limits.count("address", address_of(request.ip, forwarded, settings.proxies))
    except TooManyError as error:
        return RefusedError(429, "too_many_requests", "There were too many requests.", error.seconds).response()
    sentence = "The signature is missing, wrong, or older than five minutes."
    return RefusedError(401, "bad_signature", sentence).response()


def _bounded(request: Request, limit: int) -> bytes:
    body: bytes = request.body
    if len(body) > limit:
        raise RefusedError(413, "body_too_large", f"A request may have {limit} bytes.")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "bad_request", "The body must be JSON.") from None
    if not isinstance(data, dict):
        raise RefusedError(400, "bad_request", "The body must be a JSON object.")
    return data


def _reply(desk: Desk, settings: Handover, request: Request) -> None:
    if settings.webhook is None:
        raise RefusedError(404, "not_found", "The handover by webhook is not set up.")
    body = _bounded(request, REPLY_LIMIT)
    id = signing.verify(settings.webhook.secret, request.headers, body, time.time())
    data = _object(body)
    conversation, text, name, back = (data.get(key) for key in ("conversation", "text", "name", "return"))
    if not isinstance(conversation, str) or not 0 < len(conversation) <= LONGEST_CONVERSATION or "\0" in conversation:
        raise RefusedError(400, "bad_request", FORM)
    if back is True and text is None:
        desk.give_back(conversation, once=f"webhook {id}")
    elif isinstance(text, str) and back in (None, False) and (name is None or isinstance(name, str)):
        desk.say(conversation, text, name, once=f"webhook {id}")
    else:
        raise RefusedError(400, "bad_request", FORM)


def _chatwoot(desk: Desk, settings: Handover, request: Request) -> None:
    if settings.chatwoot is None:
        raise RefusedError(404, "not_found", "The handover to Chatwoot is not set up.")
    body = _bounded(request, CHATWOOT_LIMIT)
    chatwoot.verify(settings.chatwoot, request.headers, request.args.get("secret", ""), body, time.time())
    chatwoot.take(desk, settings.chatwoot, _object(body), request.headers.get(chatwoot.DELIVERY, ""))
