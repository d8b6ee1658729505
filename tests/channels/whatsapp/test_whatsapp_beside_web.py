"""WhatsApp is answered in a thread of its own: what both channels ask at the same time gets what each gets alone."""

import itertools
import json
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from browser import UNLIMITED, Browser
from processes import Running, copy_of_project, free_port

from bot.simulator import GraphServer

NUMBERS = (f"49156{number:08}" for number in itertools.count())
TOLD = (
    "I am pregnant",
    "i am pregnent",
    "I have a pacemakr",
    "my dauhgter has epilepsy",
    "I take isotretinoin",
    "I do not have cancer",
    "my father had skin cancer",
    "I am healthy",
)
ASKED = (
    "may I use the belt?",
    "is the matt suitable?",
    "does it help with artritis?",
    "how does it work?",
    "how long until I notice anything?",
    "who should not use it?",
)
OTHER = (
    "Ich bin schwanger, darf ich den Gürtel benutzen?",
    "Je suis enceinte, puis-je utiliser la ceinture?",
    "I cannot breathe and my chest hurts",
    "what does shipping to Norway cost?",
    "asdf qwer zxcv",
)
QUESTIONS = [f"{told}, {asked}" for told in TOLD for asked in ASKED] + list(OTHER)
KEPT = ("kind", "verdict", "warnings", "conditions", "statements")


class Server:
    def __init__(self, address: str, meta: GraphServer, database: Path) -> None:
        self.address, self.meta, self.database = address, meta, database

    def on_web(self, text: str) -> dict[str, Any]:
        return _kept(Browser(self.address).say(text)["answer"])

    def on_whatsapp(self, text: str) -> dict[str, Any]:
        phone = self.meta.phone(next(NUMBERS))
        phone.send(text)
        phone.wait(120)
        query = (
            "SELECT data FROM events JOIN bot_identities ON sender_id = conversation"
            " WHERE identity = ? AND type_name = 'bot'"
        )
        with closing(sqlite3.connect(self.database, timeout=60)) as connection:
            ((data,),) = connection.execute(query, (f"wa:{phone.number}",)).fetchall()
        return _kept(json.loads(data)["data"]["custom"]["answer"])


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer.get(key) for key in KEPT}


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    project = copy_of_project(tmp_path_factory.mktemp("beside") / "project", model)
    port, log = free_port(), project / "run.log"
    with GraphServer(pair_seconds=0) as meta:
        arguments = ("run", "--model", str(model), "--port", str(port))
        with Running(*arguments, project=project, log=log, **UNLIMITED | meta.environment) as running:
            running.wait_for("Ready")
            meta.subscribe(f"http://127.0.0.1:{port}/webhooks/whatsapp/webhook", seconds=120)
            yield Server(f"http://127.0.0.1:{port}", meta, project / "var" / "conversations.db")
            assert running.interrupt() == 0
            assert "ERROR" not in running.output
            assert "Traceback" not in running.output


def test_each_gets_the_answers_that_it_gets_alone(server: Server) -> None:
    alone = {text: server.on_web(text) for text in QUESTIONS}
    assert {answer["verdict"] for answer in alone.values()} >= {"avoid", "confirm_first", "none"}
    chance = random.Random(6)
    for _ in range(2):
        texts, others = (chance.sample(QUESTIONS, len(QUESTIONS)) for _ in range(2))
        with ThreadPoolExecutor(4) as web, ThreadPoolExecutor(4) as phones:
            asked = zip(web.map(server.on_web, texts), phones.map(server.on_whatsapp, others), strict=True)
            for text, other, (on_web, on_whatsapp) in zip(texts, others, asked, strict=True):
                assert on_web == alone[text], text
                assert on_whatsapp == alone[other], other
