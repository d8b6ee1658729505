"""Signatures of webhooks by the Standard Webhooks scheme, for those we send and those we take."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

TOLERANCE = 300.0  # seconds by which the clocks of both sides may differ, and for which a call stays good
LONGEST_ID = 255


class SignatureError(Exception):
    """A call is not signed with our secret, or long ago."""


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """What stands in `webhook-signature`.

    Args:
        secret: 'whsec_' and the base64 of the key; bot.settings.handover has checked it.
    """
    signed = f"{id}.{timestamp}.".encode("utf-8", "replace") + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secret: str, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a call."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, id, timestamp, body),
    }


def verify(secret: str, given: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a call, when it is signed with a secret.

    Raises:
        SignatureError: a header is missing, the signature is another one, or the call is too old.
    """
    id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not 0 < len(id) <= LONGEST_ID or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
        raise SignatureError
    expected = signature(secret, id, int(timestamp), body).encode()
    found = [each.encode("utf-8", "replace") for each in given.get("webhook-signature", "").split()]
    if not any(hmac.compare_digest(each, expected) for each in found) or abs(now - int(timestamp)) > TOLERANCE:
        raise SignatureError
    return id
