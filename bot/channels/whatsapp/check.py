"""Is the number set up right? Each finding is one line that says what is right, or what to do."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.channels.whatsapp.errors import GraphError, NumberError, RequestError, TokenError, UnclearError, UnsentError
from bot.channels.whatsapp.graph import Graph
from bot.settings import Handover, WhatsApp, handover, whatsapp
from bot.settings.reading import filled

RIGHT, NOTE, WRONG = "ok", "note", "wrong"
FIELDS = "display_phone_number,verified_name,quality_rating,status,platform_type,health_status"
SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
PATH = "/webhooks/whatsapp/webhook"
PAGE = "docs/whatsapp.md"
SECRET = re.compile(r"[0-9a-f]{32}")
SOON = 14 * 24 * 3600  # seconds before the end of a token


@dataclass(frozen=True)
class Finding:
    """One line: `level` is ok, note (to know, and no fault) or wrong."""

    level: str
    text: str


def settings_of(environment: Mapping[str, str]) -> tuple[WhatsApp | None, Handover | None, list[Finding]]:
    """The settings that can be read, and what is said of them; of the two each is None where something is wrong."""
    given = filled(environment)
    problems: list[str] = []
    number = whatsapp.read(given, problems)
    found = [Finding(WRONG, problem) for problem in problems]
    if number is None and not problems:
        *most, last = whatsapp.VARIABLES
        found = [Finding(WRONG, f"WhatsApp is off: set {', '.join(most)} and {last}, see {PAGE}.")]
    if not found:
        found = [Finding(RIGHT, "The four variables are set.")]
        if number and number.url != whatsapp.GRAPH:
            found.append(Finding(NOTE, f"WHATSAPP_API_URL is {number.url}: that is not Meta's {whatsapp.GRAPH}."))
        if number and not SECRET.fullmatch(number.app_secret):
            text = "WHATSAPP_APP_SECRET is not 32 digits and letters from a to f, as Meta's are: was it copied whole?"
            found.append(Finding(NOTE, text))
    elif problems:
        number = None
    problems = []
    staff = handover.read(given, problems)
    found += [Finding(WRONG, problem) for problem in problems]
    return number, None if problems else staff, found


def of_handover(settings: Handover) -> Finding:
    """Whether a customer gets to a person, which WhatsApp demands of every assistant."""
    ways = {"a webhook": settings.webhook, "e-mail": settings.email, "Chatwoot": settings.chatwoot}
    told = [way for way, is_set in ways.items() if is_set]
    if told:
        when = f" They are there {settings.hours.text}." if settings.hours else " They are always there."
        return Finding(RIGHT, f"When a customer wants a person, staff are told by {' and '.join(told)}.{when}")
    if settings.hours:
        return Finding(NOTE, "Nobody is told when a customer wants a person; staff have to look: bot handover list")
    return Finding(
        WRONG,
        "Nobody is told when a customer wants a person, which WhatsApp demands: set BOT_HANDOVER_WEBHOOK_URL,"
        " BOT_HANDOVER_EMAIL or CHATWOOT_URL; or BOT_HANDOVER_HOURS where staff look themselves.",
    )


async def of_meta(settings: WhatsApp) -> AsyncIterator[Finding]:
    """What Meta says of the number, the token, the app and the template."""
    graph = Graph(settings)
    try:
        number, finding = await _number(graph, settings)
        yield finding
        if number is None:
            return
        for finding in _state(number):
            yield finding
        yield (secret := await _secret(graph, settings))
        ids = {str(each.get("entity_type")): str(each.get("id")) for each in _entities(number)}
        if secret.level == RIGHT and "APP" in ids:
            app = f"{ids['APP']}|{settings.app_secret}"
            yield await _token(graph, settings, app)
            yield await _webhook_at_meta(graph, ids["APP"], app)
        if "WABA" in ids:
            yield await _subscription(graph, ids["WABA"], ids.get("APP"))
        else:
            yield Finding(NOTE, "Meta does not say to which account the number belongs; what the app gets is unknown.")
        if settings.template:
            yield await _template(graph, ids.get("WABA"), settings.template)
    finally:
        await graph.close()


async def of_webhook(settings: WhatsApp, url: str, is_public: bool) -> AsyncIterator[Finding]:
    """Whether the bot's webhook answers as Meta demands.

    Args:
        is_public: the address was named, and has to answer; else it is the one on this machine.
    """
    if is_public and urlsplit(url).scheme != "https" and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        yield Finding(WRONG, f"{url} does not begin with https://, which Meta demands.")
        return
    query = {"hub.mode": "subscribe", "hub.challenge": "20481024", "hub.verify_token": settings.verify_token}
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            right = await client.get(url, params=query)
            wrong = await client.get(url, params={**query, "hub.verify_token": settings.verify_token + "x"})
            unsigned = await client.post(url, json={"object": "whatsapp_business_account", "entry": []})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        if is_public:
            yield Finding(WRONG, f"{url} cannot be reached ({type(error).__name__}): see {PAGE}.")
        else:
            yield Finding(
                NOTE,
                f"Nobody answers at {url}: start bot run, or name the public address:"
                " bot whatsapp check --webhook https://...",
            )
        return
    if right.status_code == 404:
        yield Finding(
            WRONG,
            f"{url} is not there (HTTP 404): start the bot there with these same variables, without which WhatsApp is"
            " off, and let the proxy pass /webhooks/whatsapp on.",
        )
    elif right.status_code == 403:
        yield Finding(
            WRONG, f"{url} refuses Meta's verification (HTTP 403): the bot there has another WHATSAPP_VERIFY_TOKEN."
        )
    elif right.status_code != 200 or right.text != query["hub.challenge"]:
        yield Finding(
            WRONG,
            f"{url} does not answer Meta's verification (HTTP {right.status_code}): the bot that runs there needs"
            " these same variables, and the proxy must pass /webhooks/whatsapp on.",
        )
    elif wrong.status_code < 400 or unsigned.status_code < 400:
        yield Finding(WRONG, f"{url} believes whoever calls: it is not this assistant that answers there.")
    else:
        yield Finding(RIGHT, f"{url} answers Meta's verification, and refuses strangers.")


async def _number(graph: Graph, settings: WhatsApp) -> tuple[dict[str, Any] | None, Finding]:
    try:
        number = await graph.get(settings.phone_number_id, {"fields": FIELDS})
    except (UnsentError, UnclearError) as error:
        text = f"{settings.url} cannot be reached ({error.name}): is the network, or WHATSAPP_API_URL, right?"
    except TokenError as error:
        text = (
            f"Meta refuses the token ({error.name}): make a lasting one for a system user with the permissions"
            f" {' and '.join(SCOPES)}, and set WHATSAPP_ACCESS_TOKEN, see {PAGE}."
        )
    except NumberError:
        text = (
            f"WHATSAPP_PHONE_NUMBER_ID {settings.phone_number_id} is no number that the token may use: copy the id"
            " beside the number (it is not the number itself), and give the system user the WhatsApp account."
        )
    except GraphError as error:
        text = f"Meta does not tell of the number ({error.name}): try again later."
    else:
        name, shown = number.get("verified_name"), number.get("display_phone_number")
        return number, Finding(RIGHT, f"Meta accepts the token. The number is {shown}, {name}.")
    return None, Finding(WRONG, text)


def _state(number: dict[str, Any]) -> list[Finding]:
    """Whether the number may send, and how customers like it."""
    state, platform = number.get("status"), number.get("platform_type")
    found = []
    if state not in (None, "CONNECTED") or platform not in (None, "CLOUD_API"):
        found.append(
            Finding(
                WRONG,
                f"The number is not connected (status {state}, platform {platform}): register it on the Cloud API in"
                f" WhatsApp Manager, see {PAGE}.",
            )
        )
    quality = number.get("quality_rating")
    if quality in ("YELLOW", "RED"):
        found.append(Finding(NOTE, f"Customers block or report the number: its quality is {quality}."))
    for entity in _entities(number):
        if entity.get("can_send_message") in ("LIMITED", "BLOCKED"):
            errors = [
                f"{e.get('error_description')} {e.get('possible_solution', '')}" for e in entity.get("errors", [])
            ]
            reasons = " ".join(str(each).strip() for each in [*errors, *entity.get("additional_info", [])])
            level = WRONG if entity["can_send_message"] == "BLOCKED" else NOTE
            what = f"{entity.get('entity_type')} is {entity['can_send_message']}"
            found.append(Finding(level, f"Meta lets the number send less, or nothing ({what}). {reasons}".strip()))
    return found or [Finding(RIGHT, f"The number is connected; its quality is {quality or 'not known yet'}.")]


def _entities(number: dict[str, Any]) -> list[dict[str, Any]]:
    """What the number's health is made of: the number, its account, the app."""
    health = number.get("health_status")
    return _rows(health, "entities") if isinstance(health, dict) else []


