"""Who takes over at the supplier, how they are told, and when they are there."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.settings.reading import address, number, together

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What stands in a mail's headers: no blank, no control character, nothing that parts or quotes.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*", re.ASCII)
_SPAN = re.compile(r"(\w{3})(?:-(\w{3}))? (\d{1,2}:\d{2})-(\d{1,2}:\d{2})")
WEBHOOK = ("BOT_HANDOVER_WEBHOOK_URL", "BOT_HANDOVER_WEBHOOK_SECRET")
EMAIL = ("BOT_HANDOVER_EMAIL", "BOT_SMTP_URL")
CHATWOOT = (
    "CHATWOOT_URL",
    "CHATWOOT_ACCOUNT_ID",
    "CHATWOOT_INBOX_IDENTIFIER",
    "CHATWOOT_ACCESS_TOKEN",
    "CHATWOOT_WEBHOOK_SECRET",
)


@dataclass(frozen=True)
class Webhook:
    """An address of the supplier's that is called, and the secret that calls are signed with, in both directions."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Email:
    """Where mail goes and the server that takes it."""

    to: str
    sender: str
    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None = field(repr=False)


@dataclass(frozen=True)
class Chatwoot:
    """An account of Chatwoot, the identifier of its API inbox, the token of its agent bot, and what its webhooks are
    signed with or carry.
    """

    url: str
    account: str
    inbox: str = field(repr=False)
    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Hours:
    """When somebody is there: spans of a week in a time zone; (weekday, begin, end) each, Monday is 0."""

    spans: tuple[tuple[int, time, time], ...]
    zone: ZoneInfo
    text: str

    def at(self, now: datetime) -> bool:
        """Whether somebody is there at a time."""
        here = now.astimezone(self.zone)
        return any(here.weekday() == day and begin <= here.time() < end for day, begin, end in self.spans)


@dataclass(frozen=True)
class Handover:
    """How a person takes over.

    Attributes:
        hours: None: somebody is always there, where staff are told at all.
        minutes: of silence of the staff, after which the assistant answers again.
    """

    webhook: Webhook | None = None
    email: Email | None = None
    chatwoot: Chatwoot | None = None
    hours: Hours | None = None
    minutes: float = 120.0

    @property
    def is_on(self) -> bool:
        """Whether anybody takes over: staff are told, or hours say when they look."""
        return any((self.webhook, self.email, self.chatwoot, self.hours))

    @property
    def text(self) -> str:
        """Who is told, and when somebody is there, in a few words."""
        ways = {"webhook": self.webhook, "e-mail": self.email, "Chatwoot": self.chatwoot}
        told = ", ".join(name for name, way in ways.items() if way) or "nobody is told; look at: bot handover list"
        return told + (f"; hours {self.hours.text} ({self.hours.zone.key})" if self.hours else "")


def read(get: Mapping[str, str], problems: list[str]) -> Handover:
    """The settings of the handover."""
    webhook = email = chatwoot = None
    if together(WEBHOOK, get, "The handover by webhook", problems):
        if not _is_secret(get[WEBHOOK[1]]):
            problems.append(
                "BOT_HANDOVER_WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 random bytes: "
                "printf whsec_; openssl rand -base64 32."
            )
        webhook = Webhook(address(WEBHOOK[0], get[WEBHOOK[0]], problems), get[WEBHOOK[1]])
    if together(EMAIL, get, "The handover by e-mail", problems):
        email = _email(get, problems)
    if together(CHATWOOT, get, "The handover to Chatwoot", problems):
        url, account, inbox, token, secret = (get[name] for name in CHATWOOT)
        if not (account.isascii() and account.isdigit()):
            problems.append("CHATWOOT_ACCOUNT_ID must be digits, as in the address of Chatwoot's page.")
        for name, value in zip(CHATWOOT[2:4], (inbox, token), strict=True):
            if not re.fullmatch(r"[\w-]+", value, re.ASCII):
                problems.append(f"{name} must be letters and digits, as Chatwoot shows it.")
        chatwoot = Chatwoot(address(CHATWOOT[0], url, problems), account, inbox, token, secret)
    hours = _hours(get, problems)
    minutes = number("BOT_HANDOVER_MINUTES", get.get("BOT_HANDOVER_MINUTES", "120"), 10080, "minutes", problems)
    return Handover(webhook, email, chatwoot, hours, minutes)


def _is_secret(text: str) -> bool:
    try:
        return text.startswith("whsec_") and 24 <= len(base64.b64decode(text[6:], validate=True)) <= 64
    except ValueError:
        return False


def _email(get: Mapping[str, str], problems: list[str]) -> Email | None:
    to, server = get["BOT_HANDOVER_EMAIL"], get["BOT_SMTP_URL"]
    try:
        url = urlsplit(server)
        port = url.port or (465 if url.scheme == "smtps" else 587)
    except ValueError:
        url, port = urlsplit(""), 0
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        problems.append("BOT_SMTP_URL cannot be read: write smtp://user:password@host:587, or smtps:// ...")
        return None
    for name, value in (("BOT_HANDOVER_EMAIL", to), ("BOT_EMAIL_FROM", get.get("BOT_EMAIL_FROM", to))):
        if not _ADDRESS.fullmatch(value):
            problems.append(f"{name} is {value!r}: write one e-mail address.")
    if bool(url.username) != bool(url.password):
        problems.append("BOT_SMTP_URL has a user and no password, or the other way round.")
    user, password = (unquote(each) if each else None for each in (url.username, url.password))
    sender = get.get("BOT_EMAIL_FROM", to)
    return Email(to, sender, url.hostname, port, url.scheme == "smtps", user, password)


def _hours(get: Mapping[str, str], problems: list[str]) -> Hours | None:
    text = get.get("BOT_HANDOVER_HOURS")
    zone = get.get("BOT_HANDOVER_TIMEZONE", "UTC")
    try:
        found = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(f"BOT_HANDOVER_TIMEZONE is {zone!r}: write a name such as Europe/Berlin.")
        found = ZoneInfo("UTC")
    if text is None:
        return None
    spans: list[tuple[int, time, time]] = []
    for part in text.split(","):
        read = _span(part.strip().lower())
        if not read:
            problems.append(f"BOT_HANDOVER_HOURS holds {part.strip()!r}: {_instead(part.strip())}")
        spans += read
    return Hours(tuple(spans), found, text)


def _instead(text: str) -> str:
    """What to write in place of a span that cannot be read."""
    match = _SPAN.fullmatch(text.lower())
    if match:
        first, last, begin, end = match.groups()
        if _span(f"{first}-{last or first} {begin}-24:00") and _span(f"{first}-{last or first} 0:00-{end}"):
            evening = "-".join(each.title() for each in (first, last) if each)
            morning = "-".join(DAYS[(DAYS.index(each) + 1) % 7].title() for each in (first, last) if each)
            return f"a span may not pass midnight; write two, such as {evening} {begin}-24:00, {morning} 0:00-{end}."
    return "write days and times, such as Mon-Fri 9:00-17:00."


def _span(text: str) -> list[tuple[int, time, time]]:
    match = _SPAN.fullmatch(text)
    if not match or not {match[1], match[2] or match[1]} <= set(DAYS):
        return []
    try:
        begin, end = (time.max if each == "24:00" else time.fromisoformat(each.zfill(5)) for each in match.groups()[2:])
    except ValueError:
        return []
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    days = range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    return [(day, begin, end) for day in days] if begin < end else []
