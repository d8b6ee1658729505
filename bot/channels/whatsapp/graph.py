"""Meta's Graph API, as far as a number on WhatsApp needs it. Whatever fails is a GraphError."""

import hashlib
import hmac
import logging
import time
from typing import Any

import httpx

from bot.channels.whatsapp.errors import GraphError, UnclearError, UnsentError, error_of
from bot.settings import WhatsApp

CONNECTIONS = 24
# A send takes Meta up to some seconds; whoever is not connected in five will not be.
TIMEOUT = httpx.Timeout(5.0, read=20.0)
FIELDS = "display_phone_number,verified_name,quality_rating,status,platform_type,throughput,webhook_configuration"
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


class Graph:
    """One number's calls, over connections that are kept for a while."""

    def __init__(self, settings: WhatsApp) -> None:
        # It would log the address of every request.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._url, self._id = settings.url.rstrip("/"), settings.phone_number_id
        self._proof = hmac.new(settings.app_secret.encode(), settings.access_token.encode(), hashlib.sha256).hexdigest()
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {settings.access_token}"},
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=15.0),
        )

    async def send(self, message: dict[str, Any]) -> str:
        """Send a message; the id that Meta gave it.

        Args:
            message: as the API has it, without `messaging_product`.

        Raises:
            GraphError: it was not sent, or in the case of UnclearError may not have been.
        """
        body = await self._call("POST", f"{self._id}/messages", json={"messaging_product": "whatsapp", **message})
        try:
            return str(body["messages"][0]["id"])
        except (KeyError, IndexError, TypeError):
            raise UnclearError(None, 0.0, "an answer without a message's id") from None

    async def read_and_type(self, message: str) -> None:
        """Show a customer's message as read, and that an answer is being written, for up to 25 seconds.

        Raises:
            GraphError: it could not be shown.
        """
        shown = {"status": "read", "message_id": message, "typing_indicator": {"type": "text"}}
        await self._call("POST", f"{self._id}/messages", json={"messaging_product": "whatsapp", **shown})

    async def about_number(self, prove_secret: bool = False) -> dict[str, Any]:
        """What Meta says of the number: FIELDS, as far as there are any.

        Args:
            prove_secret: show Meta the app secret with the token; it is a RequestError where the secret is another
                app's than the token.

        Raises:
            GraphError: Meta does not say.
        """
        proof = {"appsecret_proof": self._proof} if prove_secret else {}
        return await self.get(self._id, {"fields": FIELDS, **proof})

    async def get(
        self, path: str, parameters: dict[str, str] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """What Meta has under a path below the version.

        Args:
            token: instead of the number's.

        Raises:
            GraphError: Meta does not say.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = await self._call("GET", path, params=parameters or {}, headers=headers)
        return body if isinstance(body, dict) else {}

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(self, method: str, path: str, **given: Any) -> Any:
        failed: GraphError
        try:
            response = await self._client.request(method, f"{self._url}/{path}", **given)
        except UNSENT as error:
            failed = UnsentError(None, 0.0, type(error).__name__)
        except httpx.HTTPError as error:
            failed = UnclearError(None, 0.0, type(error).__name__)
        else:
            try:
                body = response.json()
            except ValueError:
                body = None
            if response.is_success and body is not None:
                return body
            failed = error_of(response.status_code, body, response.headers, time.time())
        # Without the cause, which may name what was sent.
        raise failed from None
