"""What persons and notices said in a conversation, and who has it now, for a channel that shows its history."""

import json
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

LATEST = 7 * 86400  # seconds after which nobody waits any more for who was away
_SAID = "conversation = :conversation AND kind IN ('person', 'notice')"


@dataclass(frozen=True)
class Said:
    """A message that neither the customer nor the assistant wrote.

    Attributes:
        kind: 'person' (somebody of the staff) or 'notice'.
        name: of the person, where it is told.
        at: when, in seconds since 1970.
    """

    id: str
    kind: str
    text: str
    name: str | None
    at: float


def newest_first(engine: Any, conversation: str) -> list[Said]:
    """All of it, the last one first."""
    query = sa.text(f"SELECT id, kind, body, created FROM bot_outbox WHERE {_SAID} ORDER BY created DESC, id")
    with engine.connect() as connection:
        rows = connection.execute(query, {"conversation": conversation}).fetchall()
    bodies = [(id, kind, json.loads(body or "{}"), at) for id, kind, body, at in rows]
    return [Said(id, kind, body.get("text") or "", body.get("name"), at) for id, kind, body, at in bodies]


def latest(engine: Any, conversation: str) -> float | None:
    """When the last of it was said; None where nothing was."""
    query = sa.text(f"SELECT max(created) FROM bot_outbox WHERE {_SAID}")
    with engine.connect() as connection:
        found = connection.execute(query, {"conversation": conversation}).scalar()
    return None if found is None else float(found)


def count(engine: Any, conversation: str) -> int:
    """How many there are: another number than before means that there is something to read."""
    query = sa.text(f"SELECT count(*) FROM bot_outbox WHERE {_SAID}")
    with engine.connect() as connection:
        return int(connection.execute(query, {"conversation": conversation}).scalar())


def handover(engine: Any, conversation: str) -> str | None:
    """'asked', 'taken' or 'away', as `bot.handover.desk` says; None while the assistant alone has the conversation."""
    query = sa.text(
        "SELECT state FROM bot_handovers WHERE conversation = :conversation"
        " AND (state = 'away' AND updated > :latest OR state IN ('asked', 'taken') AND ends > :now)"
    )
    values = {"conversation": conversation, "now": time.time(), "latest": time.time() - LATEST}
    with engine.connect() as connection:
        found = connection.execute(query, values).scalar()
    return None if found is None else str(found)
