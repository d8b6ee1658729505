"""What a customer's turn on WhatsApp is answered with."""

import logging
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.answers.responses import Responses
from bot.channels import turn as turns
from bot.channels.whatsapp import rendering
from bot.errors import origin
from bot.handover import Desk
from bot.store import conversations, outbox
from bot.store.conversations import Reply
from bot.store.queue import Turn, Waiting

logger = logging.getLogger(__name__)

CHANNEL = "whatsapp"
FALLBACK = turns.FALLBACK | {
    "utter_text_only": [{"text": "I can read text only. Please write what you would like to know."}],
    "utter_text_beside": [{"text": "I can read text only. To your text:"}],
    "utter_whatsapp_more": [{"text": "More"}],
}
# Of a reply in the outbox: "message" as the Graph API has it, "answer", its id or None, "more", the id of its button.
Body = dict[str, Any]


class Answering:
    """Answers turns, one at a time."""

    def __init__(self, context: Any) -> None:
        """Use what the server keeps in `app.ctx`: `agent`, `store` and `desk`."""
        self._context = context

    @property
    def desk(self) -> Desk:
        """Where persons take conversations over."""
        desk: Desk = self._context.desk
        return desk

    async def bodies(self, conversation: str, turn: Turn) -> list[Body]:
        """What is to be sent to a turn: one message; none while a person has the conversation.

        A pressed 'More' button shows the rest of the last answer. An option of an older question does not answer the
        one that is open now: that is asked again. What is no text cannot be read: the customer is told so, and a
        person gets '[image]' with what stands under it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database fails; the turn can be answered later.
        """
        try:
            found, asked = await self._sorted(conversation, turn)
            return [*found, *(await self._answer(conversation, turn, asked) if asked else [])]
        except sa.exc.SQLAlchemyError:
            raise
        except Exception as error:  # the same would happen the next time, and every turn gets a reply
            logger.error("A turn of conversation %s could not be answered: %s", conversation, origin(error))
            return [_shown_as(rendering.notice(self._responses()("failure")), None)]

    async def _sorted(self, conversation: str, turn: Turn) -> tuple[list[Body], list[Waiting]]:
        """What buttons show of what was said before, and the messages that the agent answers."""
        engine = self._context.store.engine
        was_asked = turn.again and conversations.find(engine, conversation, turn.id) is not None
        if was_asked or self.desk.is_silent(conversation):
            return [], list(turn.messages)
        choices = [each for each in turn.messages if _choice(each)]
        opened = await self._open(conversation) if choices else None
        outdated = [each for each in choices if opened and _choice(each) != opened.answer.get("id")]
        mores = [(each, button) for each in turn.messages if (button := self._more(conversation, each))]
        shown = [*outdated, *(message for message, _ in mores)]
        asked = [each for each in turn.messages if each not in shown]
        if any(map(_text, asked)):
            return [], asked  # what was said before may be wrong after this
        found = [_again(opened, self._responses())] if opened and outdated else []
        for message, button in mores:
            rest = self._rest(conversation, button)
            if rest is None:
                return [], [*asked, message]
            if rest not in found:  # one press of a button is enough
                found.append(rest)
        return found, asked

    async def _open(self, conversation: str) -> Reply | None:
        """The last reply, where a question is open: its own, or one that was asked before it."""
        last = conversations.last_reply(self._context.store.engine, conversation)
        if last is None or last.answer.get("question") or self._context.agent is None:
            return last
        tracker = await self._context.agent.tracker_store.retrieve(conversation)
        return last if tracker is not None and tracker.get_slot("awaiting") else None

    def _responses(self) -> Responses:
        agent = self._context.agent
        domain = agent.domain if agent is not None else None
        return Responses(FALLBACK | (domain.responses if domain else {}))

    def _more(self, conversation: str, message: Waiting) -> str:
        """The id of the 'More' button that was pressed, or whose title was written; '' for any other message."""
        button = str(message.body.get("reply_id") or "") or self._typed_more(conversation, message)
        return button if rendering.answer_of(button) else ""

    def _rest(self, conversation: str, button: str) -> Body | None:
        """The rest of the last answer; None where the button is another's, or anything was said since."""
        newest = next(conversations.newest_first(self._context.store.engine, conversation), None)
        answer = newest.reply.answer if newest and newest.reply else {}
        if answer.get("id") != rendering.answer_of(button):
            return None
        try:
            return _shown_as(rendering.more(answer, button, self._responses()), answer["id"])
        except Exception as error:
            logger.error("The rest of answer %s cannot be rendered: %s", answer["id"], origin(error))
            return None

    def _typed_more(self, conversation: str, message: Waiting) -> str:
        """The 'More' button of the last reply, for whoever writes what stands on it; '' where there is none."""
        is_more = _text(message).casefold() == self._responses()("whatsapp_more").casefold()
        if not is_more:
            return ""
        with self._context.store.engine.connect() as connection:
            return str(outbox.last_reply(connection, conversation).get("more") or "")

    async def _answer(self, conversation: str, turn: Turn, asked: Sequence[Waiting]) -> list[Body]:
        texts = [text for text in map(_text, asked) if text]
        unread = any(map(_unread, asked))
        is_silent = self.desk.is_silent(conversation)
        whole = "\n".join(map(_shown, asked))
        replies = self._given(conversation, turn, whole, is_silent) if turn.again else None
        if replies is None:
            if texts or is_silent:
                if turn.again and self._context.agent is not None:
                    # A worker that was killed left Rasa's lock behind, for a minute; the lease says that it is gone.
                    self._context.agent.lock_store.delete_lock(conversation)
                text = whole if is_silent else "\n".join(texts)
                replies = await turns.reply_to(
                    self._context.agent,
                    conversation,
                    text,
                    CHANNEL,
                    metadata=self._metadata(conversation, turn),
                    message_id=turn.id,
                    desk=self.desk,
                )
            else:
                replies = [{}]
        if unread and any(_answer_of(reply).get("handover") for reply in replies):
            # The transcript has texts alone.
            shown = "\n".join(_shown(each) for each in asked if _unread(each))
            self.desk.forward(conversation, turn.id, shown)
        responses = self._responses()
        if not is_silent and (unread or not texts):
            sentence = responses("text_beside" if texts else "text_only")
            replies = [_with_lead(reply, sentence) for reply in replies]
        return [_body(reply, responses) for reply in replies]

    def _given(self, conversation: str, turn: Turn, whole: str, is_silent: bool) -> list[turns.Message] | None:
        """What the turn was answered with before the worker was killed; None where it was not."""
        exchange = conversations.find(self._context.store.engine, conversation, turn.id)
        if exchange is None:
            return None
        answer = exchange.reply.answer if exchange.reply else {}
        if is_silent and not answer.get("handover"):
            self.desk.forward(conversation, turn.id, whole)
        elif exchange.reply is None:
            return None
        replies = [{"text": exchange.reply.text, "custom": {"answer": answer}}] if exchange.reply else []
        if exchange.reply:
            turns.settle_later(self.desk, conversation, CHANNEL, exchange.reply)
        return replies

    def _metadata(self, conversation: str, turn: Turn) -> dict[str, Any]:
        """No number of ours, which the customer is writing to; and for how long they had not written."""
        engine = self._context.store.engine
        silent = conversations.silent_days(engine, conversation, turn.id, turn.messages[0].at)
        return {"number": False, "silent_days": silent}


