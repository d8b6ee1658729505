"""What goes out, and what the messenger says became of it, within a transaction of the caller's."""

import json
import time
import uuid
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

KEPT = ("answer", "more")  # of a reply that was sent: the answer's id, and that of the button that shows the rest
TWICE = "twice"  # the error of what a customer has twice
CLOSED = "131047"  # Meta's error of what came more than a day after the customer wrote


def put(connection: Any, conversation: str, kind: str, body: dict[str, Any], now: float) -> str:
    """Put something into the outbox, within a transaction, and wake whoever looks after the customer; its id."""
    id = uuid.uuid4().hex
    values = {"id": id, "conversation": conversation, "kind": kind, "body": json.dumps(body), "now": now}
    insert = (
        "INSERT INTO bot_outbox (id, conversation, kind, body, state, due, sends, created, updated)"
        " VALUES (:id, :conversation, :kind, :body, 'queued', :now, 0, :now, :now)"
    )
    connection.execute(sa.text("UPDATE bot_customers SET due = :now WHERE conversation = :conversation"), values)
    connection.execute(sa.text(insert), values)
    return id


def sent(connection: Any, id: str, message: str) -> bool:
    """Note that something was sent, as which message of the messenger's; see `bot.store.queue.Queue.sent`."""
    query = sa.text("SELECT kind, body FROM bot_outbox WHERE id = :id")
    row = connection.execute(query, {"id": id}).fetchone()
    if row is None:
        return True
    kind, body = row
    if kind == "reply" and body is not None:
        kept = {key: value for key, value in json.loads(body).items() if key in KEPT and value}
        body = json.dumps(kept) if kept else None
    values = {"id": id, "message": message, "body": body, "error": TWICE, "now": time.time()}
    went = sa.text(
        "UPDATE bot_outbox SET state = 'sent', message = :message, body = :body, error = NULL, updated = :now"
        " WHERE id = :id AND message IS NULL"
    )
    if connection.execute(went, values).rowcount:
        return True
    again = sa.text(
        "UPDATE bot_outbox SET error = :error WHERE id = :id AND message <> :message"
        " AND (error IS NULL OR error <> :error)"
    )
    return not connection.execute(again, values).rowcount


def not_delivered(connection: Any, id: str, message: str, error: str) -> None:
    """Note that a message did not reach the customer, unless the same thing went out as another one.

    What a person said too late waits for the customer, as if that had been known before it was sent.
    """
    values = {"id": id, "message": message, "error": error[:255], "now": time.time()}
    this = "id = :id AND (message IS NULL OR message = :message)"
    if error.startswith(CLOSED):
        query = sa.text(f"SELECT conversation, state FROM bot_outbox WHERE {this} AND kind = 'person'")
        row = connection.execute(query, values).fetchone()
        if row is not None:
            if row[1] in ("sent", "sending"):  # else it was said before
                _queue_again(connection, {**values, "conversation": row[0]})
            return
    failed = (
        "UPDATE bot_outbox SET state = 'failed', message = :message, error = :error, updated = :now,"
        f" body = CASE WHEN kind = 'reply' AND message IS NULL THEN NULL ELSE body END WHERE {this}"
    )
    connection.execute(sa.text(failed), values)


def fail_all(connection: Any, conversation: str, error: str) -> None:
    """Send nothing of what waits in a conversation, to be sent or for the customer to write."""
    failed = (
        "UPDATE bot_outbox SET state = 'failed', error = :error, updated = :now,"
        " body = CASE WHEN kind = 'reply' THEN NULL ELSE body END"
        " WHERE conversation = :conversation AND state IN ('queued', 'sending', 'held') AND message IS NULL"
    )
    connection.execute(sa.text(failed), {"conversation": conversation, "error": error[:255], "now": time.time()})


def _queue_again(connection: Any, values: dict[str, Any]) -> None:
    for statement in (
        "UPDATE bot_customers SET due = :now, heard = CASE WHEN heard < :now - 86400 THEN heard ELSE :now - 86400 END"
        " WHERE conversation = :conversation",
        "UPDATE bot_outbox SET state = 'queued', message = NULL, due = :now, error = :error, updated = :now"
        " WHERE id = :id",
    ):
        connection.execute(sa.text(statement), values)


def last_reply(connection: Any, conversation: str) -> dict[str, Any]:
    """What is kept of the last reply that was sent in a conversation; nothing of the first one."""
    query = sa.text(
        "SELECT body FROM bot_outbox WHERE conversation = :conversation AND kind = 'reply' AND state = 'sent'"
        " ORDER BY created DESC, id LIMIT 1"
    )
    body = connection.execute(query, {"conversation": conversation}).scalar()
    found: dict[str, Any] = json.loads(body) if body else {}
    return found


def sent_as(connection: Any, message: str) -> tuple[str, str, str | None] | None:
    """What went out as a message of the messenger's: its id, its conversation and, of a reply, the answer's id."""
    query = sa.text("SELECT id, conversation, kind, body FROM bot_outbox WHERE message = :message")
    row = connection.execute(query, {"message": message}).fetchone()
    if row is None:
        return None
    id, conversation, kind, body = row
    return id, conversation, json.loads(body).get("answer") if kind == "reply" and body else None
