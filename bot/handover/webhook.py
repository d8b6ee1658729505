"""Staff are told by a signed call to an address of the supplier's."""

import json
import time
from typing import Any

import httpx

from bot.handover import signing
from bot.handover.events import CourierError, event
from bot.handover.notices import Notice
from bot.settings.handover import Webhook


async def deliver(client: httpx.AsyncClient, webhook: Webhook, engine: Any, notice: Notice) -> None:
    """Make the call of a notice.

    Raises:
        CourierError: the answer was another than 2xx.
        httpx.HTTPError: there was none.
    """
    body = json.dumps(event(engine, notice), ensure_ascii=False).encode("utf-8", "replace")
    headers = signing.headers(webhook.secret, notice.id, int(time.time()), body)
    answer = await client.post(webhook.url, content=body, headers={"content-type": "application/json", **headers})
    if not answer.is_success:
        raise CourierError(f"the answer was {answer.status_code}")
