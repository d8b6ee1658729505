"""The corpus: looking things up, the warnings that hold for a section, JSON there and back."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus import Corpus, NotInCorpusError, Passage, Severity, Verdict

from .conftest import Read

# Two documents with the same headings: the warnings of one do not hold in the other.
NESTED = """\
> [!CAUTION]
> {0} document.

## Outer {{.use}}

> [!WARNING]
> {0} outer.

### Inner

#### Innermost

Pads help. They do.

> [!IMPORTANT]
> {0} innermost.

### Sibling

More.
"""


@pytest.fixture
def corpus(read: Read) -> Corpus:
    return read(a=NESTED.format("A"), b=NESTED.format("B"))


@pytest.mark.parametrize(
    ("section", "warnings"),
    [
        ("outer", ["document", "outer"]),
        ("inner", ["document", "outer"]),
        ("innermost", ["document", "outer", "innermost"]),
        ("sibling", ["document", "outer"]),
    ],
)
@pytest.mark.parametrize("document", ["a", "b"])
def test_warnings_hold_for_subsections(corpus: Corpus, document: str, section: str, warnings: list[str]) -> None:
    found = corpus.warnings_for(corpus.section(document, section))
    assert [warning.text for warning in found] == [f"{document.upper()} {text}." for text in warnings]


def test_warnings_are_not_guessed_for_a_section_of_another_corpus(read: Read, corpus: Corpus) -> None:
    stranger = read(c=NESTED.format("C")).section("c", "outer")
    with pytest.raises(NotInCorpusError, match="no document 'c'"):
        corpus.warnings_for(stranger)


def test_lookups(corpus: Corpus) -> None:
    passage = Passage("b#innermost/2", "They do.", "b", "innermost")
    assert corpus.passage("b#innermost/2") == passage
    assert corpus.heading_path(passage) == ("Outer", "Inner", "Innermost")
    assert [section.id for section in corpus.sections] == [
        *("outer", "inner", "innermost", "sibling") * 2,
        "contact",
    ]
    assert [passage.id for passage in corpus.passages] == [
        *("a#innermost/1", "a#innermost/2", "a#sibling/1"),
        *("b#innermost/1", "b#innermost/2", "b#sibling/1"),
        *("supplier#contact/1", "supplier#contact/2"),
    ]


@pytest.mark.parametrize(
    ("look_up", "message"),
    [
        (lambda corpus: corpus.document("c"), "There is no document 'c' in this corpus."),
        (lambda corpus: corpus.section("c", "outer"), "There is no document 'c' in this corpus."),
        (lambda corpus: corpus.section("a", "x"), "There is no section 'x' in the document 'a'."),
        (lambda corpus: corpus.passage("a#x/1"), "There is no passage 'a#x/1' in this corpus."),
    ],
)
def test_unknown_ids(corpus: Corpus, look_up: Callable[[Corpus], object], message: str) -> None:
    with pytest.raises(KeyError) as caught:
        look_up(corpus)
    assert str(caught.value) == message


def test_json_is_plain_and_gives_the_enums_back(read: Read) -> None:
    corpus = read(
        page="## A {.limit verdict=limited}\n\nOne.\n\n## B {.contraindications}\n\n"
        "- [No.]{condition=pregnancy severity=avoid title=Pregnancy}\n"
    )
    document = json.loads(corpus.to_json())["documents"][0]
    assert (document["reviewed"], document["sections"][0]["verdict"]) == ("2025-01-31", "limited")
    again = Corpus.from_json(corpus.to_json())
    assert again.section("page", "a").verdict is Verdict.LIMITED
    assert again.contraindications["pregnancy"].severity is Severity.AVOID


@given(st.from_type(Corpus))
def test_json_there_and_back(corpus: Corpus) -> None:
    text = corpus.to_json()
    assert Corpus.from_json(text) == corpus
    assert Corpus.from_json(text).to_json() == text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"documents": [], "sha256": ""}'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Corpus.from_json(text)
