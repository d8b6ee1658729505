"""/health before anything is loaded, which a server over HTTP does not show: it listens when all is."""

import json
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from bot.runtime import pages


class Agent:
    def __init__(self, ready: bool) -> None:
        self.is_ready = lambda: ready


@pytest.mark.parametrize(
    "loaded",
    [{}, {"agent": None, "store": object()}, {"agent": Agent(False), "store": object()}, {"agent": Agent(True)}],
)
async def test_without_a_model_it_is_not_well(loaded: dict[str, Any]) -> None:
    request = SimpleNamespace(app=SimpleNamespace(ctx=SimpleNamespace(**loaded)))
    answer = await pages._health(request)  # type: ignore[arg-type]
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (503, "no_model")


async def test_a_store_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(pages, "STORE_SECONDS", 0.05)
    store = SimpleNamespace(check=answered.wait)
    request = SimpleNamespace(app=SimpleNamespace(ctx=SimpleNamespace(agent=Agent(True), store=store)))
    try:
        answer = await pages._health(request)  # type: ignore[arg-type]
    finally:
        answered.set()
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (503, "no_store")
