"""The documents as a component reads them when it is trained, and their errors as Rasa reports them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rasa.shared.exceptions import InvalidConfigException

from bot.corpus import CorpusError

Read = TypeVar("Read")


def documents(read: Callable[[Path], Read], folder: Path) -> Read:
    """What `read` makes of a folder of documents.

    Raises:
        InvalidConfigException: a document is not as docs/documents.md says; with file and line.
    """
    try:
        return read(folder)
    except CorpusError as error:
        raise InvalidConfigException(str(error)) from error
