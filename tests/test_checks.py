"""`bot check`: silent when documents, domain and data agree, one sentence for each place where they do not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import bot, copy_of_project

from bot import checks
from bot.runtime import archive

RULE = """\
  - rule: ask_timing
    steps:
      - intent: ask_timing
      - action: action_answer_timing
"""


def _edit(file: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def edit(project: Path) -> None:
        content = (project / file).read_text()
        changed = change(content)
        assert changed != content
        (project / file).write_text(changed)

    return edit


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "an intent without a rule": (
        _edit("data/rules/mechanism.yml", lambda content: 'version: "3.1"\nrules: []\n'),
        r"data/rules: no rule answers the intent ask_mechanism, so a customer could get no reply\.",
    ),
    "an intent without examples and rule": (
        _edit("bot/domain/source.yml", lambda content: content.replace("intents:\n", "intents:\n  - ask_weather\n")),
        r"bot/domain: the intent ask_weather has neither examples in data/nlu nor a rule\.",
    ),
    "an action that is not written": (
        lambda project: (project / "actions/answer_limits.py").unlink(),
        r"bot/domain: the action action_answer_limits is not written: add a file for it under actions/\.",
    ),
    "an action that is not in the domain": (
        _edit("actions/screen.py", lambda content: content.replace("action_screen", "action_look")),
        r"actions: action_look is not in the domain: add it under bot/domain/\.",
    ),
    "a response that is missing": (
        _edit("bot/domain/emergency.yml", lambda content: content.replace("utter_emergency:", "utter_danger:")),
        r"bot/domain: bot/answers says utter_emergency, which is no response of the domain\.",
    ),
    "a button of WhatsApp that is too long": (
        _edit("bot/domain/whatsapp.yml", lambda content: content.replace('"More"', '"More of what they say"')),
        r"bot/domain: utter_whatsapp_more has 21 characters; a button of WhatsApp shows at most 20\.",
    ),
    "a contraindication that nobody can mention": (
        _edit("data/nlu/conditions.yml", lambda content: content.replace("- lookup: tumor\n", "- lookup: growth\n")),
        r"data/nlu/conditions\.yml: no lookup table tumor, so nobody can mention it\.",
    ),
    "a lookup table of no known condition": (
        lambda project: None,  # the same edit: growth
        r"data/nlu/conditions\.yml: the lookup table growth is no known condition\.",
    ),
    "a condition without a contraindication": (
        _edit("data/documents/therapy-pads.md", lambda content: re.sub(r"- \[.*condition=fracture.*\n", "", content)),
        r"data/documents: no contraindication fracture; who mentions it would not be warned\.",
    ),
    "what Rasa itself finds": (
        _edit("data/rules/timing.yml", lambda content: content + RULE.replace("_timing", "_tides")),
        r"The action 'action_answer_tides' is used in the 'ask_tides' block, but it is not listed in the domain file.*",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[str], str]:
    """Exit code, lines and the rest of `bot check` on a project with all these faults at once."""
    project = copy_of_project(tmp_path_factory.mktemp("checks") / "project")
    for fault, _ in FAULTS.values():
        fault(project)
    done = bot("check", project=project)
    return done.returncode, done.stderr.splitlines(), done.stdout


def test_the_project_is_well() -> None:
    done = bot("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Documents, domain and data are valid and agree.\n"


@pytest.mark.parametrize("sentence", [sentence for _, sentence in FAULTS.values()], ids=FAULTS.keys())
def test_a_fault_is_named(sentence: str, found: tuple[int, list[str], str]) -> None:
    code, lines, _ = found
    assert code == 1
    assert [line for line in lines if re.fullmatch(sentence, line)], lines


def test_the_faults_are_counted_and_nothing_else_is_said(found: tuple[int, list[str], str]) -> None:
    _, lines, rest = found
    assert lines[-1] == f"{len(lines) - 1} to mend."
    assert rest == ""
    assert "Traceback" not in "\n".join(lines)


def test_broken_documents_are_named_with_file_and_line(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    _edit("data/documents/therapy-pads.md", lambda content: content.replace("severity=avoid", "severity=no", 1))(
        project
    )
    _edit("data/documents/supplier.md", lambda content: content.replace("reviewed: ", "seen: "))(project)
    done = bot("check", project=project)
    assert done.returncode == 1
    *problems, count = done.stderr.splitlines()
    assert count == f"{len(problems)} to mend."
    for file in ("supplier.md", "therapy-pads.md"):
        assert [line for line in problems if re.search(rf"/data/documents/{file}:\d+: ", line)], problems


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("config.yml", "pipeline: [", r".*/config\.yml:\d: This is not valid YAML: .*"),
        ("bot/domain/contact.yml", "intents: [", r".*/bot/domain/contact\.yml:\d: This is not valid YAML: .*"),
        ("data/nlu/contact.yml", "nlu: [", r"The domain or the data cannot be read: .*data/nlu/contact\.yml.*"),
    ],
)
def test_files_that_cannot_be_read_are_named(
    file: str, content: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_of_project(tmp_path / "project")
    (project / file).write_text(content)
    for name in ("CONFIG", "DATA", "DOCUMENTS", "DOMAIN", "ROOT"):
        path = project / getattr(archive, name).relative_to(archive.ROOT)
        monkeypatch.setattr(archive, name, path)
        monkeypatch.setattr(checks, name, path)
    (problem,) = checks.problems()
    assert re.match(sentence, problem), problem
