"""What the customers of both servers write: held-out questions, in conversations, the same at every run."""

import random

import yaml

from benchmarks.environments import ROOT

QUESTIONS = ROOT / "tests" / "understanding" / "questions.yml"
SEED = 20
TURNS = 10


def conversations(messages: int, seed: int = SEED) -> list[list[str]]:
    """Questions drawn without repetition while they last, in conversations of up to ten turns."""
    held_out = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    texts = sorted([q["text"] for q in held_out["answered"]] + held_out["unanswered"])
    drawn: list[str] = []
    chance = random.Random(seed)
    while len(drawn) < messages:
        drawn += chance.sample(texts, min(len(texts), messages - len(drawn)))
    return [drawn[at : at + TURNS] for at in range(0, messages, TURNS)]
