"""Documents written for one test, with the contact that every corpus needs beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.corpus import Corpus, CorpusError, Problem, read_corpus

FRONT_MATTER = """\
---
title: Pads
language: en
reviewed: 2025-01-31
url: null
---
"""
CONTACT = """\
## Contact {.contact}
- [The contact is Daniel.]{name="Daniel"}
- [WhatsApp +86 15547888169.]{whatsapp="+8615547888169"}
"""

Read = Callable[..., Corpus]
Problems = Callable[..., list[Problem]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes documents: bodies by file stem, under valid front matter, which takes up lines 1 to 6."""

    def write(**bodies: str) -> Path:
        for stem, body in {"supplier": CONTACT, **bodies}.items():
            (tmp_path / f"{stem}.md").write_text(FRONT_MATTER + body, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def read(write: Callable[..., Path]) -> Read:
    """The corpus of these bodies and a contact."""
    return lambda **bodies: read_corpus(write(**bodies))


@pytest.fixture
def problems(write: Callable[..., Path]) -> Problems:
    """The problems with these bodies; the test fails when there are none."""

    def problems(**bodies: str) -> list[Problem]:
        with pytest.raises(CorpusError) as caught:
            read_corpus(write(**bodies))
        return list(caught.value.problems)

    return problems
