"""One customer message through the agent: whatever happens in there, one reply comes out, and it is saved first."""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.answers import asked, compose
from bot.answers.memory import Mention
from bot.answers.render import render
from bot.answers.responses import Responses
from bot.corpus import shelf
from bot.errors import origin
from bot.handover import Desk, Reach
from bot.store import conversations, said
from bot.store.conversations import Reply

logger = logging.getLogger(__name__)

Message = dict[str, Any]
# Rasa's SQL store ends the process when a driver raises ValueError, as all do for a text that they cannot encode.
FAILURES = (Exception, SystemExit)
EMERGENCY = "emergency"  # the intent, and the kind of answer
OURS = ("passed_on", "person_spoke", "confirmed")  # metadata that no caller may bring along


class ReplyChannel(CollectingOutputChannel):  # type: ignore[misc]
    """Collects each reply as one message: text, buttons and payload together, in order, nothing split."""

    @classmethod
    def name(cls) -> str:
        """Its name in logs."""
        return "reply"

    async def send_response(self, recipient_id: str, message: Message) -> None:
        """Keep a reply whole; Rasa's own channels split it at blank lines and part the payload from it."""
        kept = {key: message[key] for key in ("text", "buttons", "custom", "image", "attachment") if message.get(key)}
        if kept:
            self.messages.append({"recipient_id": recipient_id, **kept})


async def reply_to(
    agent: Agent | None,
    sender: str,
    text: str,
    channel: str,
    metadata: Mapping[str, Any] | None = None,
    message_id: str | None = None,
    desk: Desk | None = None,
) -> list[Message]:
    """Handle a message and return its reply, after the conversation is saved.

    While a person has the conversation, the message goes to that person, and there is no reply; what it tells of
    health is remembered all the same, and an emergency is answered.

    When a component, policy or action raises, the conversation cannot be saved, or nothing is predicted, the
    reply says so and how to ask a person. The cause is logged, without the message's text.

    Args:
        agent: the running agent; None while no model is loaded.
        text: what the customer wrote. A leading slash, which Rasa would take for a command, is dropped, and so is
            the blank before it, which Rasa would drop; half an emoji, which nothing can store, becomes '?'.
        metadata: what the channel knows of the message; docs/architecture.md says what actions read of it.
        message_id: the message's own id, where the channel has such; it is kept with the message, and with a failure.
        desk: where persons take conversations over; None: nobody does.
    """
    output = ReplyChannel()
    text = re.sub(r"^[\s/]+", "", text.encode("utf-8", "replace").decode("utf-8"))
    message = UserMessage(text, output, sender, input_channel=channel, metadata=metadata, message_id=message_id)
    # Not cancelled with the request: a customer who closes the page has still told us of a pacemaker.
    kept = {"message_id": message_id, "message": text} if message_id else {}
    answering: asyncio.Task[list[Message]] = asyncio.ensure_future(_reply_to(agent, message, output, kept, desk))
    return await asyncio.shield(answering)


async def _reply_to(
    agent: Agent | None, message: UserMessage, output: ReplyChannel, kept: dict[str, str], desk: Desk | None
) -> list[Message]:
    sender = message.sender_id
    message.metadata = {key: value for key, value in (message.metadata or {}).items() if key not in OURS}
    try:
        if desk is not None:
            reach = desk.reach_in(sender, message.input_channel)
            told = {"reach": reach.value, "hours": desk.hours}
            message.metadata |= told
        if desk is not None and desk.is_silent(sender):
            desk.forward(sender, message.message_id, message.text)  # first, so that no failure keeps it from the person
            message.metadata["passed_on"] = True  # kept with the message: bot.store.conversations reads it
            try:
                agent = _loaded(agent)
                message.metadata["confirmed"] = await _confirmed(agent, desk, message)
                await _listen(agent, message)
            except FAILURES as error:  # a person has the customer
                logger.error("A message of conversation %s was only passed on: %s", sender, origin(error))
            if output.messages:  # an emergency: whoever is asked already is told that it is one
                desk.ask(sender, message.input_channel, EMERGENCY)
            return list(output.messages)  # none, but in an emergency
        agent = _loaded(agent)
        if desk is not None and _person_spoke(desk, sender):
            message.metadata["person_spoke"] = True  # it may answer that person: actions read it
            message.metadata["confirmed"] = await _confirmed(agent, desk, message)
        await agent.handle_message(message)
        if output.messages:
            replies: list[Message] = output.messages
            if desk is not None:
                settle(desk, sender, message.input_channel, replies)
            return replies
        logger.error("No reply was predicted for a message of conversation %s.", sender)
    except FAILURES as error:
        logger.error("A message of conversation %s could not be answered: %s", sender, origin(error))
    reply = _failure(agent, sender, _is_here(message.metadata))
    if agent is not None:
        await _record(agent, sender, reply, kept)
    return [reply]


