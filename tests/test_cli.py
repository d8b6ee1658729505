"""The command `bot` as a user types it: what works, and one sentence for what does not."""

import json
import re
import shutil
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
import yaml
from processes import Running, bot, copy_of_project

from bot.runtime import archive

JOINTS = "Can the pads help with stiff joints?"
JOINTS_WARNING = "Joint diseases such as osteoarthritis and rheumatoid arthritis cannot be cured with the pads."
MENTION = "I am pregnant. Can I use the pads on my belly?"


@pytest.fixture(scope="module")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with its model, which no test changes."""
    return copy_of_project(tmp_path_factory.mktemp("cli") / "project", model)


@pytest.fixture
def to_break(tmp_path: Path) -> Path:
    """A copy of the project that a test may break."""
    return copy_of_project(tmp_path / "project")


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    """It ended with 1 and one line on stderr, which a regular expression matches whole."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert re.fullmatch(sentence, done.stderr.strip()), done.stderr


def misused(done: subprocess.CompletedProcess[str], named: str) -> None:
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    assert re.search(named, " ".join(done.stderr.replace("│", " ").split())), done.stderr


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["run"],
        ["train"],
        ["chat"],
        ["check"],
        ["whatsapp", "simulate"],
        ["whatsapp", "check"],
        ["whatsapp", "erase"],
    ],
)
def test_help(command: list[str]) -> None:
    done = bot(*command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"bot {' '.join(command)}".strip() in done.stdout
    if not command:
        assert all(f"│ {name} " in done.stdout for name in ("run", "train", "chat", "check", "rasa"))


@pytest.mark.parametrize(
    ("arguments", "changed", "named"),
    [
        (["nonsense"], {}, "No such command 'nonsense'"),
        (["run", "--nonsense"], {}, "No such option: --nonsense"),
        (["run"], {"PORT": "abc"}, "'--port' .*'?PORT.* valid integer"),
        (["run"], {"PORT": "70000"}, "'--port' .*65535"),
        (["run", "--port", "0"], {}, "'--port'"),
        (["train", "--out"], {}, "'?--out'? requires an argument"),
    ],
)
def test_a_wrong_word_is_a_usage_error(arguments: list[str], changed: dict[str, str], named: str) -> None:
    misused(bot(*arguments, **changed), named)


def test_train_without_documents(tmp_path: Path) -> None:
    refused(bot("train", "--documents", "missing"), r"missing: There is no such directory\.")
    refused(bot("train", "--documents", str(tmp_path)), rf"{tmp_path}: No \.md file is in this directory; .*")


def test_train_with_a_broken_document_names_file_and_line(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    shutil.copytree(archive.DOCUMENTS, documents)
    file = documents / "therapy-pads.md"
    lines = file.read_text().splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "severity=avoid" in line)
    lines[at - 1] = lines[at - 1].replace("severity=avoid", "severity=perhaps")
    file.write_text("\n".join(lines) + "\n")
    refused(bot("train", "--documents", str(documents)), rf"{file}:{at}: .*perhaps.*")


def test_train_to_where_no_file_can_be(tmp_path: Path) -> None:
    refused(bot("train", "--out", str(tmp_path)), rf"{tmp_path} is a folder; name the model file itself, .*")
    (tmp_path / "file").touch()
    refused(bot("train", "--out", str(tmp_path / "file" / "model.tar.gz")), r"Cannot write .*/file/model\.tar\.gz: .*")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"recipe: default.v1\npipeline: [\n", r".*/config\.yml:3: This is not valid YAML: .*"),
        (b"\xff\xfe\x00", r".*/config\.yml cannot be read: .*"),
        (b"", r".*/config\.yml must hold a pipeline: .*"),
        (b"pipeline: 3\n", r".*/config\.yml must hold a pipeline: .*"),
        (b"pipeline:\n  - name: Nonsense\npolicies: []\n", r"Can't load class for name 'Nonsense'\. .*"),
        (None, r".*/config\.yml cannot be read: No such file or directory\."),
    ],
)
def test_train_with_a_configuration_that_cannot_be_used(content: bytes | None, sentence: str, to_break: Path) -> None:
    if content is None:
        (to_break / "config.yml").unlink()
    else:
        (to_break / "config.yml").write_bytes(content)
    refused(bot("train", project=to_break), sentence)


def test_train_with_a_domain_that_cannot_be_read(to_break: Path) -> None:
    """Rasa leaves out a file that it cannot read, and then complains of something else."""
    (to_break / "bot/domain/contact.yml").write_text('version: "3.1"\nresponses: [\n')
    refused(bot("train", project=to_break), r".*/bot/domain/contact\.yml:3: This is not valid YAML: .*")


def test_a_start_that_cannot_train_says_why_once(to_break: Path, port: int) -> None:
    (to_break / "config.yml").write_text("pipeline: 3\n")
    refused(bot("run", "--port", str(port), project=to_break), r".*/config\.yml must hold a pipeline: .*")
    refused(bot("chat", project=to_break), r".*/config\.yml must hold a pipeline: .*")


