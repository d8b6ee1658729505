"""A directory of documents: order, hash, what must be unique over all of them, and all problems at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.corpus import Contact, CorpusError, documents_sha256, read_corpus

from .conftest import CONTACT, FRONT_MATTER, Problems, Read

USE = "## Uses {.use}\n\nPads help.\n\n"
AVOID = (
    "## Avoid {.contraindications}\n\n"
    '- [Pregnant women should avoid it.]{condition=pregnancy severity=avoid title="Pregnancy"}\n'
)
Write = Callable[..., Path]


def test_documents_are_in_the_order_of_their_names(read: Read) -> None:
    assert [document.id for document in read(zebra=USE, ant=USE).documents] == ["ant", "supplier", "zebra"]


def test_only_markdown_files_of_the_directory_itself_are_read(write: Write) -> None:
    directory = write(page=USE)
    (directory / "notes.txt").write_text("Not a document.")
    (directory / "drafts.md").mkdir()
    (directory / "drafts.md" / "draft.md").write_text("Not a document.")
    assert [document.id for document in read_corpus(directory).documents] == ["page", "supplier"]


def test_contact(read: Read) -> None:
    assert read(page=USE).contact == Contact("Daniel", "+8615547888169", "supplier", "contact")


def test_contact_is_required(problems: Problems, tmp_path: Path) -> None:
    [problem] = problems(supplier=USE)
    assert (problem.file, problem.line) == (str(tmp_path), None)
    assert "No document names a contact" in problem.message


def test_second_contact(problems: Problems, tmp_path: Path) -> None:
    [problem] = problems(supplier=CONTACT, team=CONTACT)
    assert (problem.file, problem.line) == (str(tmp_path / "team.md"), 8)
    assert f"the first stands at {tmp_path / 'supplier.md'}:8" in problem.message


def test_condition_named_in_two_documents(problems: Problems, tmp_path: Path) -> None:
    [problem] = problems(a=AVOID, b=USE + AVOID)
    assert (problem.file, problem.line) == (str(tmp_path / "b.md"), 13)
    assert f"pregnancy already stands at {tmp_path / 'a.md'}:9" in problem.message


def test_all_problems_are_told_in_the_order_of_files_and_lines(write: Write) -> None:
    directory = write(
        b=USE + "## Uses {.use}\n\n> [!WARN]\n> Text.\n",
        a="## Avoid {.contraindications}\n\n- [No.]{condition=flu severity=avoid title=Flu}\n",
        c=USE + "## More {.use}\n\n> [!WARNING]\n> Text.\n",
    )
    (directory / "d.md").write_bytes(b"\xff")
    with pytest.raises(CorpusError) as caught:
        read_corpus(directory)
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == [
        f"{directory}/{place}" for place in ["a.md:9", "b.md:11", "b.md:11", "b.md:13", "c.md:13", "d.md:1"]
    ]


def test_a_problem_is_one_line_that_says_where_and_what(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(page=USE + "> [!WARNING]\n")
    monkeypatch.chdir(tmp_path.parent)
    with pytest.raises(CorpusError) as caught:
        read_corpus(Path(tmp_path.name))
    assert str(caught.value) == (
        f"{tmp_path.name}/page.md:11: The alert is empty; write the warning on the lines below it, each after '>'."
    )


@pytest.mark.parametrize("use", [read_corpus, documents_sha256])
def test_directory_must_exist_and_hold_documents(use: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="There is no such directory"):
        use(tmp_path / "missing")
    (tmp_path / "page.txt").write_text(FRONT_MATTER + USE)
    with pytest.raises(CorpusError, match=r"No \.md file"):
        use(tmp_path)


def test_file_that_cannot_be_opened(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    write(page=USE)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value).splitlines()[0] == (
        f"{tmp_path / 'page.md'}: The file cannot be opened (Permission denied)."
    )


def test_hash_is_the_same_without_parsing(write: Write) -> None:
    directory = write(page=USE)
    assert documents_sha256(directory) == read_corpus(directory).sha256


def test_hash_depends_on_names_and_bytes_alone(write: Write) -> None:
    directory = write(page=USE)
    page = directory / "page.md"
    before = documents_sha256(directory)
    (directory / "notes.txt").write_text("Not a document.")
    page.write_bytes(page.read_bytes())
    assert documents_sha256(directory) == before
    page.write_bytes(page.read_bytes() + b"\n")
    grown = documents_sha256(directory)
    page.rename(directory / "pages.md")
    assert len({before, grown, documents_sha256(directory)}) == 3
