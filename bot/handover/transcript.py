"""What was said in a conversation, by the assistant and by persons: for the staff."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bot.store import conversations, said

LONGEST = 200  # entries
Entry = dict[str, Any]
SPEAKERS = {"customer": "Customer", "assistant": "Assistant", "person": "Staff", "notice": "Notice to the customer"}
REASONS = {
    "asked": "The customer asks for a person.",
    "emergency": "EMERGENCY: the customer tells of one. The assistant has said to call for help; please look at once.",
    "unanswered": "The documents do not answer the customer's question.",
    "not_understood": "The assistant did not understand the customer.",
}


def said_at(at: float) -> str:
    """A time as it stands in webhooks."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def transcript(engine: Any, conversation: str, until: float = float("inf")) -> list[Entry]:
    """The last entries of a conversation up to a time, oldest first, over all of its sessions.

    Each has 'from' (customer, assistant, person, notice), 'time' and 'text'; what the customer said 'id', what the
    assistant said 'answer', the payload; what a person said 'name' where it is known.
    """
    found: list[tuple[float, Entry]] = []
    for exchange in conversations.newest_first(engine, conversation):
        if exchange.reply and exchange.reply.at <= until:
            reply = exchange.reply
            found.append((reply.at, {"from": "assistant", "text": reply.text, "answer": reply.answer}))
        if exchange.at <= until:
            found.append((exchange.at, {"from": "customer", "text": exchange.text, "id": exchange.id}))
        if len(found) >= LONGEST:
            break
    found.reverse()
    for each in islice(said.newest_first(engine, conversation), LONGEST):
        if each.at <= until:
            name = {"name": each.name} if each.name else {}
            found.append((each.at, {"from": each.kind, "text": each.text, **name}))
    found.sort(key=lambda each: each[0])
    return [{"time": said_at(at), **entry} for at, entry in found[-LONGEST:]]


def conditions_of(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The health conditions that replies speak of, each as the last of them has it."""
    found: dict[tuple[Any, Any], dict[str, Any]] = {}
    for entry in entries:
        for each in (entry.get("answer") or {}).get("conditions") or ():
            found[each.get("id"), each.get("holder")] = each
    return list(found.values())


def short_reason(reason: str) -> str:
    """The reason of a handover in a word or two."""
    return reason.replace("_", " ")


def reason_of(reason: str) -> str:
    """The reason of a handover in a sentence."""
    return REASONS.get(reason, f"The reason: {reason.replace('_', ' ')}.")


def readable(entries: Sequence[Mapping[str, Any]]) -> str:
    """Entries as plain text. Lines of what was said are set in, so that nobody can write one that looks like ours."""
    parts = []
    for entry in entries:
        name = f" ({printable(entry['name'], ' ')})" if entry.get("name") else ""
        time = entry["time"][:16].replace("T", " ")
        lines = printable(entry["text"]).split("\n")
        parts.append(
            "\n".join([f"{time} {SPEAKERS.get(entry['from'], entry['from'])}{name}:", *(f"    {x}" for x in lines)])
        )
    told = [
        f"{str(each.get('id')).replace('_', ' ')} ({each.get('holder') or 'unnamed'}, {each.get('status')})"
        for each in conditions_of(entries)
    ]
    if told:
        parts.append("Health conditions that were told: " + "; ".join(told))
    return "\n\n".join(parts)


def printable(text: str, instead_of_newline: str = "\n") -> str:
    """A text without control characters, which a terminal or a mail program would obey."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = (each if each == "\n" or unicodedata.category(each) not in ("Cc", "Cf", "Cs") else " " for each in text)
    return "".join(kept).replace("\n", instead_of_newline)