def _is_here(told: Mapping[str, Any]) -> bool:
    """Whether a person is reached in the conversation itself, so that no number is named."""
    return told.get("number") is False or told.get("reach") in (Reach.HERE, Reach.AWAY, Reach.ASKED)


def _loaded(agent: Agent | None) -> Agent:
    if agent is None:
        raise RuntimeError("No model is loaded.")
    return agent


def settle(desk: Desk, sender: str, channel: str, replies: Sequence[Message]) -> None:
    """Ask for a person where a reply says that one is asked for; doing so again changes nothing.

    Whoever is asked already, and is not there, is told of an emergency without being asked again.
    """
    for reply in replies:
        answer = (reply.get("custom") or {}).get("answer") or {}
        if answer.get("handover"):
            desk.ask(sender, channel, answer["handover"])
        elif answer.get("kind") == EMERGENCY:
            desk.alarm(sender)


def settle_later(desk: Desk, sender: str, channel: str, reply: Reply) -> None:
    """The same for a stored reply, after a crash: who has answered since, or given it back, is not asked again."""
    if (said.latest(desk.engine, sender) or 0.0) <= reply.at:
        settle(desk, sender, channel, [{"custom": {"answer": reply.answer}}])


def _person_spoke(desk: Desk, sender: str) -> bool:
    """Whether a person, or a notice of the return from one, said something since the assistant's last reply."""
    spoken = said.latest(desk.engine, sender)
    last = conversations.last_reply(desk.engine, sender) if spoken else None
    return spoken is not None and last is not None and last.at <= spoken


async def _confirmed(agent: Agent, desk: Desk, message: UserMessage) -> list[Mention]:
    """The conditions that a person asked about just before, and that a message says yes or maybe to."""
    status = asked.says_so(message.text)
    if status is None:
        return []
    questions = asked.questions(_unanswered(desk, message))
    return asked.confirmed([await agent.processor.parse_message(UserMessage(each)) for each in questions], status)


def _unanswered(desk: Desk, message: UserMessage) -> list[str]:
    """What a person wrote last, oldest first, where neither the customer nor the assistant has answered since."""
    spoken = [each for each in said.newest_first(desk.engine, message.sender_id) if each.kind == "person"]
    before = 0.0
    for exchange in conversations.newest_first(desk.engine, message.sender_id) if spoken else ():
        if exchange.id == message.message_id:
            continue
        if exchange.at < spoken[0].at:
            before = exchange.at
            break
        if exchange.reply or asked.answers(exchange.text):
            return []
    return [each.text for each in reversed(spoken) if each.at > before]


async def _listen(agent: Agent, message: UserMessage) -> None:
    """Keep a message and what it tells of health, and say nothing, but in an emergency."""
    processor = agent.processor
    # Nobody who has a person already is offered one.
    message.metadata = {**(message.metadata or {}), "reach": Reach.NONE.value}
    async with agent.lock_store.lock(message.sender_id):
        tracker = await processor.log_message(message, should_save_tracker=False)
        tracker = await processor.run_action_extract_slots(message.output_channel, tracker)
        if tracker.latest_message.intent.get("name") == EMERGENCY:
            await processor._run_prediction_loop(message.output_channel, tracker)
        await processor.save_tracker(tracker)


def _failure(agent: Agent | None, sender: str, here: bool) -> Message:
    corpus = shelf.latest()
    responses = Responses(FALLBACK | (agent.domain.responses if agent is not None and agent.domain else {}))
    answer = compose.failure(responses, corpus, here)
    model = agent.model_id if agent is not None else None
    return {
        "recipient_id": sender,
        "text": render(answer, corpus, responses),
        "custom": answer.payload(corpus, model or "unknown"),
    }


# For the one case in which no domain is loaded that could say it, or it does not.
FALLBACK = {
    "utter_failure": [{"text": "Something went wrong on my side, and I could not answer. Please try again later."}],
    "utter_contact": [{"text": "You can ask a person: {name}, WhatsApp {number}, {link}"}],
    "utter_person_here": [{"text": "A person can answer you here: just say 'I want a person'."}],
}


async def _record(agent: Agent, sender: str, reply: Message, kept: dict[str, str]) -> None:
    """Keep a failure in the conversation, so that a person who reads it sees what the customer saw.

    With the message, which may not have been stored itself: bot.store.conversations then has it from here.
    """
    try:
        async with agent.lock_store.lock(sender):
            tracker: DialogueStateTracker = await agent.processor.get_tracker(sender)
            tracker.update(BotUttered(reply["text"], {"custom": reply["custom"]}, kept))
            await agent.processor.save_tracker(tracker)
    except FAILURES as error:
        logger.error("The failure could not be kept in conversation %s: %s", sender, origin(error))
