"""The channel of the chat widget: plain requests, one reply to each. docs/security.md says what strangers can reach.

The server makes the conversation and signs its token; whatever else a browser sends is checked against what was
said in that conversation.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.answers.responses import Responses
from bot.channels import tokens
from bot.channels.limits import Limits, TooManyError, address_of
from bot.channels.turn import FAILURES, reply_to, settle_later
from bot.channels.web import requests, transcript
from bot.channels.web.requests import RefusedError
from bot.corpus import shelf
from bot.errors import origin
from bot.handover import Desk
from bot.settings import Settings
from bot.store import Rating, Store, UnknownConversationError, conversations, said
from bot.store.conversations import Exchange

logger = logging.getLogger(__name__)

HISTORY = 200  # messages
LOCK_POLL = 0.1  # seconds between two looks whether another message of the conversation is done
UNKNOWN_SESSION = "This conversation is not known here, or was erased: begin a new one."
ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}
ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Origin"}


@dataclass(frozen=True)
class Call:
    """A request that is within its limits, and what it is answered with; `conversation` is '' where none is needed."""

    agent: Agent
    store: Store
    desk: Desk
    settings: Settings
    data: dict[str, Any]
    conversation: str

    @property
    def handover(self) -> str | None:
        """Who has the conversation, where it is not the assistant alone."""
        return said.handover(self.store.engine, self.conversation)


Handler = Callable[[Call], Awaitable[HTTPResponse]]


class WebInput(InputChannel):  # type: ignore[misc]
    """The web channel: see docs/architecture.md for its protocol."""

    PUBLIC = True  # may be published: see bot.runtime.server

    def __init__(self) -> None:
        # By conversation and message: a retry waits for what is under way.
        self._running: dict[tuple[str, str], asyncio.Task[dict[str, Any]]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        """Its name in addresses and events."""
        return "web"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes under /webhooks/web."""
        blueprint = Blueprint("web", "web")
        routes: tuple[tuple[str, str, Handler, bool], ...] = (
            ("POST", "/session", self._session, False),
            ("GET", "/contact", self._contact, False),
            ("GET", "/history", self._history, True),
            ("GET", "/news", self._news, True),
            ("POST", "/message", self._message, True),
            ("POST", "/rating", self._rating, True),
            ("POST", "/forget", self._forget, True),
            ("GET", "/download", self._download, True),
        )
        for method, path, handler, in_conversation in routes:
            handle = partial(self._handle, handler=handler, in_conversation=in_conversation)
            blueprint.add_route(handle, path, methods=[method], name=path[1:])
            blueprint.add_route(partial(self._handle, handler=None), path, methods=["OPTIONS"], name=f"{path[1:]}_cors")
        return blueprint

    async def _handle(self, request: Request, handler: Handler | None, in_conversation: bool = False) -> HTTPResponse:
        """Whatever happens, JSON goes out, with what the browser needs to let the page read it."""
        allowed = {}
        try:
            context = request.app.ctx
            if getattr(context, "store", None) is None:
                raise RefusedError(503, "unavailable", "The web channel is served by `bot run` alone.")
            page = request.headers.get("origin")
            if page is not None and page not in context.settings.origins:
                raise RefusedError(403, "origin_refused", "This page may not talk to the assistant.")
            allowed = {"Access-Control-Allow-Origin": page} if page else {}
            if handler is None:
                return response.empty(headers={**ALWAYS, **allowed, **ALLOWED})
            call = await self._call(request, in_conversation)
            answer = await handler(call)
        except RefusedError as refused:
            answer = refused.response()
        except TooManyError as error:
            sentence = f"There were too many requests. Please try again in {error.seconds} seconds."
            answer = RefusedError(429, "too_many_requests", sentence, _person(), error.seconds).response()
        except UnknownConversationError:
            answer = RefusedError(401, "unknown_session", UNKNOWN_SESSION).response()
        except FAILURES as error:
            logger.error("A request to %s failed: %s", request.path, origin(error))
            sentence = "Something went wrong here. Please try again, or ask a person."
            answer = RefusedError(500, "failed", sentence, _person()).response()
        answer.headers.update(
            {**ALWAYS, **allowed, "Access-Control-Expose-Headers": "Content-Disposition, Retry-After"}
        )
        return answer

    async def _call(self, request: Request, in_conversation: bool) -> Call:
        settings: Settings = request.app.ctx.settings
        limits: Limits = request.app.ctx.limits
        store: Store = request.app.ctx.store
        forwarded = request.headers.getall("x-forwarded-for", [])
        counted = "_news" if request.path.endswith("/news") else ""
        await limits.count(f"address{counted}", address_of(request.ip, forwarded, settings.proxies))
        conversation = ""
        if in_conversation:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise RefusedError(401, "no_token", "The request needs a token: Authorization: Bearer TOKEN.")
            try:
                conversation = tokens.conversation_of(token.strip(), self.name(), settings.secret_key)
            except tokens.TokenError:
                raise UnknownConversationError from None
            store.require(conversation)
            await limits.count(f"session{counted}", conversation)
        data = requests.read(request.body) if request.method == "POST" else {}
        return Call(request.app.ctx.agent, store, request.app.ctx.desk, settings, data, conversation)

    @asynccontextmanager
    async def _alone(self, call: Call) -> AsyncIterator[None]:
        """While nothing else is done in the conversation by any worker, and as long as it is there.

        Raises:
            UnknownConversationError: it was erased meanwhile.
        """
        # Rasa's locks are looked at again and again: that is for other workers, not for those who wait in here.
        here = self._locks.setdefault(call.conversation, asyncio.Lock())
        # Another name than Rasa's own lock has, which is taken inside.
        lock = call.agent.lock_store.lock(f"web-{call.conversation}", wait_time_in_seconds=LOCK_POLL)
        async with here, lock:
            call.store.require(call.conversation)
            yield

    async def _session(self, call: Call) -> HTTPResponse:
        token = tokens.sign(call.store.begin(self.name()), self.name(), call.settings.secret_key)
        notice = "This conversation ends when the server does: BOT_SECRET_KEY is not set."
        return response.json({"token": token} | ({"notice": notice} if call.settings.key_is_random else {}), 201)

    async def _contact(self, call: Call) -> HTTPResponse:
        person = _person()
        contact = requests.contact_of(person) if person else {}
        return response.json({**contact, "notice": _notice(call.agent)})

    async def _history(self, call: Call) -> HTTPResponse:
        exchanges = conversations.newest_first(call.store.engine, call.conversation)
        ratings = call.store.ratings(call.conversation)
        others = said.newest_first(call.store.engine, call.conversation)
        newest = list(islice(transcript.messages(exchanges, ratings, others), HISTORY + 1))
        more = {"more": True} if len(newest) > HISTORY else {}
        now = {"news": len(others), **transcript.state(call.handover)}
        return response.json({"messages": newest[HISTORY - 1 :: -1], **more, **now})

    async def _news(self, call: Call) -> HTTPResponse:
        news = said.count(call.store.engine, call.conversation)
        return response.json({"news": news, **transcript.state(call.handover)})

    async def _message(self, call: Call) -> HTTPResponse:
        number = requests.identifier(call.data, "id")
        if ("text" in call.data) == ("chosen" in call.data):
            raise RefusedError(400, "bad_request", 'A message has either "text" or "chosen".')
        text, asked = self._chosen(call) if "chosen" in call.data else (requests.text(call.data), None)
        # It goes on when the customer leaves or has waited too long: the same message sent again gets its reply.
        key = (call.conversation, number)
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._answer(call, number, text, asked))
            self._running[key].add_done_callback(partial(self._done, key))
        task = self._running[key]
        try:
            return response.json(await asyncio.wait_for(asyncio.shield(task), call.settings.reply_seconds))
        except TimeoutError:
            sentence = "The answer takes too long. Please try again, or ask a person."
            raise RefusedError(504, "too_late", sentence, _person()) from None

    def _done(self, key: tuple[str, str], task: asyncio.Task[Any]) -> None:
        del self._running[key]
        if not task.cancelled():
            task.exception()  # asyncio would log one that nobody waits for any more, with its text

    def _chosen(self, call: Call) -> tuple[str, str | None]:
        """What was chosen says, and the id of the answer whose question it answers, if it does."""
        answer, options = requests.chosen(call.data)
        found = conversations.find_answer(call.store.engine, call.conversation, answer)
        if found is None or found.reply is None:
            raise RefusedError(422, "unknown_answer", "There is no such answer in this conversation.")
        is_asked = (found.reply.answer.get("question") or {}).get("options")
        return requests.titles(found.reply.answer, options), answer if is_asked else None

    async def _answer(self, call: Call, number: str, text: str, asked: str | None) -> dict[str, Any]:
        """The reply to a message; to one that was answered before the same reply, and nothing happens again.

        Args:
            asked: the id of the answer whose question the message answers; None for any other message.
        """
        engine, conversation, desk = call.store.engine, call.conversation, call.desk
        async with self._alone(call):
            new = call.store.claim(conversation, number)
            found = None if new else conversations.find(engine, conversation, number)
            if found is None or not (found.reply or found.passed_on):
                last = conversations.last_reply(engine, conversation) if asked else None
                if last and last.answer.get("id") != asked:  # it would answer what was asked since
                    raise RefusedError(422, "outdated", "Something else was said since: only the last question counts.")
                silent = self._silent(call, number)
                replies = await reply_to(call.agent, conversation, text, self.name(), silent, number, desk)
                try:
                    found = conversations.find(engine, conversation, number)
                except FAILURES as error:  # it said so to the customer, but could not keep that
                    logger.error("A reply of conversation %s cannot be read: %s", conversation, origin(error))
                if found is None or (replies and found.reply is None):
                    found = transcript.unkept(number, text, replies)
            else:
                self._finish(call, found)
            return transcript.exchange(found, call.handover)

    def _finish(self, call: Call, found: Exchange) -> None:
        """Do what a crash may have kept from being done after a message was stored; nothing is done twice."""
        if found.passed_on:
            call.desk.forward(call.conversation, found.id, found.text)
        if found.reply:
            settle_later(call.desk, call.conversation, self.name(), found.reply)

    def _silent(self, call: Call, number: str) -> dict[str, int]:
        """For how many days the customer had said nothing; a message is answered also where that cannot be read."""
        try:
            days = conversations.silent_days(call.store.engine, call.conversation, number, time.time())
        except FAILURES as error:
            logger.error("Conversation %s cannot be read: %s", call.conversation, origin(error))
            return {}
        return {"silent_days": days}

    async def _rating(self, call: Call) -> HTTPResponse:
        answer = requests.identifier(call.data, "answer")
        rating, comment = requests.rating(call.data)
        async with self._alone(call):
            found = conversations.find_answer(call.store.engine, call.conversation, answer)
            if found is None or found.reply is None:
                raise RefusedError(422, "unknown_answer", "There is no such answer in this conversation.")
            if rating is None:
                call.store.unrate(call.conversation, answer)
            else:
                call.store.rate(call.conversation, Rating(found.reply.answer, found.text, rating, comment))
        return response.empty()

    async def _forget(self, call: Call) -> HTTPResponse:
        async with self._alone(call):
            call.store.forget(call.conversation)
        return response.empty()

    async def _download(self, call: Call) -> HTTPResponse:
        exchanges = conversations.newest_first(call.store.engine, call.conversation)
        tracker = await call.agent.tracker_store.retrieve(call.conversation)
        remembered = (tracker.get_slot("conditions") if tracker else None) or []
        others = said.newest_first(call.store.engine, call.conversation)
        whole = transcript.readable(exchanges, call.store.ratings(call.conversation), others, remembered)
        name = {"Content-Disposition": 'attachment; filename="conversation.json"'}
        return response.json({"notice": _notice(call.agent), **whole}, headers=name, dumps=_in_lines)


def _in_lines(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _person() -> Any:
    corpus = shelf.latest()
    return corpus.contact if corpus else None


def _notice(agent: Agent) -> str:
    return Responses(agent.domain.responses)("kept")
