"""A worker in a process of its own, that is killed: python crashing.py SETTINGS, which is JSON.

`place` is the tracker store's, `whatsapp` the settings of the channel, and `at` where the process kills itself: before
a turn is answered, after its answer is saved, before it is sent, or after it was sent and before that is noted.
`unclear` is for how many seconds a status is waited for.
"""

import asyncio
import json
import os
import signal
import sys
from types import SimpleNamespace
from typing import Any

from bot import runtime

runtime.install()

from stand_in import context  # noqa: E402

from bot.channels.whatsapp import sending, worker  # noqa: E402
from bot.settings import WhatsApp  # noqa: E402
from bot.store.queue import Queue  # noqa: E402

# A dead worker's customers are taken over sooner than they would be.
worker.LEASE, worker.RENEW = 2.0, 0.5


def die(*_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


async def die_later(_: str) -> None:
    die()


async def main(given: dict[str, Any]) -> None:
    sending.UNCLEAR = given["unclear"]
    app = SimpleNamespace(ctx=context(given["place"], WhatsApp(**given["whatsapp"])))
    match given.get("at"):
        case "answering":
            app.ctx.agent.before = die_later
        case "saved":
            app.ctx.agent.after = die_later
        case "sending":
            Queue.sending = die  # type: ignore[method-assign]
        case "sent":
            Queue.sent = die  # type: ignore[method-assign]
    print("Ready", flush=True)
    await worker.Worker(app).run()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
