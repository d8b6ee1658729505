"""What the staff are to be told, kept until it has gone: each way by itself, one conversation's notices in order.

What a customer writes while a person has the conversation goes at once, and what follows within some seconds is
gathered into one notice. It is gathered when it is first tried, and never after: an id stands for the same messages in
every try.

A worker claims a notice by moving the time on at which it is due; when the worker is killed that time comes, and the
notice goes again, under the same id.
"""

import hashlib
import json
import logging
import random
import time
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

logger = logging.getLogger(__name__)

LEASE = 120.0  # seconds for which a notice is one worker's
GIVE_UP = 3 * 86400.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 3600.0  # seconds between two tries
GATHERING = 10.0  # seconds between two notices of messages
MOST = 20  # messages in one notice, each of up to 4096 characters
MESSAGE = "message-"  # how ids of notices of messages begin; it is known by them when their bodies are gone
# Of the same conversation and way, in the order in which they were made.
_EARLIER = (
    "SELECT 1 FROM bot_notices e WHERE e.conversation = n.conversation AND e.way = n.way AND e.state = 'queued'"
    " AND (e.created < n.created OR (e.created = n.created AND e.id < n.id))"
)


@dataclass(frozen=True)
class Notice:
    """Something to tell the staff in one way.

    Attributes:
        id: the same in every try.
        body: 'type', 'channel', 'reason' and 'state' of the handover; of the type 'message' also 'said': of each
            message 'id', 'text' and 'at', in seconds since 1970.
        created: when, in seconds since 1970.
        tries: this one included.
    """

    id: str
    conversation: str
    way: str
    body: dict[str, Any]
    created: float
    tries: int


def add(
    connection: Any,
    conversation: str,
    ways: tuple[str, ...],
    body: dict[str, Any],
    message: tuple[str, str] | None = None,
) -> None:
    """Keep a notice for each way, within a transaction.

    Args:
        message: id and text of what a customer wrote; each id is told once.
    """
    insert = sa.text(
        "INSERT INTO bot_notices (id, conversation, way, body, state, due, tries, created, updated)"
        " VALUES (:id, :conversation, :way, :body, 'queued', :due, 0, :now, :now) ON CONFLICT DO NOTHING"
    )
    now = time.time()
    for way in ways:
        values = {"conversation": conversation, "way": way, "now": now}
        if message is None:
            id, due = uuid.uuid4().hex, now
            # Nothing else waits for messages to be gathered.
            soon = (
                "UPDATE bot_notices SET due = :now WHERE tries = 0 AND due > :now AND id ="
                " (SELECT id FROM bot_notices WHERE conversation = :conversation AND way = :way AND state = 'queued'"
                " AND tries = 0 ORDER BY created, id LIMIT 1)"
            )
            connection.execute(sa.text(soon), values)
        else:
            id = MESSAGE + hashlib.sha256("\0".join((way, conversation, message[0])).encode()).hexdigest()[:32]
            latest = (
                "SELECT max(updated) FROM bot_notices WHERE conversation = :conversation AND way = :way"
                f" AND tries > 0 AND id LIKE '{MESSAGE}%'"
            )
            due = max(now, (connection.execute(sa.text(latest), values).scalar() or 0.0) + GATHERING)
            body = {**body, "said": [{"id": message[0], "text": message[1], "at": now}]}
        connection.execute(insert, {**values, "id": id, "body": json.dumps(body), "due": due})


def claim(engine: Any, way: str, most: int) -> list[Notice]:
    """Take notices that are due; nobody else gets them for some time."""
    now = time.time()
    query = sa.text(
        "SELECT n.id, n.conversation, n.body, n.created, n.tries, n.due FROM bot_notices n"
        f" WHERE n.state = 'queued' AND n.way = :way AND n.due <= :now AND NOT EXISTS ({_EARLIER})"
        " ORDER BY n.due LIMIT :most"
    )
    take = sa.text(
        "UPDATE bot_notices SET due = :until, tries = tries + 1, updated = :now"
        " WHERE id = :id AND state = 'queued' AND due <= :now"
    )
    with engine.connect() as connection:
        rows = connection.execute(query, {"way": way, "now": now, "most": most}).fetchall()
    taken = []
    for id, conversation, body, created, tries, _ in rows:
        with engine.begin() as connection:
            if not connection.execute(take, {"id": id, "now": now, "until": now + LEASE}).rowcount:
                continue
            told = json.loads(body)
            if tries == 0 and id.startswith(MESSAGE):
                told = _gathered(connection, id, conversation, way, told)
        taken.append(Notice(id, conversation, way, told, created, tries + 1))
    return taken


def _gathered(connection: Any, first: str, conversation: str, way: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body of a notice with the messages in it that come right after its own; their notices are done with."""
    query = sa.text(
        "SELECT id, body FROM bot_notices WHERE conversation = :conversation AND way = :way AND state = 'queued'"
        " AND id <> :first ORDER BY created, id LIMIT :most"
    )
    done = sa.text("UPDATE bot_notices SET state = 'sent', body = NULL, updated = :now WHERE id = :id")
    keep = sa.text("UPDATE bot_notices SET body = :body WHERE id = :id")
    values = {"conversation": conversation, "way": way, "first": first, "most": MOST - 1}
    for id, next_body in connection.execute(query, values).fetchall():
        if not id.startswith(MESSAGE):
            break
        found = json.loads(next_body)
        body = {**found, "said": body["said"] + found["said"]}
        connection.execute(done, {"id": id, "now": time.time()})
    connection.execute(keep, {"id": first, "body": json.dumps(body)})
    return body


def sent(engine: Any, notice: Notice) -> None:
    """Note that a notice went; its id stays, to know a repeat of its message by."""
    _set(engine, notice, "sent", 0.0, None)


def put_off(engine: Any, notice: Notice, error: str) -> None:
    """Note that a notice did not go, and when it is tried again: later each time, and after three days no more."""
    now = time.time()
    if now - notice.created > GIVE_UP:
        logger.error(
            "Staff could not be told about conversation %s by %s in three days: %s",
            notice.conversation,
            notice.way,
            error,
        )
        _set(engine, notice, "failed", 0.0, error)
        return
    pause = min(FIRST_PAUSE * 2 ** min(notice.tries - 1, 20), LONGEST_PAUSE) * random.uniform(0.8, 1.2)
    logger.warning(
        "Staff could not be told about conversation %s by %s (%s); again in %.0f s.",
        notice.conversation,
        notice.way,
        error,
        pause,
    )
    _set(engine, notice, "queued", now + pause, error)


def clean(engine: Any, before: float) -> None:
    """Delete what went, or could not go, before a time."""
    delete = sa.text("DELETE FROM bot_notices WHERE state IN ('sent', 'failed') AND updated < :before")
    with engine.begin() as connection:
        connection.execute(delete, {"before": before})


def _set(engine: Any, notice: Notice, state: str, due: float, error: str | None) -> None:
    change = sa.text(
        "UPDATE bot_notices SET state = :state, due = :due, error = :error, updated = :now,"
        " body = CASE WHEN :state = 'queued' THEN body END WHERE id = :id AND state = 'queued'"
    )
    values = {"id": notice.id, "state": state, "due": due, "error": error and error[:255], "now": time.time()}
    with engine.begin() as connection:
        connection.execute(change, values)
