"""Whose conversation it is: the names that a messenger has for a customer, and what becomes of them.

All of it within a transaction of the caller's. Times are seconds since 1970.
"""

import time
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]


def conversation_of(
    connection: Any, channel: str, identities: Sequence[str], address: str, at: float, now: float
) -> str:
    """The conversation of a customer, begun if there is none; further names of the same one are kept.

    Args:
        identities: every name that the messenger gives, the most lasting one first.
        address: whom a reply is sent to.
        at: when the customer wrote.
    """
    found = find(connection, identities) or _begin(connection, channel, identities[0], address, at, now)
    for identity in identities:
        link(connection, identity, found, now)
    return found


def find(connection: Any, identities: Sequence[str]) -> str | None:
    """The conversation of a customer; None where there is none yet."""
    first, *others = identities
    if found := known(connection, first):
        return found
    # A number may have got another owner: whom the messenger tells apart has no conversation in common.
    linked = next((each for other in others if (each := known(connection, other))), None)
    return linked if linked and not _has_other_identity(connection, linked, identities) else None


def known(connection: Any, identity: str) -> str | None:
    """The conversation that a name leads to."""
    query = sa.text("SELECT conversation FROM bot_identities WHERE identity = :identity")
    found = connection.execute(query, {"identity": identity}).scalar()
    return None if found is None else str(found)


def link(connection: Any, identity: str, conversation: str, now: float) -> None:
    """Let a name lead to a conversation, wherever it led before."""
    insert = sa.text(
        "INSERT INTO bot_identities (identity, conversation, created, updated)"
        " VALUES (:identity, :conversation, :now, :now)"
        " ON CONFLICT (identity) DO UPDATE SET conversation = excluded.conversation, updated = excluded.updated"
        " WHERE bot_identities.conversation <> excluded.conversation"
    )
    connection.execute(insert, {"identity": identity, "conversation": conversation, "now": now})


def lock(connection: Any, conversation: str) -> None:
    """Take the customer's row first, as everybody does who changes anything of a conversation."""
    touch = sa.text("UPDATE bot_customers SET updated = :now WHERE conversation = :conversation")
    connection.execute(touch, {"conversation": conversation, "now": time.time()})


def move(
    connection: Any, conversation: str, identities: Sequence[str], address: str | None, at: float, now: float
) -> None:
    """Let a customer's conversation go on under other names; none of the earlier ones leads to it any more.

    The new names may have led to a conversation already: of whoever had the number before, or of this customer,
    whose first message was quicker than the news. Which of the two nobody can tell, so nothing that was said there
    is joined to this conversation, and nobody is led to it any more: the next owner of a number must not be
    answered by what another one told of their health. What was written there since the change is the customer's
    for certain: where it still waits it is answered here.

    Args:
        address: whom replies are sent to from now on; None: as before.
        at: when the names changed.
    """
    others = {found for identity in identities if (found := known(connection, identity)) not in (None, conversation)}
    for each in sorted({conversation, *others}):
        lock(connection, each)
    values = {"conversation": conversation, "address": address, "at": at, "now": now}
    connection.execute(sa.text("DELETE FROM bot_identities WHERE conversation = :conversation"), values)
    for identity in identities:
        link(connection, identity, conversation, now)
    readdress = "UPDATE bot_customers SET address = coalesce(:address, address) WHERE conversation = :conversation"
    connection.execute(sa.text(readdress), values)
    for other in others:
        newer = (
            "UPDATE bot_inbox SET conversation = :conversation, updated = :now"
            " WHERE conversation = :other AND done = 0 AND turn IS NULL AND at >= :at"
        )
        if connection.execute(sa.text(newer), {**values, "other": other}).rowcount:
            wake(connection, conversation, now)
            hear = "UPDATE bot_customers SET heard = :heard WHERE conversation = :conversation AND heard < :heard"
            heard = sa.text("SELECT heard FROM bot_customers WHERE conversation = :other")
            newest = connection.execute(heard, {"other": other}).scalar()
            connection.execute(sa.text(hear), {**values, "heard": newest})


def wake(connection: Any, conversation: str, due: float) -> None:
    """Note that there is something to do for a customer, at a time or before."""
    sooner = "UPDATE bot_customers SET due = :due WHERE conversation = :conversation AND (due IS NULL OR due > :due)"
    connection.execute(sa.text(sooner), {"conversation": conversation, "due": due})


def _has_other_identity(connection: Any, conversation: str, identities: Sequence[str]) -> bool:
    query = sa.text("SELECT identity FROM bot_identities WHERE conversation = :conversation")
    rows = connection.execute(query, {"conversation": conversation})
    return any(identity not in identities for (identity,) in rows)


def _begin(connection: Any, channel: str, identity: str, address: str, at: float, now: float) -> str:
    values = {
        "identity": identity,
        "conversation": uuid.uuid4().hex,
        "channel": channel,
        "address": address,
        "at": at,
        "now": now,
    }
    insert = (
        "INSERT INTO bot_identities (identity, conversation, created, updated)"
        " VALUES (:identity, :conversation, :now, :now) ON CONFLICT DO NOTHING"
    )
    if not connection.execute(sa.text(insert), values).rowcount:  # another worker was quicker
        return str(known(connection, identity))
    for statement in (
        "INSERT INTO bot_sessions (conversation, channel, created, updated)"
        " VALUES (:conversation, :channel, :now, :now)",
        "INSERT INTO bot_customers (conversation, address, heard, leased, created, updated)"
        " VALUES (:conversation, :address, :at, 0, :now, :now)",
    ):
        connection.execute(sa.text(statement), values)
    return str(values["conversation"])
