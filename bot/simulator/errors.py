"""Meta's errors, as the Graph API answers them and as webhooks carry them."""

import secrets
from typing import Any

from bot.errors import BotError

# Title and HTTP status by code. Clients should go by the code: of throttling the documents named 429 once, and 400 now.
TITLES: dict[int, tuple[str, int]] = {
    0: ("AuthException", 401),
    1: ("API Unknown", 400),
    2: ("API Service", 503),
    3: ("API Method", 500),
    4: ("API Too Many Calls", 400),
    10: ("Application does not have permission for this action", 403),
    33: ("Parameter value is not valid", 400),
    100: ("Invalid parameter", 400),
    190: ("Invalid OAuth access token - Cannot parse access token", 401),
    200: ("API Permission", 403),
    368: ("Temporarily blocked for policies violations", 403),
    2500: ("Unknown path components", 400),
    80007: ("Rate limit issues", 400),
    130429: ("Rate limit hit", 400),
    130472: ("User's number is part of an experiment", 400),
    131000: ("Something went wrong", 500),
    131005: ("Access denied", 403),
    131008: ("Required parameter is missing", 400),
    131009: ("Parameter value is not valid", 400),
    131016: ("Service unavailable", 500),
    131021: ("Recipient cannot be sender", 400),
    131026: ("Message undeliverable", 400),
    131030: ("Recipient phone number not in allowed list", 400),
    131031: ("Account has been locked", 403),
    131042: ("Business eligibility payment issue", 400),
    131045: ("Incorrect certificate", 500),
    131047: ("Re-engagement message", 400),
    131048: ("Spam rate limit hit", 400),
    131051: ("Unsupported message type", 400),
    131052: ("Media download error", 400),
    131053: ("Media upload error", 400),
    131056: ("(Business Account, Consumer Account) pair rate limit hit", 400),
    131057: ("Business Account is in maintenance mode", 500),
    132000: ("Number of parameters does not match the expected number of params", 400),
    132001: ("Template name does not exist in the translation", 404),
    132012: ("Parameter format does not match format in the created template", 400),
    132015: ("Template is paused", 400),
    133010: ("Phone number not registered", 400),
}
DETAILS = {
    80007: "The WhatsApp Business Account has reached its rate limit.",
    130429: "Message failed to send because there were too many messages sent from this phone number in a short period"
    " of time.",
    131000: "Message failed to send due to an unknown error.",
    131016: "A service is temporarily unavailable.",
    131026: "Message undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this"
    " number.",
    131056: "Message failed to send because there were too many messages sent from this phone number to the same phone"
    " number in a short period of time.",
}
PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class SimulatorError(BotError):
    """Whoever plays with the stand-in asked for something that does not exist, such as a button that is not shown."""


class GraphError(Exception):
    """A request that Meta refuses.

    Attributes:
        status: of HTTP.
        body: what is answered.
    """

    def __init__(
        self, code: int, details: str | None = None, *, message: str | None = None, subcode: int | None = None
    ) -> None:
        title, self.status = TITLES.get(code, ("Unknown", 500))
        super().__init__(f"{code}: {details or message or title}")
        self.code = code
        shown = code not in (0, 190) and message is None
        error: dict[str, Any] = {
            "message": f"(#{code}) {title}" if shown else message or title,
            "type": "GraphMethodException" if subcode == 33 else "OAuthException",
            "code": code,
        }
        if subcode is not None:
            error["error_subcode"] = subcode
        details = details or (DETAILS.get(code) if message is None else None)
        if details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": details}
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        self.body = {"error": error}


def invalid(message: str) -> GraphError:
    """A request whose form is wrong."""
    return GraphError(100, message=f"(#100) {message}")


def in_webhook(code: int, details: str | None = None) -> dict[str, Any]:
    """An error as status updates carry it."""
    title, _ = TITLES.get(code, ("Unknown", 500))
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or DETAILS.get(code, title)},
        "href": PAGE,
    }
