"""Plays test cases on a model, in this process: each case a new customer, through the code of the channels."""

import asyncio
import itertools
import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answers.responses import Responses
from bot.channels.turn import reply_to
from bot.corpus import shelf
from bot.evaluation.cases import Case, Turn
from bot.evaluation.labels import Reply, failures
from bot.evaluation.third_source import unexplained
from bot.runtime.server import load_agent

# Conversations are of no use afterwards.
ENDPOINTS = 'action_endpoint:\n  url: "inproc:actions"\n'


@dataclass(frozen=True)
class Played:
    """One turn as it went.

    Attributes:
        reply: what was said.
        failed: what is wrong with it; nothing if it passed.
        intent, confidence: what kind of question it was taken for.
        passages: ids of the best passages with their scores.
        conditions: what was understood of health conditions: 'pregnancy of wife: stated'.
    """

    case: Case
    turn: Turn
    reply: Reply
    failed: tuple[str, ...]
    intent: str
    confidence: float
    passages: tuple[tuple[str, float], ...]
    conditions: tuple[str, ...]


class Player:
    """An assistant that forgets every case."""

    def __init__(self, model: Path) -> None:
        """Load a model. Raises bot.runtime.server.ServerError where it cannot be."""
        logging.getLogger("rasa").setLevel(logging.ERROR)
        with tempfile.TemporaryDirectory() as folder:
            endpoints = Path(folder) / "endpoints.yml"
            endpoints.write_text(ENDPOINTS, encoding="utf-8")
            self._agent = asyncio.run(load_agent(model, endpoints))
        corpus = shelf.latest()
        assert corpus is not None  # load_agent has put the model's own there
        self.corpus = corpus
        self.model: str = self._agent.model_id
        self._canned = self._agent.domain.responses
        self._responses = Responses(self._canned)
        self._senders = itertools.count()

    def play(self, cases: Iterable[Case], wording: Callable[[str], str] = str) -> list[Played]:
        """Play cases, their messages changed by `wording`, and judge every turn."""
        return asyncio.run(self._play(cases, wording))

    async def _play(self, cases: Iterable[Case], wording: Callable[[str], str]) -> list[Played]:
        played = []
        for case in cases:
            sender, asked = f"case-{next(self._senders)}", False
            for turn in case.turns:
                last = await self._say(
                    sender, case, turn, wording(turn.text), judged=asked or not turn.only_after_screening
                )
                asked = last.reply.screens
                played.append(last)
        return played

    async def _say(self, sender: str, case: Case, turn: Turn, text: str, judged: bool) -> Played:
        (message,) = await reply_to(self._agent, sender, text, "evaluation")
        tracker = await self._agent.processor.get_tracker(sender)
        parsed: dict[str, Any] = tracker.latest_message.parse_data if tracker.latest_message else {}
        rest = unexplained(message["text"], self.corpus, self._responses, self._canned)
        reply = Reply(message["text"], message["custom"]["answer"], rest)
        intent = parsed.get("intent") or {}
        return Played(
            case,
            turn,
            reply,
            tuple(failures(turn.must, turn.must_not, case.kind, reply)) if judged else (),
            str(intent.get("name")),
            float(intent.get("confidence") or 0.0),
            tuple((found["id"], found["score"]) for found in parsed.get("passages", [])[:3]),
            tuple(
                f"{e['value']} of {e.get('holder') or 'nobody named'}: {e.get('status')}"
                for e in parsed.get("entities", [])
                if e["entity"] == "condition"
            ),
        )
