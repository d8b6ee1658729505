"""One agent with a database of its own for all tests, and conversations with it as a customer has them."""

import asyncio
import functools
import sqlite3
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answers.responses import Responses
from bot.corpus import Corpus, shelf

QUESTIONS = Path(__file__).parent / "understanding" / "questions.yml"
ENDPOINTS = """\
action_endpoint:
  url: "inproc:actions"
tracker_store:
  type: SQL
  dialect: sqlite
  db: {database}
"""


@dataclass(frozen=True)
class Reply:
    """One reply: what the customer reads, and the `answer` of its payload."""

    message: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.message["text"])

    @property
    def answer(self) -> dict[str, Any]:
        return dict(self.message["custom"]["answer"])

    @property
    def judged(self) -> tuple[str, str]:
        return self.answer["kind"], self.answer["verdict"]

    @property
    def warnings(self) -> list[str]:
        return [warning["text"] for warning in self.answer.get("warnings", [])]


@dataclass(frozen=True)
class Assistant:
    """A running agent, the documents of its model and the file of its conversations."""

    agent: Any
    corpus: Corpus
    responses: Responses
    database: Path

    def ask(self, text: str) -> Reply:
        """The reply to the first message of a conversation."""
        return Conversation(self).say(text)

    def stored(self, sender: str) -> list[tuple[str, str]]:
        """Type and data of the saved events of a conversation, as another process sees them."""
        with sqlite3.connect(self.database) as connection:
            query = "select type_name, data from events where sender_id = ? order by id"
            return list(connection.execute(query, (sender,)))


@dataclass
class Conversation:
    """Messages of one customer."""

    assistant: Assistant
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def say(self, *texts: str, **metadata: Any) -> Reply:
        """Say one after the other; the last one's reply, the only one to it.

        Args:
            metadata: what the channel says of each message: reach="here", silent_days=30 ...
        """
        from bot.channels.turn import reply_to

        for text in texts:
            replies = asyncio.run(reply_to(self.assistant.agent, self.id, text, "test", metadata))
            assert len(replies) == 1, text
        return Reply(replies[0])

    def tracker(self) -> Any:
        return asyncio.run(self.assistant.agent.processor.get_tracker(self.id))

    @property
    def conditions(self) -> list[tuple[str, str, str]]:
        """What is remembered: condition, whose it is, status."""
        return [(c["id"], c["holder"], c["status"]) for c in self.tracker().get_slot("conditions") or []]


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()  # kept, and so removed, with the process


@functools.cache
def assistant_of(model: Path) -> Assistant:
    """The assistant of a model, loaded once for all directories of tests."""
    from bot.runtime.server import load_agent

    folder = Path(_folder().name)
    endpoints, database = folder / "endpoints.yml", folder / "conversations.db"
    endpoints.write_text(ENDPOINTS.format(database=database), encoding="utf-8")
    agent = asyncio.run(load_agent(model, endpoints))
    corpus = shelf.latest()
    assert corpus
    return Assistant(agent, corpus, Responses(agent.domain.responses), database)
