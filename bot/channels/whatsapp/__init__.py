"""The supplier's WhatsApp number, on Meta's Cloud API: what comes in. docs/security.md says what strangers can reach.

The webhook checks who sent a delivery, reads it, keeps it in the queue and acknowledges it. `worker` answers.
"""

import hashlib
import hmac
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.turn import FAILURES
from bot.channels.whatsapp import deliveries
from bot.channels.whatsapp.deliveries import Delivery, UnreadableError
from bot.channels.whatsapp.thread import WorkerThread
from bot.channels.whatsapp.worker import Worker
from bot.errors import origin
from bot.settings import Settings
from bot.store import Rating, Store, conversations
from bot.store.inbox import Reacted
from bot.store.queue import Queue

logger = logging.getLogger(__name__)

LARGEST_BODY = 3 * 1024 * 1024  # bytes; Meta's largest
LONGEST_CHALLENGE = 255  # characters
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class WhatsAppInput(InputChannel):  # type: ignore[misc]
    """Meta's webhook, and the worker that answers beside it; see docs/whatsapp.md."""

    PUBLIC = True  # may be published: see bot.runtime.server

    @classmethod
    def name(cls) -> str:
        """Its name in addresses and events."""
        return "whatsapp"

    @staticmethod
    def is_on(settings: Settings) -> bool:
        """Whether the channel is served: its variables are set."""
        return settings.whatsapp is not None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes under /webhooks/whatsapp, and the worker for as long as the server runs."""
        blueprint = Blueprint("whatsapp", "whatsapp")
        blueprint.middleware(_refuse_until_started, attach_to="request")
        blueprint.add_route(_status, "/", methods=["GET"])
        blueprint.add_route(_verify, "/webhook", methods=["GET"], name="verify")
        blueprint.add_route(_receive, "/webhook", methods=["POST"], name="receive")
        blueprint.listener("after_server_start")(_start)
        blueprint.listener("before_server_stop")(_stop)
        return blueprint


async def _start(app: Any, *_: Any) -> None:
    if getattr(app.ctx, "store", None) is None:
        logger.warning("WhatsApp messages are answered by `bot run` alone.")
        return
    app.ctx.whatsapp_queue = Queue(app.ctx.store.engine, WhatsAppInput.name())
    app.ctx.whatsapp = WorkerThread(Worker(app))


async def _stop(app: Any, *_: Any) -> None:
    if hasattr(app.ctx, "whatsapp"):
        await app.ctx.whatsapp.stop()


async def _refuse_until_started(request: Request) -> HTTPResponse | None:
    return None if hasattr(request.app.ctx, "whatsapp") else response.empty(503, headers=HEADERS)


async def _status(_: Request) -> HTTPResponse:
    return response.json({"status": "ok"})


async def _verify(request: Request) -> HTTPResponse:
    """Meta asks whether the address is ours, when it is set and now and then."""
    token = request.app.ctx.settings.whatsapp.verify_token
    shown, challenge = (request.args.get(name) or "" for name in ("hub.verify_token", "hub.challenge"))
    is_right = hmac.compare_digest(_bytes(shown), _bytes(token))
    if not is_right or request.args.get("hub.mode") != "subscribe" or len(challenge) > LONGEST_CHALLENGE:
        return response.empty(403, headers=HEADERS)
    return response.text(challenge, headers=HEADERS)


async def _receive(request: Request) -> HTTPResponse:
    """Keep a delivery; whoever did not sign it learns nothing."""
    context = request.app.ctx
    if len(request.body) > LARGEST_BODY:
        return response.empty(413, headers=HEADERS)
    if not _is_signed(
        request.body, request.headers.get("x-hub-signature-256", ""), context.settings.whatsapp.app_secret
    ):
        return response.empty(401, headers=HEADERS)
    now = time.time()
    try:
        delivery = deliveries.read(request.body, context.settings.whatsapp.phone_number_id, now)
    except UnreadableError as error:
        logger.warning("WhatsApp: a delivery was left aside: %s.", error)
        return response.empty(200, headers=HEADERS)
    _log(delivery.notes)
    try:
        _keep(context, delivery, now)
    except FAILURES as error:
        # Meta sends it again, for up to a week.
        logger.error("WhatsApp: a delivery could not be kept: %s", origin(error))
        return response.empty(503, headers=HEADERS)
    return response.empty(200, headers=HEADERS)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(_bytes(signature), right.encode())


def _log(notes: Iterable[str]) -> None:
    for note, times in Counter(notes).items():
        logger.warning("WhatsApp: %s%s.", note, f" ({times} times)" if times > 1 else "")


def _keep(context: Any, delivery: Delivery, now: float) -> None:
    queue: Queue = context.whatsapp_queue
    for event in delivery.events:
        if isinstance(event, Reacted):
            _rate(context.store, queue, event)
    delivered = queue.deliver(delivery.events, delivery.receipts, now)
    for id in delivered.twice:
        logger.warning("WhatsApp: a customer has message %s of the outbox twice.", id)
    if delivery.events:
        context.whatsapp.wake()


def _rate(store: Store, queue: Queue, reaction: Reacted) -> None:
    """A thumb or a heart on an answer is a rating of it; another reaction, or none, takes that back."""
    found = queue.answer_sent_as(reaction.message)
    if found is None or queue.is_known(reaction.id):
        return
    conversation, answer = found
    rating = deliveries.rating(reaction.emoji)
    if rating is None:
        store.unrate(conversation, answer)
    elif exchange := conversations.find_answer(store.engine, conversation, answer):
        payload = exchange.reply.answer if exchange.reply else {}
        store.rate(conversation, Rating(payload, exchange.text, rating, None))
