"""The test set's files: read, or refused with file and line; and apart from what is trained on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz, process

from bot.evaluation.cases import UNSEEN, CaseError, read
from bot.runtime.archive import DATA

GOOD = {"id": "a", "kind": "mechanism", "text": "How?", "must": ["stem:light"], "must_not": ["fallback"]}
# Of these two measures a near copy has one high; two questions after the same thing in other words have neither.
SAME_LETTERS, SAME_WORDS = 90, 95
FEW_WORDS = 6  # so short a question everybody asks in the same words


def _write(folder: Path, *rows: object, name: str = "some.jsonl") -> Path:
    (folder / name).write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return folder


def test_questions_and_dialogues_are_read(tmp_path: Path) -> None:
    turns = [{"user": "Hi"}, {"user": "None", "must": ["handoff"], "cond": "if_bot_asked_screening_question"}]
    _write(tmp_path, GOOD, "", {"id": "b", "tag": "terse", "turns": turns})
    question, dialogue = read(tmp_path)["some"]
    assert (question.id, question.kind, question.is_dialogue) == ("a", "mechanism", False)
    assert (question.turns[0].must, question.turns[0].must_not) == (("stem:light",), ("fallback",))
    assert (dialogue.kind, dialogue.is_dialogue) == ("terse", True)
    assert [turn.only_after_screening for turn in dialogue.turns] == [False, True]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["{"], "some.jsonl:1: This is no case"),
        ([GOOD, {"id": "b", "text": "?"}], "some.jsonl:2: This is no case"),
        ([GOOD, GOOD], "some.jsonl:2: The id a stands twice"),
        ([{**GOOD, "must": ["vetoed"]}], "some.jsonl:1: There is no label 'vetoed'"),
        ([{**GOOD, "cond": "if_it_rains"}], "some.jsonl:1: This is no case"),
    ],
)
def test_a_file_that_cannot_be_used(rows: list[object], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=re.escape(sentence)):
        read(_write(tmp_path, *rows))


def test_a_folder_without_cases(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="nothing to measure"):
        read(tmp_path)


def test_the_frozen_set_is_as_large_as_it_should_be() -> None:
    cases = [case for each in read(UNSEEN).values() for case in each]
    questions = [case for case in cases if not case.is_dialogue]
    due = [case for case in questions if "veto" in case.turns[0].must]
    assert len(due) >= 600
    assert len(questions) - len(due) >= 600
    assert sum(case.is_dialogue for case in cases) >= 80


def _examples(node: object) -> Iterator[str]:
    """All example texts of a file of training data, without their annotations."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif key == "examples" and isinstance(value, str):
                yield from (line.removeprefix("- ") for line in value.splitlines())
            else:
                yield from _examples(value)
    elif isinstance(node, list):
        for each in node:
            yield from _examples(each)


def _bare(text: str) -> str:
    text = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", text)
    return " ".join(re.findall(r"[\w']+", text.lower()))


def test_no_question_of_the_test_set_is_trained_on() -> None:
    """Neither as it stands nor nearly; a frozen set that was trained on measures nothing."""
    files = sorted((DATA / "nlu").glob("*.yml"))
    trained = {_bare(t) for file in files for t in _examples(yaml.safe_load(file.read_text(encoding="utf-8")))}
    trained = {text for text in trained if len(text.split()) >= FEW_WORDS}
    asked = {_bare(turn.text) for each in read(UNSEEN).values() for case in each for turn in case.turns}
    asked = {text for text in asked if len(text.split()) >= FEW_WORDS}
    assert len(trained) > 5000
    near = {
        text: found
        for text in sorted(asked)
        for measure, limit in ((fuzz.ratio, SAME_LETTERS), (fuzz.token_set_ratio, SAME_WORDS))
        if (found := process.extractOne(text, _as_long(trained, text), scorer=measure, score_cutoff=limit))
    }
    assert near == {}


def _as_long(trained: set[str], text: str) -> list[str]:
    """Examples of about the length of a text: a short one is part of many a long one."""
    words = len(text.split())
    return [each for each in trained if 0.7 <= len(each.split()) / words <= 1.4]
