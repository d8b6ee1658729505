"""The model file: all that is needed to answer, and made again when what it was made of changes."""

import io
import os
import re
import shutil
import tarfile
import uuid
from pathlib import Path
from typing import Any

import pytest
from assistant import ENDPOINTS
from processes import PARTS, bot, copy_of_project

from bot.corpus import shelf
from bot.runtime import archive, server

WARNING = "Joint diseases such as osteoarthritis and rheumatoid arthritis cannot be cured with the pads."
CHANGED = "Joint diseases such as osteoarthritis and rheumatoid arthritis are not to be healed with the pads."


@pytest.fixture
def earlier_shelf() -> Any:
    """The newest documents of the process are afterwards what they were before."""
    before = shelf.latest()
    yield
    if before:
        shelf.put(before)


@pytest.fixture(scope="module")
def retrained(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained, after the project's own, on other documents, whose folder is gone."""
    folder = tmp_path_factory.mktemp("retrained")
    documents = folder / "documents"
    shutil.copytree(archive.DOCUMENTS, documents)
    file = documents / "therapy-pads.md"
    content = file.read_text()
    assert content.count(WARNING) == 1
    file.write_text(content.replace(WARNING, CHANGED))
    done = bot("train", "--documents", str(documents), "--out", str(folder / "deep" / "model.tar.gz"))
    assert done.returncode == 0, done.stderr
    shutil.rmtree(documents)
    return folder / "deep" / "model.tar.gz"


@pytest.mark.usefixtures("earlier_shelf")
async def test_a_warning_that_was_changed_is_spoken_and_the_folder_is_not_needed(
    retrained: Path, tmp_path: Path
) -> None:
    from bot.channels.turn import reply_to

    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(ENDPOINTS.format(database=tmp_path / "conversations.db"))
    agent = await server.load_agent(retrained, endpoints)
    (reply,) = await reply_to(agent, uuid.uuid4().hex, "Can the pads help with stiff joints?", "test")
    assert CHANGED in reply["text"]
    assert WARNING not in reply["text"]
    assert CHANGED in [warning["text"] for warning in reply["custom"]["answer"]["warnings"]]


def test_rasas_training_cache_sees_the_documents(tmp_path: Path) -> None:
    """Or a changed warning would be trained from the cache, where it is the old one."""
    from bot.understanding.passage_retriever import PassageRetriever

    documents = tmp_path / "documents"
    shutil.copytree(archive.DOCUMENTS, documents)
    before = PassageRetriever.fingerprint_addon({"documents": str(documents)})
    file = documents / "therapy-pads.md"
    content = file.read_text()
    file.write_text(content.replace(WARNING, CHANGED))
    assert PassageRetriever.fingerprint_addon({"documents": str(documents)}) != before
    file.write_text(content)
    assert PassageRetriever.fingerprint_addon({"documents": str(documents)}) == before


def test_training_leaves_the_model_and_nothing_beside_it(retrained: Path) -> None:
    assert list(retrained.parent.iterdir()) == [retrained]


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project that `model_for` looks at."""
    project = copy_of_project(tmp_path / "project")
    for name in ("SOURCES", "CODE"):
        monkeypatch.setattr(archive, name, tuple(project / p.relative_to(archive.ROOT) for p in getattr(archive, name)))
    return project


def _model_for(project: Path) -> str:
    return archive.model_for(project / "data" / "documents").name


def test_the_same_project_elsewhere_has_the_same_model(copy: Path) -> None:
    here = archive.model_for(archive.DOCUMENTS)
    assert _model_for(copy) == here.name
    assert re.fullmatch(r"[0-9a-f]{12}\.tar\.gz", here.name)
    assert here.parent == archive.MODELS


@pytest.mark.parametrize(
    "file",
    [
        "data/documents/therapy-pads.md",
        "data/nlu/timing.yml",
        "data/rules/timing.yml",
        "data/stories/screening.yml",
        "bot/domain/timing.yml",
        "config.yml",
        "requirements.lock",
        "bot/understanding/retrieval.py",
        "bot/understanding/conditions/extract.py",
        "bot/corpus/document.py",
    ],
)
def test_a_line_that_changes_what_is_trained_asks_for_another_model(file: str, copy: Path) -> None:
    before = _model_for(copy)
    content = (copy / file).read_text()
    (copy / file).write_text(f"{content}\n# a line\n")
    assert _model_for(copy) != before
    (copy / file).write_text(content)
    assert _model_for(copy) == before


def test_a_document_more_or_less_or_of_another_name_asks_for_another_model(copy: Path) -> None:
    seen = {_model_for(copy)}
    file = copy / "data/documents/supplier.md"
    shutil.copy(file, file.with_name("other.md"))
    seen.add(_model_for(copy))
    file.unlink()
    seen.add(_model_for(copy))
    assert len(seen) == 3


def test_what_changes_nothing_that_is_trained_keeps_the_model(copy: Path) -> None:
    before = _model_for(copy)
    for file in ("actions/screen.py", "bot/answers/compose.py", "bot/runtime/server.py", "bot/cli.py"):
        with (copy / file).open("a") as opened:
            opened.write("# a line\n")
    (copy / "bot/understanding/__pycache__").mkdir(exist_ok=True)
    (copy / "bot/understanding/__pycache__/retrieval.cpython-311.pyc").write_bytes(b"new")
    for part in PARTS:
        for path in [copy / part, *(copy / part).rglob("*")]:
            os.utime(path, (1, 1))
    assert _model_for(copy) == before


@pytest.mark.usefixtures("earlier_shelf")
def test_shelve_puts_the_documents_of_a_model_on_the_shelf(model: Path) -> None:
    corpus = archive.shelve(model)
    assert shelf.latest() is corpus
    assert shelf.get(corpus.sha256) is corpus
    assert WARNING in str(corpus)


def _archive_of(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as opened:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        opened.addfile(member, io.BytesIO(content))
    return file.getvalue()


NO_MODELS = {
    "text": b"pipeline: []\n",
    "empty": b"",
    "gzip's first bytes": b"\x1f\x8b" + b"x" * 1000,
    "no documents": _archive_of("metadata.json", b"{}"),
    "documents not in JSON": _archive_of("corpus.json", b"\xff"),
    "documents that are a list": _archive_of("corpus.json", b"[]"),
    "documents of another form": _archive_of("corpus.json", b'{"documents": [{}]}'),
}


@pytest.mark.parametrize("content", NO_MODELS.values(), ids=NO_MODELS.keys())
@pytest.mark.usefixtures("earlier_shelf")
def test_shelve_refuses_what_is_no_model_in_one_line(content: bytes, tmp_path: Path) -> None:
    before = shelf.latest()
    file = tmp_path / "some.tar.gz"
    file.write_bytes(content)
    with pytest.raises(archive.ArchiveError, match=re.escape(str(file))) as raised:
        archive.shelve(file)
    assert "\n" not in str(raised.value)
    assert shelf.latest() is before


@pytest.mark.parametrize("length", [1_000, 10_000])
@pytest.mark.parametrize("rest", [b"", bytes(100_000)], ids=["cut", "zeros"])
def test_shelve_refuses_a_damaged_model_in_one_line(length: int, rest: bytes, model: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.tar.gz"
    file.write_bytes(model.read_bytes()[:length] + rest)
    with pytest.raises(archive.ArchiveError, match=re.escape(str(file))) as raised:
        archive.shelve(file)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("path", ["missing.tar.gz", "."])
def test_shelve_refuses_what_is_no_file(path: str, tmp_path: Path) -> None:
    with pytest.raises(archive.ArchiveError, match="is not a model of this assistant"):
        archive.shelve(tmp_path / path)


def test_newest_is_what_was_trained_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MODELS", tmp_path)
    with pytest.raises(archive.ArchiveError, match="There is no model yet"):
        archive.newest()
    for name, time in {"a": 3, "b": 5, "c": 4}.items():
        (tmp_path / f"{name}.tar.gz").touch()
        os.utime(tmp_path / f"{name}.tar.gz", (time, time))
    assert archive.newest().name == "b.tar.gz"
