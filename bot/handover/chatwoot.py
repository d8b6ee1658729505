"""Staff are told in Chatwoot: a conversation of an API inbox, opened by the assistant as the inbox's agent bot.

Contact and conversation are made by Chatwoot's client API, which knows the inbox by its identifier; the rest by its
application API, of which a bot's token may use these calls. What the assistant writes is private or incoming, never
outgoing, so that Chatwoot's webhooks bring what members of staff write and nothing else.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx

from bot.handover.events import CourierError, alias, event, written
from bot.handover.notices import Notice
from bot.settings.handover import Chatwoot

LONGEST_NOTE = 100_000  # characters; Chatwoot takes 150,000


class _GoneError(CourierError):
    """Chatwoot does not know the conversation any more."""


class Inbox:
    """The calls to one account of Chatwoot."""

    def __init__(self, client: httpx.AsyncClient, settings: Chatwoot) -> None:
        self._client = client
        self._settings = settings
        self._public = f"{settings.url}/public/api/v1/inboxes/{quote(settings.inbox, safe='')}/contacts"
        self._account = f"{settings.url}/api/v1/accounts/{settings.account}/conversations"

    async def deliver(self, engine: Any, notice: Notice, ticket: str | None, keep: Callable[[str], None]) -> None:
        """Tell of a notice in the conversation with a number, or in a new one.

        Args:
            ticket: the number; None where there is none yet.
            keep: is called with the number of a new one.

        Raises:
            CourierError: Chatwoot refuses.
            httpx.HTTPError: it cannot be reached.
        """
        told = event(engine, notice)
        if ticket is not None:
            try:
                return await self._tell(ticket, told)
            except _GoneError:  # somebody deleted it there
                pass
        number = await self._begin(told)
        keep(number)
        return await self._tell(number, told)

    async def _begin(self, told: dict[str, Any]) -> str:
        """The number of the customer's conversation in Chatwoot: the one that is there, or a new one, pending."""
        name = alias(told["conversation"])
        contact = {"source_id": name, "identifier": name, "name": f"Customer {name[:8]}"}
        source = _field(await self._call("POST", self._public, json=contact), "source_id")
        conversations = f"{self._public}/{quote(source, safe='')}/conversations"
        found = await self._call("GET", conversations)
        numbers = [_field(each, "id") for each in found] if isinstance(found, list) else []
        if numbers:
            return max(numbers, key=int)
        return _field(await self._call("POST", conversations, json={}), "id")

    async def _tell(self, ticket: str, told: dict[str, Any]) -> None:
        messages, kind = f"{self._account}/{ticket}/messages", told["type"]
        if kind == "message":
            text = "\n\n".join(each["text"] for each in told["transcript"])
            await self._call("POST", messages, json={"content": text, "message_type": "incoming"}, token=True)
            return
        if kind != "handover.returned":
            # A private note could mention members of staff, which only they may do.
            text = written(told)[-LONGEST_NOTE:].replace("mention://", "mention: //")
            note = {"content": text, "message_type": "outgoing", "private": "true"}
            payload = json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace")
            files = (
                {"attachments[]": ("conversation.json", payload, "application/json")} if told["transcript"] else None
            )
            await self._call("POST", messages, data=note, files=files, token=True)
        status = {"handover.requested": "open", "handover.returned": "resolved"}.get(kind)
        if status:
            await self._call("POST", f"{self._account}/{ticket}/toggle_status", json={"status": status}, token=True)

    async def _call(self, method: str, url: str, token: bool = False, **body: Any) -> Any:
        headers = {"api_access_token": self._settings.token} if token else {}
        answer = await self._client.request(method, url, headers=headers, **body)
        place = "its " + url.removeprefix(self._settings.url).split("/")[1]
        if answer.status_code == 404 and token:
            raise _GoneError(f"Chatwoot answered 404 at {place}")
        if not answer.is_success:
            raise CourierError(f"Chatwoot answered {answer.status_code} at {place}")
        try:
            return answer.json()
        except ValueError:
            raise CourierError(f"Chatwoot answered no JSON at {place}") from None


def _field(answer: Any, name: str) -> str:
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, str | int) or (name == "id" and not str(found).isdigit()):
        raise CourierError(f"Chatwoot answered without {name}")
    return str(found)
