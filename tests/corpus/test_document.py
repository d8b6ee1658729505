"""One document: what is read from it, and what is refused at which line (the body begins at line 7)."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus import Kind, Level, Severity, Verdict
from bot.corpus.document import read_document

from .conftest import FRONT_MATTER, Problems, Read

USE = "## Uses {.use}\n\nPads help.\n\n"
ITEM = '[Pregnant women should avoid it.]{condition=pregnancy severity=avoid title="Pregnancy"}'
AVOID = "## Avoid {.contraindications}\n\n"


def test_front_matter_becomes_the_document(read: Read) -> None:
    document = read(page=USE).document("page")
    assert (document.title, document.language, document.reviewed, document.url) == (
        "Pads",
        "en",
        date(2025, 1, 31),
        None,
    )


def test_byte_order_mark_is_ignored() -> None:
    reading = read_document(Path("page.md"), ("\ufeff" + FRONT_MATTER + USE).encode())
    assert reading.document is not None
    assert reading.document.sections[0].title == "Uses"


def test_attributes_of_a_heading(read: Read) -> None:
    body = "## Joint *discomfort* {#joints .use verdict=limited}\n\nPads help."
    section = read(page=body).section("page", "joints")
    assert (section.title, section.kind, section.verdict) == ("Joint discomfort", Kind.USE, Verdict.LIMITED)


def test_id_defaults_to_the_slug_of_the_title(read: Read) -> None:
    body = "## II. Crème & Co: what's new? {.use}\n\nPads help."
    assert read(page=body).document("page").sections[0].id == "ii-creme-co-what-s-new"


def test_path_and_parent_follow_the_heading_levels(read: Read) -> None:
    body = "# A {.use}\n\nOne.\n\n### B\n\nTwo.\n\n#### C\n\nThree.\n\n## D\n\nFour."
    sections = read(page=body).document("page").sections
    assert [(section.path, section.parent) for section in sections] == [
        (("A",), None),
        (("A", "B"), "a"),
        (("A", "B", "C"), "b"),
        (("A", "D"), "a"),
    ]


def test_kind_is_inherited(read: Read) -> None:
    body = "## A {.timing}\n\nOne.\n\n### B\n\nTwo.\n\n### C {.evidence}\n\nThree.\n\n#### D\n\nFour."
    kinds = [section.kind for section in read(page=body).document("page").sections]
    assert kinds == [Kind.TIMING, Kind.TIMING, Kind.EVIDENCE, Kind.EVIDENCE]


@pytest.mark.parametrize(
    ("outer", "inner", "verdict"),
    [
        (".use", "{.use}", Verdict.SUPPORTED),
        (".use verdict=limited", "", Verdict.LIMITED),
        (".limit verdict=not_supported", "", Verdict.NOT_SUPPORTED),
        (".limit verdict=not_supported", "{verdict=limited}", Verdict.LIMITED),
        (".limit verdict=not_supported", "{.use}", Verdict.SUPPORTED),
        (".use", "{.mechanism}", None),
    ],
)
def test_verdict_of_a_subsection(read: Read, outer: str, inner: str, verdict: Verdict | None) -> None:
    body = f"## A {{{outer}}}\n\nOne.\n\n### B {inner}\n\nTwo."
    assert read(page=body).section("page", "b").verdict == verdict


def test_paragraphs_and_items_become_numbered_sentences(read: Read) -> None:
    body = USE.replace("Pads help.", "Pads *help*\nnow. See [this](https://a.example) &amp; `that`.")
    body += "- One.\n  1. Two.\n"
    passages = read(page=body).section("page", "uses").passages
    assert [(passage.id, passage.text) for passage in passages] == [
        ("page#uses/1", "Pads help now."),
        ("page#uses/2", "See this & that."),
        ("page#uses/3", "One."),
        ("page#uses/4", "Two."),
    ]
    assert {(passage.document, passage.section) for passage in passages} == {("page", "uses")}


@pytest.mark.parametrize(
    "sentence",
    [
        "Arteries were wider by approximately 15% - 20%.",
        "The address is No. 526 Longping East Road.",
        "Use it on joints, e.g. this knee, or on muscles.",
        "It inhibits (PGE2), interleukin-1 (IL-1) and tumor necrosis factor-alpha (TNF-α).",
    ],
)
def test_abbreviations_and_figures_do_not_end_a_sentence(read: Read, sentence: str) -> None:
    passages = read(page=f"## Uses {{.use}}\n\n{sentence} Then more.").document("page").sections[0].passages
    assert [passage.text for passage in passages] == [sentence, "Then more."]


WORDS = st.lists(st.text("abcdeäλ0(),;:%-", min_size=1).map(lambda word: f"x{word}"), min_size=1, max_size=9)
SENTENCES = st.lists(WORDS.map(lambda words: " ".join(words).capitalize() + "."), min_size=1, max_size=5)


@given(st.lists(SENTENCES, min_size=1, max_size=3))
def test_no_word_is_lost_or_made_up(paragraphs: list[list[str]]) -> None:
    body = "## Uses {.use}\n\n" + "\n\n".join(map("\n".join, paragraphs))
    document = read_document(Path("page.md"), (FRONT_MATTER + body).encode()).document
    assert document is not None
    read = " ".join(passage.text for passage in document.sections[0].passages)
    assert read == " ".join(sentence for paragraph in paragraphs for sentence in paragraph)


PIECES = [
    "## A {.use}",
    "\n",
    "\n\n",
    "> ",
    "[!WARNING]",
    "[!NOTE]",
    "- ",
    "Pads help.",
    "{",
    "}",
    "[",
    "](x)",
    "!",
    "```",
    "<b>",
    "| a | b |\n|---|---|\n",
    " {.contraindications}",
    " {.contact}",
    "{name=A}",
    "{#id}",
    "verdict=limited",
    "{condition=pregnancy severity=avoid title=x}",
    "    ",
    "\t",
    "\x00",
    "\r",
]
MARKDOWN = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)


@given(MARKDOWN, st.booleans())
def test_any_file_is_either_read_or_refused(text: str, with_front_matter: bool) -> None:
    reading = read_document(Path("page.md"), (FRONT_MATTER * with_front_matter + text).encode())
    assert (reading.document is None) == bool(reading.problems)


@pytest.mark.parametrize(("marker", "level"), [(level.name, level) for level in Level])
def test_alert_is_a_warning_of_its_section(read: Read, marker: str, level: Level) -> None:
    section = read(page=USE + f"> [!{marker}]\n> Not for *deep*\n> wounds. Ask.\n>\n> - Really.\n").section(
        "page", "uses"
    )
    assert [(warning.level, warning.text, warning.section) for warning in section.warnings] == [
        (level, "Not for deep wounds. Ask. Really.", "uses")
    ]
    assert [passage.text for passage in section.passages] == ["Pads help."]


def test_alert_before_the_first_heading_belongs_to_the_document(read: Read) -> None:
    document = read(page="> [!CAUTION]\n> Careful.\n\n" + USE).document("page")
    assert [(warning.text, warning.section) for warning in document.warnings] == [("Careful.", None)]
    assert document.sections[0].warnings == ()


def test_contraindication(read: Read) -> None:
    corpus = read(page=AVOID + f"Some should not.\n\n- {ITEM}\n")
    found = corpus.contraindications["pregnancy"]
    assert (found.condition, found.severity, found.title) == ("pregnancy", Severity.AVOID, "Pregnancy")
    assert found.passage == corpus.passage("page#avoid/2")
    assert found.passage.text == "Pregnant women should avoid it."
    assert corpus.section("page", "avoid").contraindications == (found,)


REFUSED = {
    "text before the first heading": ("Hello.\n\n" + USE, 7, "before the first heading"),
    "kind missing at the top": ("## Uses\n\nPads help.", 7, "one kind"),
    "kind unknown": ("## Uses {.usage}\n\nPads help.", 7, "one kind"),
    "two kinds": ("## Uses {.use .limit verdict=limited}\n\nPads help.", 7, "one kind"),
    "attribute of a heading unknown": ("## Uses {.use kind=use}\n\nPads help.", 7, "remove kind"),
    "braces of a heading broken": ("## Uses {.use verdict=}\n\nPads help.", 7, "are not understood"),
    "braces of a heading closed twice": ("## Uses {.use}}\n\nPads help.", 7, "are not understood"),
    "braces of a heading not at its end": ("## Uses {.use} of pads\n\nPads help.", 7, "Braces"),
    "id not a slug": ("## Uses {#Uses .use}\n\nPads help.", 7, "id such as"),
    "title without a slug": ("## 用途 {.use}\n\nPads help.", 7, "id such as"),
    "heading without text": ("## {#uses .use}\n\nPads help.", 7, "no text"),
    "duplicate id": (USE + "## Other {#uses .use}\n\nMore.", 11, "'uses' is taken by line 7"),
    "duplicate slug": (USE + "## Uses! {.use}\n\nMore.", 11, "'uses' is taken by line 7"),
    "verdict unknown": ("## Uses {.use verdict=good}\n\nPads help.", 7, "Unknown verdict 'good'"),
    "verdict missing": ("## Limits {.limit}\n\nNot much.", 7, "verdict=limited or"),
    "verdict of another kind not inherited": (USE + "### Limits {.limit}\n\nNo.", 11, "verdict=limited or"),
    "verdict where there is none": ("## Proof {.evidence verdict=limited}\n\nLight.", 7, "has no verdict"),
    "section empty": (USE + "## More {.use}\n", 11, "'More' is empty"),
    "note": (USE + "> [!NOTE]\n> Text.", 11, "[!NOTE] is no warning"),
    "tip": (USE + "> [!TIP]\n> Text.", 11, "[!TIP] is no warning"),
    "alert unknown": (USE + "> [!WARN]\n> Text.", 11, "'[!WARN]' is not recognised"),
    "alert broken by text": (USE + "> [!WARNING] Text.", 11, "'[!WARNING] Text.' is not recognised"),
    "alert broken by a colon": (USE + "> [!WARNING]: Text.", 11, "'[!WARNING]: Text.' is not recognised"),
    "alert without a quotation mark": (USE + "[!WARNING]: Text.", 11, "An alert is not recognised"),
    "alert empty": (USE + "> [!WARNING]\n\nText.", 11, "alert is empty"),
    "alert in a list": (USE + "- One.\n\n  > [!WARNING]\n  > Text.", 13, "inside a list"),
    "alert in an alert": (
        USE + "> [!WARNING]\n> Text.\n>\n> > [!WARNING]\n> > More.",
        14,
        "or another warning",
    ),
    "attributes in an alert": (USE + "> [!WARNING]\n> [Text.]{name=x}", 12, "mean nothing in a warning"),
    "quotation": (USE + "> Text.", 11, "A quotation"),
    "quotation before the first heading": ("> Text.\n\n" + USE, 7, "A quotation"),
    "warning without a section": (USE + "## More {.use}\n\n> [!WARNING]\n> Text.\n", 13, "without a section"),
    "html": (USE + "<div>Text.</div>", 11, "HTML cannot be quoted; write it as sentences"),
    "html comment": (USE + "<!-- Text. -->", 11, "HTML cannot be quoted"),
    "html within a sentence": (USE + "Some <b>text</b>.", 11, "HTML cannot be quoted"),
    "image": (USE + "See ![pads](pads.png).", 11, "An image cannot be quoted"),
    "image in a heading": ("## Pads ![pads](p.png) {.use}\n\nPads help.", 7, "An image cannot be quoted"),
    "fence": (USE + "```\ncode\n```", 11, "A code block cannot be quoted"),
    "indented code": (USE + "    code", 11, "A code block cannot be quoted"),
    "table": (USE + "| a | b |\n|---|---|\n| 1 | 2 |", 11, "A table cannot be quoted"),
    "table in a list": (USE + "- One.\n\n  | a | b |\n  |---|---|", 13, "A table cannot be quoted"),
    "table in an alert": (USE + "> [!WARNING]\n> Text.\n>\n> | a |\n> |---|", 14, "A table cannot be quoted"),
    "heading in a list": (USE + "- # One", 11, "A heading inside a list"),
    "line across": (USE + "***\n", 11, "A line across the page"),
    "span out of place": (USE + f"- {ITEM}", 11, "belong to a list item under {.contraindications}"),
    "span in a paragraph on contraindications": (AVOID + f"{ITEM}", 9, "belong to a list item"),
    "span not understood": (USE + "[Text.]{title=Two words}", 11, "Braces"),
    "brace left over": (USE + "Text}.", 11, "Braces"),
    "condition unknown": (AVOID + "- [No.]{condition=flu severity=avoid title=Flu}", 9, "condition 'flu'"),
    "severity not the known one": (
        AVOID + "- [No.]{condition=tumor severity=avoid title=Tumor}",
        9,
        "write severity=see_doctor_first",
    ),
    "severity unknown": (
        AVOID + "- [No.]{condition=tumor severity=bad title=Tumor}",
        9,
        "write severity=see_doctor_first",
    ),
    "title missing": (AVOID + "- [No.]{condition=tumor severity=see_doctor_first}", 9, "Write the item as"),
    "title blank": (
        AVOID + '- [No.]{condition=tumor severity=see_doctor_first title=" "}',
        9,
        "title is empty",
    ),
    "attribute of an item unknown": (AVOID + f"- {ITEM[:-1]} a=b}}", 9, "Write the item as"),
    "item without attributes": (AVOID + "Some.\n\n- No.", 11, "Write the item as"),
    "item with two spans": (AVOID + f"- {ITEM} [x]{{title=x}}", 9, "Write the item as"),
    "item without text": (AVOID + f"Some.\n\n- []{ITEM[ITEM.index('{') :]}", 11, "this item has 0"),
    "item with two sentences": (AVOID + f"- {ITEM} And more.", 9, "exactly one sentence; this item has 2"),
    "contact's name empty": (
        '## C {.contact}\n\n[A.]{name=" " whatsapp="+8615547888169"}',
        9,
        "name is empty",
    ),
    "contact's number missing": ("## C {.contact}\n\nCall.\n\n[A.]{name=A}", 11, "contact has no whatsapp"),
    "contact's name missing": (
        '## C {.contact}\n\n[A.]{whatsapp="+8615547888169"}',
        9,
        "contact has no name",
    ),
    "contact's number not E.164": ('## C {.contact}\n\n[A.]{name=A whatsapp="0155 47"}', 9, "+8615547888169"),
    "contact's name twice": (
        '## C {.contact}\n\n[A.]{name=A whatsapp="+8615547888169"}\n\n[B.]{name=B}',
        11,
        "already has a name",
    ),
    "attribute of a contact unknown": (
        '## C {.contact}\n\n[A.]{name=A whatsapp="+8615547888169" phone=1}',
        9,
        "takes only",
    ),
}


@pytest.mark.parametrize(("body", "line", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(body: str, line: int, message: str) -> None:
    problems = read_document(Path("page.md"), (FRONT_MATTER + body).encode()).problems
    assert {(problem.file, problem.line) for problem in problems} == {("page.md", line)}
    assert any(message in problem.message for problem in problems)


def test_item_with_a_list_inside_is_refused(problems: Problems) -> None:
    [problem] = problems(page=AVOID + f"Some.\n\n- {ITEM}\n  - More.\n")
    assert (problem.line, "nothing inside it" in problem.message) == (11, True)


def test_kind_missing_at_the_top_is_told_once(problems: Problems) -> None:
    assert [problem.line for problem in problems(page="## A\n\nOne.\n\n### B\n\n[Two.]{a=b}")] == [7]


def test_document_without_a_section(problems: Problems) -> None:
    found = problems(page="> [!WARNING]\n> Text.")
    assert [problem.line for problem in found] == [None, 7]
    assert "no section" in found[0].message
    assert "A warning without a section" in found[1].message


def test_section_with_only_subsections_may_carry_a_warning(read: Read) -> None:
    corpus = read(page="## A {.use}\n\n> [!WARNING]\n> Text.\n\n### B\n\nPads help.")
    assert [warning.text for warning in corpus.warnings_for(corpus.section("page", "b"))] == ["Text."]


@pytest.mark.parametrize("stem", ["Page", "my_page", "a--b", "página"])
def test_file_name_must_be_a_slug(stem: str) -> None:
    [problem] = read_document(Path(f"{stem}.md"), (FRONT_MATTER + USE).encode()).problems
    assert "Rename the file" in problem.message


def test_file_must_be_utf_8() -> None:
    [problem] = read_document(Path("page.md"), (FRONT_MATTER + USE).encode() + b"caf\xe9").problems
    assert (problem.line, "UTF-8" in problem.message) == (11, True)