def _rows(found: dict[str, Any], name: str = "data") -> list[dict[str, Any]]:
    """A list of objects, as far as it is one."""
    rows = found.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


async def _secret(graph: Graph, settings: WhatsApp) -> Finding:
    try:
        await graph.about_number(prove_secret=True)
    except RequestError as error:
        return Finding(
            WRONG,
            f"WHATSAPP_APP_SECRET is not the secret of the token's app ({error.name}), so that no message of Meta's"
            " could be believed: copy it from the app's page, App settings, Basic.",
        )
    except GraphError as error:
        return Finding(NOTE, f"Whether WHATSAPP_APP_SECRET is right Meta does not say ({error.name}): try again.")
    return Finding(RIGHT, "The app secret belongs to the token's app.")


async def _token(graph: Graph, settings: WhatsApp, app: str) -> Finding:
    try:
        asked = {"input_token": settings.access_token}
        data = (await graph.get("debug_token", asked, token=app)).get("data") or {}
    except GraphError as error:
        return Finding(NOTE, f"Meta does not say until when the token holds ({error.name}).")
    missing = [scope for scope in SCOPES if scope not in data.get("scopes", [])]
    if missing:
        return Finding(WRONG, f"The token lacks {' and '.join(missing)}: make one with these permissions, see {PAGE}.")
    ends = data.get("expires_at") or 0
    if ends:
        day = datetime.fromtimestamp(ends, UTC)
        level = WRONG if ends < datetime.now(UTC).timestamp() + SOON else NOTE
        return Finding(
            level, f"The token ends on {day:%Y-%m-%d %H:%M} UTC: make a lasting one for a system user, see {PAGE}."
        )
    return Finding(RIGHT, "The token has the permissions, and no end.")