def _choice(message: Waiting) -> str | None:
    """The id of the answer whose question a message answers by a button; None for any other message."""
    return rendering.choice_of(str(message.body.get("reply_id") or ""))


def _again(reply: Reply, responses: Responses) -> Body:
    return _body({"text": reply.text, "custom": {"answer": reply.answer}}, responses)


def _text(message: Waiting) -> str:
    """What a message says, as if the customer had written it; '' where it has no text."""
    text = str(message.body.get("text") or "")
    button = message.body.get("reply_id")
    return (rendering.said(str(button), text) if button else text).strip()


def _unread(message: Waiting) -> str:
    """What of a message the assistant cannot read, in one word: 'image', 'location'; '' where it can."""
    kind = str(message.body.get("kind"))
    return "" if kind in ("text", "reply") else str(message.body.get("unread") or kind)


def _shown(message: Waiting) -> str:
    """What a person gets of a message: what it is, where that is no text, and its text."""
    unread = _unread(message)
    return " ".join(part for part in (f"[{unread}]" if unread else "", _text(message)) if part)


def _answer_of(reply: turns.Message) -> dict[str, Any]:
    """The payload of a reply; empty where it has none."""
    return (reply.get("custom") or {}).get("answer") or {}


def _with_lead(reply: turns.Message, sentence: str) -> turns.Message:
    """A reply that says something else first; that alone, where it says nothing."""
    text = f"{sentence}\n\n{reply['text']}" if reply.get("text") else sentence
    answer = _answer_of(reply)
    if not answer:
        return {**reply, "text": text}
    lead = "\n\n".join([sentence, " ".join(answer.get("lead", []))]).strip()
    return {**reply, "text": text, "custom": {"answer": {**answer, "lead": [lead]}}}


def _body(reply: turns.Message, responses: Responses) -> Body:
    answer = _answer_of(reply)
    try:
        message = rendering.render(reply, responses)
    except Exception as error:  # a reply without its buttons is better than none
        logger.error("Answer %s cannot be rendered: %s", answer.get("id"), origin(error))
        message = rendering.notice(str(reply.get("text") or ""))
    return _shown_as(message, answer.get("id"))


def _shown_as(message: dict[str, Any], answer: str | None) -> Body:
    return {"message": message, "answer": answer, "more": rendering.more_button(message)}
