"""What goes wrong at Meta: one tree of errors, keyed by Meta's codes, whose messages say what to do."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import BotError

LONGEST_WAIT = 3600.0  # seconds; what a server may ask for


class GraphError(BotError):
    """A call to Meta did not do what it should.

    Attributes:
        code: Meta's; None where it gave none.
        wait: seconds for which the server asks to wait.
    """

    advice = "Meta's page of error codes says what it means."

    def __init__(self, code: int | None = None, wait: float = 0.0, what: str = "") -> None:
        self.code, self.wait = code, wait
        self.name = what or (f"Meta's code {code}" if code is not None else "an error without a code")
        super().__init__(f"{self.name}: {self.advice}")


class UnsentError(GraphError):
    """The request was not sent: no connection was made."""

    advice = "Meta cannot be reached; it is tried again."


class UnclearError(GraphError):
    """The request may have been carried out: the connection broke, or the answer cannot be read."""

    advice = "nobody knows whether it was carried out; it is tried again."


class TemporaryError(GraphError):
    """Meta could not do it now."""

    advice = "Meta could not do it now; it is tried again."


class SlowDownError(GraphError):
    """The number, or its account, sends too much."""

    advice = "too much was sent from this number; it goes on more slowly."


class PairLimitError(GraphError):
    """Too much was sent to one customer."""

    advice = "too much was sent to one customer, who gets the next a little later."


class WindowClosedError(GraphError):
    """The customer wrote more than 24 hours ago; only an approved template may be sent."""

    advice = "the customer wrote more than 24 hours ago: set WHATSAPP_TEMPLATE, or wait for the customer."


class UndeliverableError(GraphError):
    """This customer cannot get it, or nothing of its kind."""

    advice = "this customer cannot be reached so; it is not tried again."


class RequestError(GraphError):
    """The request is wrong, and would be the next time."""

    advice = "the request was wrong, which is a fault of this project; it is not tried again."


class TemplateError(RequestError):
    """The configured template cannot be sent."""

    advice = (
        "the template cannot be sent as it is: see that WHATSAPP_TEMPLATE and WHATSAPP_TEMPLATE_LANGUAGE name an"
        " approved one without placeholders: bot whatsapp check"
    )


class AccountError(GraphError):
    """Nothing can be sent until somebody mends the account at Meta."""

    advice = (
        "the account or its number may not send: look into WhatsApp Manager for a restriction, an open payment or a"
        " number that is not registered, and try: bot whatsapp check"
    )


class TokenError(AccountError):
    """Meta refuses the token, or what it is allowed to do."""

    advice = "Meta refuses the token: set a valid WHATSAPP_ACCESS_TOKEN, and try: bot whatsapp check"


class NumberError(AccountError):
    """There is no such number, or the token may not use it."""

    advice = (
        "there is no such number, or the token may not use it: set WHATSAPP_PHONE_NUMBER_ID or WHATSAPP_ACCESS_TOKEN,"
        " and try: bot whatsapp check"
    )


_CODES: tuple[tuple[type[GraphError], tuple[int, ...]], ...] = (
    (TokenError, (0, 3, 10, 190, *range(200, 300), 131005)),
    (NumberError, (33, 133010)),
    (AccountError, (368, 131031, 131042, 131045)),
    (SlowDownError, (4, 80007, 130429, 131048)),
    (PairLimitError, (131056,)),
    (TemporaryError, (1, 2, 131000, 131016, 131057, 133004)),
    (WindowClosedError, (131047,)),
    (
        UndeliverableError,
        (130472, 130497, 131021, 131026, 131030, 131049, 131050, 131051, 131062),
    ),
    (TemplateError, (*range(132000, 133000),)),
    (RequestError, (100, 131008, 131009)),
)
BY_CODE: dict[int, type[GraphError]] = {code: kind for kind, codes in _CODES for code in codes}
_NOT_FOUND = 33  # the subcode of 100 that says so of the number in the address


def error_of(status: int, body: Any, headers: Mapping[str, str], now: float) -> GraphError:
    """The error of a response.

    Args:
        status: of HTTP; it decides where Meta's code is not known.
        body: the parsed JSON, or None where it is none.
        now: seconds since 1970, for a Retry-After that is a date.
    """
    error = body.get("error") if isinstance(body, dict) else None
    error = error if isinstance(error, dict) else {}
    code, subcode = error.get("code"), error.get("error_subcode")
    wait = _wait(headers.get("retry-after", ""), now)
    if not isinstance(code, int):
        # Of something between Meta and us: what came of the request it does not say.
        unknown: type[GraphError] = UnclearError if status < 400 or status >= 500 else _by_status(status)
        return unknown(None, wait, f"HTTP {status}")
    if code == 100 and subcode == _NOT_FOUND:
        return NumberError(code, wait)
    return BY_CODE.get(code, _by_status(status))(code, wait)


def _by_status(status: int) -> type[GraphError]:
    if status == 429:
        return SlowDownError
    if status in (401, 403):
        return TokenError
    return TemporaryError if status >= 500 else RequestError


def _wait(text: str, now: float) -> float:
    """The seconds of a Retry-After; 0 where it cannot be read."""
    try:
        seconds = float(text) if text.strip().isdigit() else parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT)
