"""Whose conversation it is: the names that a messenger has for a customer, and what becomes of them.

All of it within a transaction of the caller's. Times are seconds since 1970. A name is a kind, a colon and what can be
written to. It is kept since when it leads where it leads (`updated`), by the messenger's time and not by ours: news
come late and in any order. A name that was left leads to the conversation '', so that older news do not bring it back.
"""

import time
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.store import outbox

LASTING = "user:"  # names that nobody else gets
NO_ADDRESS = "the customer's number is somebody else's by now"


def conversation_of(
    connection: Any, channel: str, identities: Sequence[str], address: str, at: float, now: float
) -> str:
    """The conversation of a customer, begun if there is none, and locked; further names of the same one are kept.

    Args:
        identities: every name that the messenger gives, the most lasting one first.
        address: whom a reply is sent to.
        at: when the customer wrote.
    """
    found = find(connection, identities)
    if found is None or not lock(connection, found):  # it was erased while its row was waited for
        found = _begin(connection, channel, identities[0], address, at, now)
        lock(connection, found)
    for identity in identities:
        link(connection, identity, found, at, now)
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
    return _led(connection, identity)[0]


def link(connection: Any, identity: str, conversation: str, at: float, now: float) -> None:
    """Let a name lead to a conversation from a time on, unless it leads to another one since later.

    Whose it was is written to under it no more: see `lose`.
    """
    before, since = _led(connection, identity)
    if before != conversation and since > at:
        return
    insert = sa.text(
        "INSERT INTO bot_identities (identity, conversation, created, updated)"
        " VALUES (:identity, :conversation, :now, :at)"
        " ON CONFLICT (identity) DO UPDATE SET conversation = excluded.conversation, updated = excluded.updated"
        " WHERE bot_identities.conversation <> excluded.conversation"
    )
    connection.execute(insert, {"identity": identity, "conversation": conversation, "at": at, "now": now})
    if before not in (None, conversation):
        lose(connection, str(before), identity)


def leave(connection: Any, identities: Sequence[str], at: float, now: float) -> None:
    """Note that names lead nowhere since a time, as far as they lead nowhere."""
    left = sa.text(
        "INSERT INTO bot_identities (identity, conversation, created, updated) VALUES (:identity, '', :now, :at)"
        " ON CONFLICT (identity) DO UPDATE SET updated = excluded.updated"
        " WHERE bot_identities.conversation = '' AND bot_identities.updated < excluded.updated"
    )
    for identity in identities:
        connection.execute(left, {"identity": identity, "at": at, "now": now})


def lose(connection: Any, conversation: str, identity: str | None = None) -> None:
    """Write to a customer no more under a name that is somebody else's; None: under whichever there was.

    Whoever has a name that lasts is written to under it; to others nothing is sent until they write again.
    """
    names = sa.text("SELECT identity FROM bot_identities WHERE conversation = :conversation ORDER BY identity")
    kept = [name for (name,) in connection.execute(names, {"conversation": conversation}) if name.startswith(LASTING)]
    new = kept[0].removeprefix(LASTING) if kept else ""
    change = "UPDATE bot_customers SET address = :new WHERE conversation = :conversation"
    values = {"conversation": conversation, "new": new}
    if identity is not None:
        change += " AND address = :address"
        values["address"] = identity.partition(":")[2]
    if connection.execute(sa.text(change), values).rowcount and not new:
        outbox.fail_all(connection, conversation, NO_ADDRESS)


def lock(connection: Any, conversation: str) -> bool:
    """Take the customer's row first, as everybody does who changes anything of a conversation; whether there is one."""
    touch = sa.text("UPDATE bot_customers SET updated = :now WHERE conversation = :conversation")
    return bool(connection.execute(touch, {"conversation": conversation, "now": time.time()}).rowcount)