@pytest.mark.parametrize("command", ["run", "chat"])
def test_a_model_that_is_none(command: str, port: int, tmp_path: Path, project: Path) -> None:
    wrong = tmp_path / "some.tar.gz"
    wrong.write_text("no model")
    refused(
        bot(command, "--model", str(tmp_path / "missing"), project=project, PORT=str(port)),
        r"There is no model file .*/missing\. Train one: bot train --out .*/missing",
    )
    refused(
        bot(command, "--model", str(wrong), project=project, PORT=str(port)),
        r"The model .*/some\.tar\.gz cannot be loaded: .*[^.]\. Train a new one: bot train",
    )


def test_a_busy_port(port: int, project: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        refused(bot("run", project=project, PORT=str(port)), rf"Port {port} cannot be used: .* PORT=\d+ make run")


def test_processes_that_cannot_share_sqlite(port: int, project: Path) -> None:
    done = bot("run", project=project, PORT=str(port), SANIC_WORKERS="2")
    refused(done, r"SANIC_WORKERS=2 cannot share SQLite: .*")


def test_a_log_level_that_is_none() -> None:
    refused(bot("check", LOG_LEVEL="loud"), r"LOG_LEVEL must be DEBUG, .*, not 'loud'\.")


def test_endpoints_and_credentials_that_cannot_be_used(model: Path, port: int, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project", model)
    run = ["run", "--port", str(port)]
    (project / "bot/credentials.yml").write_text("facebook:\n  verify: x\n")
    refused(bot(*run, project=project), r".* the channel 'facebook', .*'fbmessenger'.*")
    (project / "bot/endpoints.yml").unlink()
    refused(bot(*run, project=project), r"There is no endpoints file .*/bot/endpoints\.yml\.")


def test_chat_answers_what_is_piped_and_sets_the_warning_apart(project: Path) -> None:
    """An empty line ends it."""
    done = bot("chat", project=project, stdin=f"{JOINTS}\n{MENTION}\n\nHello!\n")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    first, second = lines.index(f"> {JOINTS}"), lines.index(f"> {MENTION}")
    answer = lines[first + 1 : second]
    boxed = " ".join(line.strip("│ ") for line in answer if line.startswith("│"))
    assert JOINTS_WARNING in boxed
    assert JOINTS_WARNING not in " ".join(line for line in answer if not line.startswith("│"))
    assert any(line.startswith("╭─ Warning") for line in answer)
    assert answer[-1].startswith("Source: Red light therapy pads: uses, limits")
    assert lines[second + 1] == "AVOID"
    assert "> Hello!" not in lines


def test_rasas_own_command_line() -> None:
    done = bot("rasa", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: bot rasa ")
    assert bot("rasa", "nonsense").returncode == 2


def test_rasa_data_validate(project: Path) -> None:
    done = bot("rasa", "data", "validate", project=project)
    assert done.returncode == 0, done.stderr
    assert "No story structure conflicts found" in done.stderr + done.stdout


def test_rasa_train_asks_what_would_be_trained(project: Path) -> None:
    """--dry-run says with its exit code what a training would do: the model must be trained anew (1)."""
    done = bot("rasa", "train", "--dry-run", "--skip-validation", project=project)
    assert "needs to be retrained" in done.stdout, done.stderr
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_rasa_test_core_plays_a_story(project: Path, tmp_path: Path, model: Path) -> None:
    story = {"story": "mechanism", "steps": [{"intent": "ask_mechanism"}, {"action": "action_answer_mechanism"}]}
    stories = tmp_path / "stories.yml"
    stories.write_text(yaml.safe_dump({"version": "3.1", "stories": [story]}))
    arguments = ["-m", str(model), "-s", str(stories), "--out", str(tmp_path / "results"), "--no-plot"]
    done = bot("rasa", "test", "core", *arguments, project=project)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "results" / "story_report.json").read_text())
    assert report["conversation_accuracy"]["correct"] == 1


def test_rasa_shell_answers(project: Path, port: int) -> None:
    done = bot("rasa", "shell", "--port", str(port), project=project, stdin=f"{MENTION}\n/stop\n")
    assert done.returncode == 0, done.stderr
    assert "Pregnant women should avoid red light therapy" in done.stdout, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_rasa_run_actions_without_a_model(to_break: Path) -> None:
    refused(bot("rasa", "run", "actions", project=to_break), r"There is no model yet\. Train one: bot train")


def test_rasa_run_actions_serves_the_documents_of_the_newest_model(
    model: Path, port: int, project: Path, tmp_path: Path
) -> None:
    with Running("rasa", "run", "actions", "--port", str(port), project=project, log=tmp_path / "log") as server:
        server.wait_for_port(port)
        domain = {"responses": {}}
        for file in archive.DOMAIN.glob("*.yml"):
            domain["responses"] |= yaml.safe_load(file.read_text()).get("responses", {})
        message = {"text": "", "intent": {"name": "ask_contact"}}
        tracker = {"sender_id": "customer", "slots": {}, "latest_message": message, "events": [], "paused": False}
        call = {"next_action": "action_answer_contact", "tracker": {**tracker, "active_loop": {}}, "domain": domain}
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/webhook", json.dumps(call).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            (response,) = json.load(answer)["responses"]
        assert response["custom"]["answer"]["contact"]["name"] == "Daniel"
        assert server.interrupt() in (0, 130)
        assert "Traceback" not in server.output
