"""A directory of Markdown documents into one corpus, or all the problems with it."""

from hashlib import sha256
from pathlib import Path

from bot.corpus.document import Reading, read_document
from bot.corpus.errors import CorpusError, Problem
from bot.corpus.model import Contact, Corpus


def read_corpus(directory: Path) -> Corpus:
    """Reads every .md file in a directory (not in those below it), in the order of their names.

    Raises CorpusError with all problems found when there is any.
    """
    files = _files(directory)
    readings = {str(path): read_document(path, content) for path, content in files.items()}
    problems = [problem for reading in readings.values() for problem in reading.problems]
    problems += _repeated_conditions(readings)
    contact, contact_problems = _one_contact(directory, readings)
    problems += contact_problems
    if problems or contact is None:
        raise CorpusError(problems)
    documents = tuple(reading.document for reading in readings.values() if reading.document)
    return Corpus(documents, _hash(files), contact)


def documents_sha256(directory: Path) -> str:
    """The hash (hexadecimal) that `read_corpus` would give, without reading the Markdown.

    Raises CorpusError when there is no such directory, no .md file in it, or one that cannot be opened.
    """
    return _hash(_files(directory))


def _files(directory: Path) -> dict[Path, bytes]:
    if not directory.is_dir():
        raise CorpusError([Problem(str(directory), None, "There is no such directory.")])
    paths = sorted((path for path in directory.glob("*.md") if path.is_file()), key=lambda path: path.name)
    if not paths:
        raise CorpusError([Problem(str(directory), None, "No .md file is in this directory; put documents there.")])
    files, problems = {}, []
    for path in paths:
        try:
            files[path] = path.read_bytes()
        except OSError as error:
            problems.append(Problem(str(path), None, f"The file cannot be opened ({error.strerror})."))
    if problems:
        raise CorpusError(problems)
    return files


def _hash(files: dict[Path, bytes]) -> str:
    total = sha256()
    for path, content in files.items():
        # Hashed one by one, so that bytes cannot move between a name, a content and the next file unseen.
        total.update(sha256(path.name.encode()).digest() + sha256(content).digest())
    return total.hexdigest()


def _repeated_conditions(readings: dict[str, Reading]) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for file, reading in readings.items():
        for condition, line in reading.conditions:
            place = first.setdefault(condition, f"{file}:{line}")
            if place != f"{file}:{line}":
                problems.append(Problem(file, line, f"The condition {condition} already stands at {place}; keep one."))
    return problems


def _one_contact(directory: Path, readings: dict[str, Reading]) -> tuple[Contact | None, list[Problem]]:
    found = [(file, line, contact) for file, reading in readings.items() for contact, line in reading.contacts]
    if not found:
        message = 'No document names a contact; mark one with {name="..."} and {whatsapp="+..."} under {.contact}.'
        return None, [Problem(str(directory), None, message)]
    (first_file, first_line, contact), *others = found
    message = f"A second contact; the first stands at {first_file}:{first_line}. Keep one."
    return contact, [Problem(file, line, message) for file, line, _ in others]
