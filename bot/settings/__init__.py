"""What the environment sets for the channels that strangers reach: read in one place, before anything starts."""

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from limits import parse_many

from bot.settings import handover, whatsapp
from bot.settings.handover import Handover
from bot.settings.reading import SettingsError, filled, listed, number
from bot.settings.whatsapp import WhatsApp

__all__ = ["Handover", "Network", "Settings", "SettingsError", "WhatsApp", "read"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SHORTEST_KEY = 32  # characters


@dataclass(frozen=True)
class Settings:
    """How strangers are met.

    Attributes:
        public: whether a proxy publishes this server.
        secret_key: what tokens are signed with.
        key_is_random: nobody set it: it ends with the process, and so does every token.
        origins: of the pages that may talk to the web channel, as browsers write them.
        proxies: whose X-Forwarded-For is believed.
        session_limit: requests of one conversation, such as '30/minute; 500/day'.
        address_limit: requests of one address.
        reply_seconds: how long a customer waits for a reply before hearing that it takes too long.
        whatsapp: None: the channel is off.
        handover: how a person takes over.
    """

    public: bool
    secret_key: str
    key_is_random: bool
    origins: frozenset[str]
    proxies: tuple[Network, ...]
    session_limit: str
    address_limit: str
    reply_seconds: float
    whatsapp: WhatsApp | None
    handover: Handover


def read(environment: Mapping[str, str], port: int, public: bool = False) -> Settings:
    """The settings of an environment. A variable that is empty counts as not set.

    Raises:
        SettingsError: one cannot be read, or one that the public mode needs is missing.
    """
    problems: list[str] = []
    given = filled(environment)
    get = given.get
    key, origins = get("BOT_SECRET_KEY"), get("BOT_ALLOWED_ORIGINS")
    if public and not key:
        problems.append(f"BOT_SECRET_KEY is missing: at least {SHORTEST_KEY} random characters that sign the tokens.")
    if key and len(key) < SHORTEST_KEY:
        problems.append(f"BOT_SECRET_KEY must have at least {SHORTEST_KEY} characters; it has {len(key)}.")
    if public and not origins:
        problems.append("BOT_ALLOWED_ORIGINS is missing: the websites with the widget, such as https://shop.example.")
    settings = Settings(
        public=public,
        secret_key=key or secrets.token_urlsafe(SHORTEST_KEY),
        key_is_random=not key,
        origins=_origins(origins or "", problems) | (frozenset() if public else _own(port)),
        proxies=_networks(get("BOT_TRUSTED_PROXIES", ""), problems),
        session_limit=_limit("BOT_SESSION_LIMIT", get("BOT_SESSION_LIMIT", "30/minute"), problems),
        address_limit=_limit("BOT_ADDRESS_LIMIT", get("BOT_ADDRESS_LIMIT", "120/minute"), problems),
        reply_seconds=number("BOT_REPLY_SECONDS", get("BOT_REPLY_SECONDS", "30"), 600, "seconds", problems),
        whatsapp=whatsapp.read(given, problems),
        handover=handover.read(given, problems),
    )
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _own(port: int) -> frozenset[str]:
    return frozenset({f"http://127.0.0.1:{port}", f"http://localhost:{port}"})


def _origins(text: str, problems: list[str]) -> frozenset[str]:
    found = set()
    for part in listed(text):
        try:
            url = urlsplit(part.lower())
            port = url.port
        except ValueError:
            url, port = urlsplit(""), None
        if url.scheme not in ("http", "https") or not url.hostname or url.path not in ("", "/") or "@" in part:
            problems.append(f"BOT_ALLOWED_ORIGINS holds {part!r}: write an origin such as https://shop.example.")
            continue
        host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
        usual = port is None or (url.scheme, port) in (("http", 80), ("https", 443))
        found.add(f"{url.scheme}://{host}" if usual else f"{url.scheme}://{host}:{port}")
    return frozenset(found)


def _networks(text: str, problems: list[str]) -> tuple[Network, ...]:
    found = []
    for part in listed(text):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            problems.append(f"BOT_TRUSTED_PROXIES holds {part!r}: write addresses or networks, such as 10.0.0.0/8.")
    return tuple(found)


def _limit(name: str, text: str, problems: list[str]) -> str:
    try:
        parse_many(text)
    except ValueError:
        problems.append(f"{name} is {text!r}: write a number of requests and a time, such as 30/minute.")
    return text