async def _webhook_at_meta(graph: Graph, app_id: str, app: str) -> Finding:
    try:
        rows = _rows(await graph.get(f"{app_id}/subscriptions", token=app))
    except GraphError as error:
        return Finding(NOTE, f"Meta does not say which webhook is set ({error.name}).")
    row = next((row for row in rows if row.get("object") == "whatsapp_business_account"), None)
    if row is None or not row.get("active", True):
        return Finding(
            WRONG, f"No webhook is set at Meta: enter https://...{PATH} and WHATSAPP_VERIFY_TOKEN there, see {PAGE}."
        )
    url, fields = row.get("callback_url", ""), [field.get("name") for field in _rows(row, "fields")]
    if "messages" not in fields:
        return Finding(WRONG, f"The webhook {url} is not subscribed to the field messages: switch it on, see {PAGE}.")
    if urlsplit(url).path != PATH:
        return Finding(WRONG, f"The webhook that is set at Meta is {url}: it must end in {PATH}.")
    return Finding(RIGHT, f"Meta sends messages to {url}.")


async def _subscription(graph: Graph, account: str, app_id: str | None) -> Finding:
    try:
        rows = _rows(await graph.get(f"{account}/subscribed_apps"))
    except GraphError as error:
        return Finding(NOTE, f"Meta does not say which apps get the account's messages ({error.name}).")
    ids = [str(row.get("whatsapp_business_api_data", {}).get("id")) for row in rows]
    if not ids or (app_id is not None and app_id not in ids):
        return Finding(
            WRONG,
            f"The app does not get the messages of the WhatsApp account {account}: subscribe it, with"
            f" POST /{account}/subscribed_apps, see {PAGE}.",
        )
    return Finding(RIGHT, "The app gets the messages of the WhatsApp account.")


async def _template(graph: Graph, account: str | None, template: tuple[str, str]) -> Finding:
    name, language = template
    if account is None:
        return Finding(NOTE, f"Whether there is a template {name} in {language} is unknown.")
    try:
        asked = {"name": name, "fields": "name,language,status"}
        rows = _rows(await graph.get(f"{account}/message_templates", asked))
    except GraphError as error:
        return Finding(NOTE, f"Whether there is a template {name} in {language} Meta does not say ({error.name}).")
    states = {row.get("language"): row.get("status") for row in rows if row.get("name") == name}
    if language not in states:
        others = f"; there is one in {', '.join(sorted(map(str, states)))}" if states else ""
        return Finding(
            WRONG,
            f"There is no template {name} in {language}{others}: make it in WhatsApp Manager, or change"
            " WHATSAPP_TEMPLATE and WHATSAPP_TEMPLATE_LANGUAGE.",
        )
    if states[language] != "APPROVED":
        return Finding(WRONG, f"The template {name} in {language} is {states[language]}: it must be approved first.")
    return Finding(RIGHT, f"The template {name} in {language} is approved.")
