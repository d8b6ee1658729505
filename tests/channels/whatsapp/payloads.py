"""Deliveries as Meta sends them: synthetic, written after the public documentation."""

import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent / "fixtures"
NUMBER, SECRET, VERIFY = "100000000000001", "an app secret of the tests", "a verify token of the tests"
ON = {
    "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
    "WHATSAPP_ACCESS_TOKEN": "an-access-token-of-the-tests",
    "WHATSAPP_APP_SECRET": SECRET,
    "WHATSAPP_VERIFY_TOKEN": VERIFY,
}
CUSTOMER = ("user:US.10000000000000000001", "wa:15550001111")


def fixture(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return found


def only(delivery: dict[str, Any]) -> dict[str, Any]:
    """The one message or status of a delivery, to change it."""
    value = delivery["entry"][0]["changes"][0]["value"]
    found: dict[str, Any] = (value.get("messages") or value["statuses"])[0]
    return found


def text(said: str, id: str, phone: str = "15550001111", at: float | None = None) -> dict[str, Any]:
    """A text message of a customer without a user id."""
    delivery = fixture("text_without_user_id")
    message = only(delivery)
    message |= {"id": id, "from": phone, "timestamp": str(int(time.time() if at is None else at))}
    message["text"]["body"] = said
    delivery["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = phone
    return delivery


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers of a delivery."""
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