def move(
    connection: Any, channel: str, old: Sequence[str], new: Sequence[str], address: str | None, at: float, now: float
) -> None:
    """Let a customer's conversation go on under other names; none of the earlier ones leads to it any more.

    News that are older than what they would change are no news: the earlier name is somebody else's since.

    Where the new name leads to a conversation already, that is of whoever had the number before, or of this customer,
    whose first message was quicker than the news, or of the next owner, where the news are late. Nobody can tell, and
    nobody may be answered by what another one told of their health: so neither conversation goes on under that name.
    What is said there since the change is a conversation of its own, in which conditions have to be told again; until
    they are the assistant knows of none and asks, as it does of everybody.

    Args:
        address: whom replies are sent to from now on; None: as before.
        at: when the names changed.
    """
    conversation = find(connection, old)
    if conversation is None:
        leave(connection, old, at, now)
        return
    if next(since for led, since in (_led(connection, each) for each in old) if led == conversation) > at:
        return
    led = {each: _led(connection, each) for each in new}
    others = {found for found, _ in led.values() if found not in (None, conversation)}
    for each in sorted({conversation, *map(str, others)}):
        lock(connection, each)
    found, since = led[new[0]]
    is_free = found == conversation or (found is None and since <= at)
    _unlink(connection, "conversation = :name", conversation, at)
    if is_free:
        for identity in new:
            link(connection, identity, conversation, at, now)
        readdress = "UPDATE bot_customers SET address = coalesce(:address, address) WHERE conversation = :conversation"
        connection.execute(sa.text(readdress), {"conversation": conversation, "address": address})
        for identity in new:
            if known(connection, identity) != conversation:
                lose(connection, conversation, identity)
    else:
        lose(connection, conversation)
        for identity, (other, since) in led.items():
            if other not in (None, conversation) and since <= at:
                _unlink(connection, "identity = :name", identity, at)
                lose(connection, str(other), identity)
    for other in others:
        if not _has_other_identity(connection, str(other), ()):  # else who wrote there is known by it
            _take_newer(connection, channel, str(other), conversation if is_free else None, new, address, at, now)


def _take_newer(
    connection: Any,
    channel: str,
    other: str,
    conversation: str | None,
    names: Sequence[str],
    address: str | None,
    at: float,
    now: float,
) -> None:
    """Answer what waits of a name's new owner where it leads now; None: in a conversation that is begun for it."""
    waits = "conversation = :other AND done = 0 AND turn IS NULL AND at >= :at"
    newest = sa.text(f"SELECT max(at) FROM bot_inbox WHERE {waits}")
    heard = connection.execute(newest, {"other": other, "at": at}).scalar()
    if heard is None:
        return
    if conversation is None:
        conversation = conversation_of(connection, channel, names, address or names[0].partition(":")[2], at, now)
    values = {"conversation": conversation, "other": other, "at": at, "now": now, "heard": heard}
    for statement in (
        f"UPDATE bot_inbox SET conversation = :conversation, updated = :now WHERE {waits}",
        "UPDATE bot_customers SET heard = :heard WHERE conversation = :conversation AND heard < :heard",
    ):
        connection.execute(sa.text(statement), values)
    wake(connection, conversation, now)


def _unlink(connection: Any, which: str, name: str, at: float) -> None:
    unlink = sa.text(f"UPDATE bot_identities SET conversation = '', updated = :at WHERE {which}")
    connection.execute(unlink, {"name": name, "at": at})


def _led(connection: Any, identity: str) -> tuple[str | None, float]:
    """Where a name leads, and since when; None: nowhere."""
    query = sa.text("SELECT conversation, updated FROM bot_identities WHERE identity = :identity")
    row = connection.execute(query, {"identity": identity}).fetchone()
    return (row[0] or None, float(row[1])) if row else (None, 0.0)


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
        " VALUES (:identity, :conversation, :now, :at)"
        " ON CONFLICT (identity) DO UPDATE SET conversation = excluded.conversation, updated = excluded.updated"
        " WHERE bot_identities.conversation = '' AND bot_identities.updated <= excluded.updated"
    )
    if not connection.execute(sa.text(insert), values).rowcount and (found := known(connection, identity)):
        return found  # another worker was quicker
    for statement in (
        "INSERT INTO bot_sessions (conversation, channel, created, updated)"
        " VALUES (:conversation, :channel, :now, :now)",
        "INSERT INTO bot_customers (conversation, address, heard, leased, created, updated)"
        " VALUES (:conversation, :address, :at, 0, :now, :now)",
    ):
        connection.execute(sa.text(statement), values)
    return str(values["conversation"])
