"""A person of the supplier in another process than the server's, as who uses `bot handover` is one."""

import json
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.channels import tokens
from bot.handover import Desk
from bot.settings.handover import Handover, Hours, Webhook

HERE = Handover(webhook=Webhook("http://127.0.0.1:9", "a secret"))
AWAY = Handover(hours=Hours((), ZoneInfo("UTC"), "never"))


class Staff:
    """Whoever takes over conversations of the web channel; they know them by their tokens."""

    def __init__(self, database: Path, key: str) -> None:
        self._engine = sa.create_engine(f"sqlite:///{database}", connect_args={"timeout": 60})
        self._desk = Desk(self._engine, HERE)
        self._key = key

    def conversation(self, token: str) -> str:
        return tokens.conversation_of(token, "web", self._key)

    def asked(self, token: str, settings: Handover = HERE) -> None:
        """A person is asked for, as a reply does it; with AWAY, while nobody is there."""
        Desk(self._engine, settings).ask(self.conversation(token), "web", "asked")

    def say(self, token: str, text: str, name: str | None = None) -> None:
        self._desk.say(self.conversation(token), text, name)

    def give_back(self, token: str) -> str:
        """Give it back, and wait until the server has told the customer; in which words."""
        conversation, end = self.conversation(token), time.monotonic() + 60
        self._desk.give_back(conversation)
        while self._desk.find(conversation).state != "over":
            assert time.monotonic() < end, "The server does not see it."
            time.sleep(0.05)
        query = "SELECT body FROM bot_outbox WHERE conversation = :id AND kind = 'notice' ORDER BY created DESC"
        return str(json.loads(self._rows(query, token)[0])["text"])

    def told(self, token: str) -> list[str]:
        """The messages of the customer that the staff were told, or will be."""
        query = "SELECT body FROM bot_notices WHERE conversation = :id AND body IS NOT NULL ORDER BY created"
        notices = map(json.loads, self._rows(query, token))
        return [said["text"] for told in notices if told["type"] == "message" for said in told["said"]]

    def kept(self, token: str) -> int:
        """How many rows there are of a conversation."""
        tables = ("bot_handovers", "bot_notices", "bot_outbox")
        counts = [self._rows(f"SELECT count(*) FROM {table} WHERE conversation = :id", token)[0] for table in tables]
        return sum(map(int, counts))

    def _rows(self, query: str, token: str) -> list[str]:
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.text(query), {"id": self.conversation(token)})]
