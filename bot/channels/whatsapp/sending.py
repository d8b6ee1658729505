"""How something goes from the outbox to Meta: in which pace, and what is done when it does not go.

- Temporary errors, and a connection that was never made: again, after a time that doubles up to 5 minutes, with full
  jitter, for as long as the customer's window is open.
- May have gone (the answer did not come, or the worker was killed while it waited for it): a status update of Meta's
  is waited for that names it; without one it is sent again, which is logged and counted in `sends`.
- Too much from the number: the whole process pauses, and then begins with fewer at once. Too much to one customer:
  that customer waits.
- Refused account or token: everything waits, and one is tried every 30 seconds; the operator is told each minute.
- The customer wrote more than 24 hours ago: what is configured as template asks the customer to write, and the message
  is held until then. Without a template what a person says is held, and a reply or notice has failed.
- Undeliverable, or wrong: it has failed, and what comes after it goes on.
"""

import logging
import random
import re
import time
from typing import Any

from bot.channels.whatsapp import errors, rendering
from bot.channels.whatsapp.graph import Graph
from bot.errors import origin
from bot.settings import WhatsApp
from bot.store.queue import Outgoing, Queue

logger = logging.getLogger(__name__)

AT_ONCE = 20  # conversations; Meta takes 80 messages a second
DAY = 86400.0  # for which the window is open
PER_MINUTE = 10  # messages to one customer: Meta's one in 6 seconds
PAIR = 6.0
LONGEST_BACKOFF = 300.0
LONGEST_PAUSE = 60.0
REFUSED = 30.0
UNCLEAR = 5.0  # seconds for which a status update is waited for
SELDOM = 60.0
_USER_ID = re.compile(r"[A-Z]{2}\.")  # how Meta's own ids of users begin; others are phone numbers


class Seldom:
    """Says the same thing once a minute at most."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def __call__(self, level: int, what: str) -> None:
        """Log something."""
        now = time.monotonic()
        self._said = {said: until for said, until in self._said.items() if until > now}
        if what not in self._said:
            self._said[what] = now + SELDOM
            logger.log(level, "%s", what)


class Sending:
    """The sends of one process.

    Attributes:
        at_once: how many conversations may be looked after now; fewer after Meta asked to slow down.
    """

    def __init__(self, queue: Queue, graph: Graph, settings: WhatsApp) -> None:
        self._queue, self._graph = queue, graph
        name, language = settings.template or ("", "")
        template = {"type": "template", "template": {"name": name, "language": {"code": language}}}
        self._template = {"message": template} if name else None
        self._seldom = Seldom()
        self._until = 0.0
        self._slowed = 0
        self.at_once = AT_ONCE

    def pause(self) -> float:
        """For how many seconds nothing is sent."""
        return max(0.0, self._until - time.time())

    async def send(self, outgoing: Outgoing) -> None:
        """Send something, or note what becomes of it.

        Raises:
            LeaseLostError: see `Queue.renew`.
        """
        now = time.time()
        unclear = outgoing.state == "sending"
        if unclear and outgoing.due <= outgoing.updated:  # nobody has waited for the status yet
            self._queue.later(outgoing.id, now + UNCLEAR)
            return
        address, heard = self._queue.address(outgoing.conversation)
        if outgoing.kind == "template":
            if now - outgoing.created > DAY:
                self._queue.failed(outgoing.id, "too late")
                return
        elif now - heard >= DAY:
            self._window_closed(outgoing, "the window is closed")
            return
        room = max(self._room(outgoing.conversation, now), self._until)
        if room > now:
            self._queue.later(outgoing.id, room + random.uniform(0, 1))
            return
        try:
            message = _message(outgoing)
        except Exception as error:
            logger.error("Outbox %s cannot be rendered: %s", outgoing.id, origin(error))
            self._queue.failed(outgoing.id, "rendering")
            return
        if unclear:
            logger.warning("Sent again, outbox %s: nobody knows whether it went before.", outgoing.id)
        self._queue.sending(outgoing)
        to = "recipient" if _USER_ID.match(address) else "to"
        addressed = {"recipient_type": "individual", to: address, "biz_opaque_callback_data": outgoing.id}
        try:
            id = await self._graph.send({**addressed, **message})
        except errors.GraphError as error:
            self._not_sent(outgoing, error)
            return
        self._slowed = 0
        self.at_once = min(AT_ONCE, self.at_once + 1)
        if not self._queue.sent(outgoing.id, id):
            logger.warning("Sent twice, outbox %s.", outgoing.id)

    def _room(self, conversation: str, now: float) -> float:
        """From when on the customer may be sent something more."""
        recent = self._queue.sends_since(conversation, now - 60)
        return recent[-PER_MINUTE] + 60 if len(recent) >= PER_MINUTE else now

    def _not_sent(self, outgoing: Outgoing, error: errors.GraphError) -> None:
        now, reason = time.time(), error.name
        backoff = random.uniform(0, min(LONGEST_BACKOFF, 2.0 ** min(outgoing.sends + 1, 20)))
        if isinstance(error, errors.UnclearError):
            self._queue.later(outgoing.id, now + max(UNCLEAR, backoff))
        elif isinstance(error, errors.AccountError):
            self.at_once = 1
            self._until = max(self._until, now + REFUSED)
            self._queue.put_off(outgoing.id, self._until, reason)
            self._seldom(logging.CRITICAL, f"Nothing is sent on WhatsApp. {error}")
        elif isinstance(error, errors.SlowDownError):
            self._slow_down(error.wait)
            self._queue.put_off(outgoing.id, self._until + backoff, reason)
            self._seldom(logging.WARNING, str(error))
        elif isinstance(error, errors.PairLimitError):
            self._queue.put_off(outgoing.id, now + max(PAIR, error.wait) + random.uniform(0, 1), reason)
        elif isinstance(error, errors.TemporaryError | errors.UnsentError):
            self._queue.put_off(outgoing.id, now + max(error.wait, backoff), reason)
            self._seldom(logging.WARNING, str(error))
        elif isinstance(error, errors.WindowClosedError) and outgoing.kind != "template":
            self._window_closed(outgoing, reason)
        else:
            self._queue.failed(outgoing.id, reason)
            logger.error("Outbox %s was not sent. %s", outgoing.id, error)

    def _slow_down(self, wait: float) -> None:
        if self.pause():
            return  # others that were on their way were refused as well
        self.at_once = max(1, self.at_once // 2)
        self._slowed = min(self._slowed + 1, 6)
        self._until = time.time() + max(wait, random.uniform(0.5, 1) * min(LONGEST_PAUSE, 2.0**self._slowed))

    def _window_closed(self, outgoing: Outgoing, reason: str) -> None:
        if self._template is not None or outgoing.kind == "person":
            self._queue.hold(outgoing, reason, self._template)
            logger.info("Outbox %s is held until the customer writes.", outgoing.id)
        else:
            self._queue.failed(outgoing.id, reason)
            logger.error("Outbox %s was not sent. %s", outgoing.id, errors.WindowClosedError(131047))


def _message(outgoing: Outgoing) -> dict[str, Any]:
    body = outgoing.body
    if outgoing.kind == "person":
        return rendering.person(str(body["text"]), body.get("name"))
    if outgoing.kind == "notice":
        return rendering.notice(str(body["text"]))
    return dict(body["message"])
