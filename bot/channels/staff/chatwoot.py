"""Chatwoot's webhooks: what a member of staff wrote there, and that a conversation was resolved."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.staff.refusals import RefusedError
from bot.handover import Desk
from bot.handover.desk import LONGEST_NAME
from bot.handover.signing import TOLERANCE, SignatureError
from bot.settings.handover import Chatwoot

SIGNATURE, TIMESTAMP, DELIVERY = "x-chatwoot-signature", "x-chatwoot-timestamp", "x-chatwoot-delivery"


def verify(settings: Chatwoot, headers: Mapping[str, str], shown: str, body: bytes, now: float) -> None:
    """See that a call is Chatwoot's: signed by newer versions; from older ones it shows the secret in its address.

    Raises:
        SignatureError: it is not.
    """
    signature, timestamp = headers.get(SIGNATURE), headers.get(TIMESTAMP, "")
    if signature is None:
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), settings.secret.encode()):
            raise SignatureError
        return
    expected = hmac.new(settings.secret.encode(), timestamp.encode("utf-8", "replace") + b"." + body, hashlib.sha256)
    right = hmac.compare_digest(signature.encode("utf-8", "replace"), f"sha256={expected.hexdigest()}".encode())
    if not right or not re.fullmatch("[0-9]{1,15}", timestamp) or abs(now - int(timestamp)) > TOLERANCE:
        raise SignatureError


def take(desk: Desk, settings: Chatwoot, data: Mapping[str, Any], delivery: str) -> None:
    """Do what a webhook says, if it is about a conversation of ours; the same message counts once.

    Raises:
        RefusedError: a message for the customer has no text: Chatwoot shows that it failed.
        UnfitTextError: it cannot be sent.
    """
    event, account = data.get("event"), data.get("account")
    if isinstance(account, dict) and str(account.get("id")) != settings.account:
        return
    if event == "message_created":
        _said(desk, data)
    # The first comes to an agent bot, the second to the webhook of an inbox or account.
    elif event == "conversation_resolved" or (
        event == "conversation_status_changed" and data.get("status") == "resolved"
    ):
        conversation = desk.by_ticket(str(data.get("id")))
        if conversation is not None:
            desk.give_back(conversation, once=f"chatwoot resolved {delivery}" if delivery else None)


def _said(desk: Desk, data: Mapping[str, Any]) -> None:
    sender, about = data.get("sender"), data.get("conversation")
    # Not what the customer, a bot or an automatic rule says, nor notes among the staff.
    by_a_person = isinstance(sender, dict) and sender.get("type") == "user"
    if data.get("message_type") not in ("outgoing", 1) or data.get("private") is not False or not by_a_person:
        return
    conversation = desk.by_ticket(str(about.get("id"))) if isinstance(about, dict) else None
    if conversation is None:
        return
    text = data.get("content")
    if not isinstance(text, str) or not text.strip():
        raise RefusedError(422, "no_text", "Only text reaches the customer; files do not.")
    name = sender.get("available_name") or sender.get("name") if isinstance(sender, dict) else None
    shown = "".join(each for each in str(name or "") if each.isprintable())[:LONGEST_NAME]
    desk.say(conversation, text, shown, once=f"chatwoot {data.get('id')}")
