"""How the supplier's WhatsApp number is reached at Meta's Cloud API."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings.reading import address, together

GRAPH = "https://graph.facebook.com/v25.0"
VARIABLES = (
    "WHATSAPP_PHONE_NUMBER_ID",
    "WHATSAPP_ACCESS_TOKEN",
    "WHATSAPP_APP_SECRET",
    "WHATSAPP_VERIFY_TOKEN",
)


@dataclass(frozen=True)
class WhatsApp:
    """The settings of the WhatsApp channel.

    Attributes:
        phone_number_id: Meta's id of the number that messages are sent from.
        access_token: what calls to Meta carry.
        app_secret: what Meta signs its webhooks with.
        verify_token: what Meta shows when the webhook's address is set.
        url: of the Graph API, with its version.
        template: name and language of the approved template that is sent when the customer wrote more than a day
            ago; None: nothing is sent then.
    """

    phone_number_id: str
    access_token: str
    app_secret: str
    verify_token: str
    url: str = GRAPH
    template: tuple[str, str] | None = None


def read(get: Mapping[str, str], problems: list[str]) -> WhatsApp | None:
    """The settings of the channel; None where none of its variables is set, and it is off."""
    if not together(VARIABLES, get, "WhatsApp", problems):
        return None
    number, token, secret, verify = (get[name] for name in VARIABLES)
    if not number.isdigit():
        problems.append(
            "WHATSAPP_PHONE_NUMBER_ID must be digits: the id that Meta shows beside the number, not the number itself."
        )
    if re.search(r"\s", token):
        problems.append("WHATSAPP_ACCESS_TOKEN holds a blank: it was not copied whole.")
    url = address("WHATSAPP_API_URL", get.get("WHATSAPP_API_URL", GRAPH), problems)
    name = get.get("WHATSAPP_TEMPLATE")
    template = (name, get.get("WHATSAPP_TEMPLATE_LANGUAGE", "en")) if name else None
    return WhatsApp(number, token, secret, verify, url, template)
