"""What a customer sees on WhatsApp: within Meta's limits, and nothing that must be said is lost."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import yaml
from answers.random_turns import ANY, COMPOSERS, turns
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import memory
from bot.answers.answer import Answer, AnswerKind, AnswerVerdict, Option, Question
from bot.answers.quoting import Ranked
from bot.answers.render import render as as_text
from bot.answers.responses import Responses
from bot.answers.turn import Turn
from bot.channels.turn import FALLBACK
from bot.channels.whatsapp.rendering import answer_of, choice_of, more, notice, person, render, said
from bot.corpus import Corpus, read_corpus
from bot.runtime.archive import DOCUMENTS, DOMAIN

Message = dict[str, Any]
CORPUS = read_corpus(DOCUMENTS)
FILES = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DOMAIN.glob("*.yml"))]
RESPONSES = Responses({name: texts for file in FILES for name, texts in file.get("responses", {}).items()})
MEANT = str.maketrans("∗＿∼ˋ‐＞", "*_~`->")


# What Meta takes ---------------------------------------------------------------------------------------------


def units(text: str) -> int:
    """Characters in the way that counts the most."""
    return len(text.encode("utf-16-le")) // 2


def check(message: Message) -> Message:
    """The message, after Meta's limits: one title too long rejects all of it."""
    if message["type"] == "text":
        assert message.keys() == {"type", "text"}
        assert 0 < units(message["text"]["body"].strip()) <= units(message["text"]["body"]) <= 4096
        return message
    interactive = message["interactive"]
    assert (message.keys(), message["type"]) == ({"type", "interactive"}, "interactive")
    assert interactive.keys() == {"type", "body", "action"}
    assert 0 < units(interactive["body"]["text"]) <= 1024
    action = interactive["action"]
    if interactive["type"] == "button":
        shown = [button["reply"] for button in action["buttons"]]
        assert all(button["type"] == "reply" for button in action["buttons"])
        assert 1 <= len(shown) <= 3
        most_title, most_id = 20, 256
    else:
        assert interactive["type"] == "list"
        assert 0 < units(action["button"]) <= 20
        (section,) = action["sections"]
        assert 0 < units(section["title"]) <= 24
        shown = section["rows"]
        assert 1 <= len(shown) <= 10
        assert all(0 < units(row.get("description", "x")) <= 72 for row in shown)
        most_title, most_id = 24, 200
    assert all(0 < units(each["title"].strip()) == units(each["title"]) <= most_title for each in shown)
    assert all(0 < units(each["id"]) <= most_id and each["id"] == each["id"].strip() for each in shown)
    assert len({each["title"] for each in shown}) == len({each["id"] for each in shown}) == len(shown)
    return message


def body(message: Message) -> str:
    text: str = message["text"]["body"] if message["type"] == "text" else message["interactive"]["body"]["text"]
    return text


def pressable(message: Message) -> list[dict[str, str]]:
    """Buttons and rows."""
    action = message.get("interactive", {}).get("action", {})
    return [button["reply"] for button in action.get("buttons", [])] + [
        row for section in action.get("sections", []) for row in section["rows"]
    ]


def more_button(message: Message) -> str | None:
    return next((each["id"] for each in pressable(message) if answer_of(each["id"])), None)


# What a phone shows ------------------------------------------------------------------------------------------


class Shown:
    """A text as WhatsApp's apps draw it: without its marks, and what is bold, italic, struck out or code."""

    def __init__(self, text: str) -> None:
        self.spans: dict[str, list[str]] = {}
        for mark in "*_~`":
            # Formatting holds within a line, and begins and ends at the edge of a word.
            span = re.compile(rf"(?<![^\W_]){re.escape(mark)}(?=\S)(.+?)(?<=\S){re.escape(mark)}(?![^\W_])")
            self.spans[mark] = [meant(each) for each in span.findall(text)]
            text = span.sub(r"\1", text)
        self.text = meant(text)


def meant(text: str) -> str:
    return text.translate(MEANT)


def conversation(answer: Answer | Message, corpus: Corpus | None = None) -> list[Message]:
    """The message of an answer and all that 'More' shows of it, one after the other."""
    if isinstance(answer, Answer):
        reply = {"text": as_text(answer, corpus, RESPONSES), "custom": answer.payload(corpus, "model")}
    else:
        reply = answer
    payload = reply["custom"]["answer"]
    messages = [check(render(reply, RESPONSES))]
    while button := more_button(messages[-1]):
        assert answer_of(button) == payload["id"]
        messages.append(check(more(payload, button, RESPONSES)))
        assert len(messages) < 50, "'More' leads nowhere"
    return messages


def assert_all_said(messages: list[Message], payload: Message) -> None:
    """Nothing that must be said is lost, cut or garbled, in whatever number of messages."""
    shown = [Shown(body(message)) for message in messages]
    first = shown[0]
    for warning in payload.get("warnings", []):
        for line in warning["text"].splitlines():
            assert all(" ".join(line.split()) in each.spans["*"] for each in shown), "a warning is not there, whole"
    leads = [*payload.get("lead", []), *(line for block in payload.get("further", []) for line in block["lead"])]
    for canned in [*leads, *payload.get("closing", []), payload.get("question", {}).get("text", "")]:
        assert canned in first.text
    # Of several questions one may be answered with what another answer warns of.
    unwarned = "".join(line for each in shown for line in each.text.splitlines() if not line.startswith("⚠"))
    texts = [statement["text"] for statement in payload.get("statements", [])]
    place = 0
    for text in texts:
        assert unwarned.count(text) == texts.count(text), "a statement is not said once for each time it is quoted"
        assert text in unwarned[place:], "statements are out of order"
        place = unwarned.index(text, place) + len(text)
    drawn = [span for each in shown for mark in "*~`" for span in each.spans[mark]]
    warned = [w["text"] for w in payload.get("warnings", [])]
    assert all(any(" ".join(span.split()) in " ".join(w.split()) for w in warned) for span in drawn)


# Whatever the assistant can answer ---------------------------------------------------------------------------


@given(st.data())
@ANY
def test_whatever_is_composed_is_said_whole(data: st.DataObject) -> None:
    turn = data.draw(turns(RESPONSES))
    for composer in COMPOSERS.values():
        answer = composer(turn)
        assert_all_said(conversation(answer, turn.corpus), answer.payload(turn.corpus, "model")["answer"])


ALL = [{"id": id, "holder": "customer", "status": "stated"} for id in CORPUS.contraindications]
TOLD: dict[str, list[dict[str, str]]] = {
    "nothing told": [],
    "perhaps pregnant": [{**ALL[0], "status": "unsure"}],
    "another person": [{**ALL[0], "holder": "wife"}],
    "all conditions at once": ALL,
}


def real_answers(told: list[dict[str, str]]) -> Iterable[tuple[str, Answer]]:
    """Everything that can be answered of each section of the real documents, just told or remembered."""
    remembered = memory.remember([], memory.mentioned(told, "customer"))
    for section in [None, *CORPUS.sections]:
        passages = section.passages if section else ()
        ranked = [Ranked(passage, 0.8 - n / 100) for n, passage in enumerate(passages)]
        turn = Turn(
            corpus=CORPUS,
            responses=RESPONSES,
            text="does it help?",
            intent="greet",
            ranked=ranked,
            remembered=remembered,
        )
        for each in (turn, replace(turn, mentions=told)):
            for name, composer in COMPOSERS.items():
                yield f"{name} of {section and section.id}", composer(each)


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD.keys())
def test_everything_of_the_real_documents_is_said_whole(told: list[dict[str, str]]) -> None:
    for name, answer in real_answers(told):
        payload = answer.payload(CORPUS, "model")["answer"]
        messages = conversation(answer, CORPUS)
        assert_all_said(messages, payload)
        # Nothing in the real documents looks like formatting: they are quoted to the letter.
        assert all(any(s["text"] in body(m) for m in messages) for s in payload.get("statements", [])), name


def test_the_real_answers_come_in_every_form() -> None:
    """Or the promises above would be kept by plain text alone."""
    forms = set()
    for _, answer in real_answers([]):
        messages = conversation(answer, CORPUS)
        forms |= {(m["type"], m.get("interactive", {}).get("type"), bool(more_button(m))) for m in messages}
    assert forms == {
        ("text", None, False),
        ("interactive", "button", False),
        ("interactive", "button", True),
        ("interactive", "list", False),
    }


def test_what_could_be_read_next_is_never_lost() -> None:
    for name, answer in real_answers([]):
        last = conversation(answer, CORPUS)[-1]
        offered = [said(each["id"], each["title"]) for each in pressable(last)]
        assert all(option.title in offered for option in answer.related), name


# Payloads that nobody thought of ------------------------------------------------------------------------------

LETTERS = "aB9 .,*_~`>-#!\u00e9\U0001f600"


@st.composite
def payloads(draw: st.DrawFn, long: int, statements: int, warnings: int) -> Message:
    """A reply with texts of all lengths, and of everything that WhatsApp could take for formatting."""
    number = count(1)

    def sentence(most: int, letters: str = LETTERS) -> str:
        text = draw(st.text(letters, max_size=most))
        return " ".join(f"{draw(st.sampled_from(['', '*', '- ', '> ', '_', '~']))}n{next(number)}n {text}".split())

    def cited(text: str) -> Message:
        return {"text": text, "document": draw(st.sampled_from("ab")), "section": draw(st.sampled_from("stu"))}

    quoted = [cited(sentence(long)) for _ in range(draw(st.integers(0, statements)))]
    cut = draw(st.integers(0, len(quoted)))
    further = [{"lead": [sentence(40)], "statements": quoted[cut:]}] if draw(st.booleans()) else []
    warned = [cited(sentence(long, LETTERS + "\n")) for _ in range(draw(st.integers(0, warnings)))]
    options = [
        {"id": f"{n}", "title": sentence(draw(st.sampled_from([5, 20, 90])))} for n in range(draw(st.integers(0, 12)))
    ]
    answer: Message = {
        "id": "5f0c7f8e-0000-4000-8000-000000000000",
        "kind": draw(st.sampled_from(AnswerKind)).value,
        "verdict": draw(st.sampled_from(AnswerVerdict)).value,
        "lead": [sentence(40) for _ in range(draw(st.integers(1, 2)))],
        "statements": quoted,
        "further": further,
        "warnings": warned,
        "closing": [sentence(40)] if draw(st.booleans()) else [],
        "related": options[:3],
    }
    if draw(st.booleans()):
        answer["question"] = {"text": sentence(40), "options": options, "multiple": draw(st.booleans())}
    places = dict.fromkeys((each["document"], each["section"]) for each in [*quoted, *warned])
    answer["sources"] = [{"title": f"Page {d}", "section": f"Part_{s}", "url": None} for d, s in places]
    answer = {key: value for key, value in answer.items() if value}
    return {"text": "", "custom": {"answer": answer}}


@given(payloads(long=60, statements=60, warnings=1) | payloads(long=160, statements=9, warnings=3))
@ANY
def test_whatever_a_payload_holds_is_said_whole(reply: Message) -> None:
    assert_all_said(conversation(reply), reply["custom"]["answer"])


@given(payloads(long=2000, statements=12, warnings=4))
@ANY
def test_whatever_a_payload_holds_a_warning_is_never_cut(reply: Message) -> None:
    """Where not all of them fit into one message, nothing is said in its place."""
    payload = reply["custom"]["answer"]
    message = check(render(reply, RESPONSES))
    if body(message) != RESPONSES("failure"):
        shown = Shown(body(message))
        lines = [line for warning in payload.get("warnings", []) for line in warning["text"].splitlines()]
        assert all(" ".join(line.split()) in shown.spans["*"] for line in lines)


@given(payloads(long=60, statements=20, warnings=1))
@ANY
def test_what_is_offered_can_be_answered_by_its_title(reply: Message) -> None:
    payload = reply["custom"]["answer"]
    first = render(reply, RESPONSES)
    question = payload.get("question")
    if question:
        titles = [option["title"] for option in question["options"]]
        pressed = [said(each["id"], each["title"]) for each in pressable(first) if not answer_of(each["id"])]
        lines = Shown(body(first)).text.splitlines()
        signs = [f"{n}. " for n in range(1, 99)] if question["multiple"] else ["- "] * 99
        listed = all(f"{sign}{title}" in lines for sign, title in zip(signs, titles, strict=False))
        assert pressed == titles or (not pressed and listed)
        assert not (question["multiple"] and pressed), "only one of several could be pressed"


# One by one ---------------------------------------------------------------------------------------------------


def reply(**answer: Any) -> Message:
    """A reply with this in its payload."""
    whole = {"id": "id", "kind": "mechanism", "verdict": "none", **answer}
    return {"text": "", "custom": {"answer": whole}}


def cited(*texts: str) -> list[Message]:
    return [{"text": text, "document": "page", "section": "part"} for text in texts]


def asking(*titles: str, multiple: bool = False) -> Message:
    options = [{"id": str(n), "title": title} for n, title in enumerate(titles)]
    return reply(question={"text": "Which?", "options": options, "multiple": multiple})


def test_an_answer_its_warning_and_its_source() -> None:
    answer = Answer(AnswerKind.MECHANISM, statements=CORPUS.section("therapy-pads", "uses").passages)
    answer = replace(answer, warnings=CORPUS.warnings_for(CORPUS.section("therapy-pads", "uses")))
    (message,) = conversation(answer, CORPUS)
    first, second = (passage.text for passage in answer.statements)
    assert body(message).split("\n\n") == [
        f"{first} {second}",
        f"⚠ *{answer.warnings[0].text}*",
        "_Source: Red light therapy pads: uses, limits and who should not use them, What the pads are for_",
    ]


def test_two_options_are_buttons() -> None:
    message = check(render(asking("Yes", "No"), RESPONSES))
    assert [each["title"] for each in pressable(message)] == ["Yes", "No"]
    assert [choice_of(each["id"]) for each in pressable(message)] == ["id", "id"]
    assert body(message) == "Which?"


@pytest.mark.parametrize(
    "titles",
    [
        ["How it works", "What it cannot do", "Who should not use it"],
        ["A", "B", "C", "D"],
        [f"Option {n}" for n in range(10)],
    ],
    ids=["a title of 21", "four", "ten"],
)
def test_what_buttons_cannot_hold_is_a_list(titles: list[str]) -> None:
    message = check(render(asking(*titles), RESPONSES))
    assert message["interactive"]["type"] == "list"
    assert [each["title"] for each in pressable(message)] == titles


def test_a_long_title_goes_on_in_the_second_line_of_its_row() -> None:
    title = "Fewer pain signals: the gate control theory"
    (row,) = pressable(check(render(asking(title), RESPONSES)))
    assert f"{row['title']} {row['description']}" == title
    assert said(row["id"], row["title"]) == title


@pytest.mark.parametrize(
    "titles",
    [[f"Option {n}" for n in range(11)], ["x" * 25], [f"Long {'x' * 73}"], ["Same", "Same"]],
    ids=["eleven", "one word too long", "a description of 73", "twice the same"],
)
def test_what_a_list_cannot_hold_is_text(titles: list[str]) -> None:
    message = check(render(asking(*titles), RESPONSES))
    assert body(message) == "\n".join(["Which?", *(f"- {title.strip()}" for title in titles)])


def test_what_could_be_read_next_is_text_where_no_list_holds_it() -> None:
    title = f"Long {'x' * 73}"
    message = check(render(reply(lead=["Said."], related=[{"id": "page#part", "title": title}]), RESPONSES))
    assert body(message) == f"Said.\n\n{RESPONSES('whatsapp_related')}:\n- {title}"


def test_of_several_that_may_apply_each_has_a_number() -> None:
    message = check(render(asking("Fracture", "None of these", multiple=True), RESPONSES))
    assert (message["type"], body(message)) == ("text", "Which?\n1. Fracture\n2. None of these")


def test_a_question_keeps_its_buttons_beside_more() -> None:
    long = asking("Yes", "No")
    long["custom"]["answer"]["statements"] = cited(*(f"Sentence {n} {'x' * 190}." for n in range(8)))
    messages = conversation(long)
    assert [each["title"] for each in pressable(messages[0])] == ["Yes", "No", "More"]
    assert "Which?" in body(messages[0])
    assert all("Which?" not in body(message) for message in messages[1:])


def test_what_was_cut_is_seen() -> None:
    messages = conversation(reply(statements=cited(*(f"Sentence {n} {'x' * 190}." for n in range(8)))))
    assert [body(message).count("…") for message in messages] == [1, 0]


def test_the_rest_says_no_lead_again() -> None:
    messages = conversation(reply(lead=["Yes."], statements=cited(*(f"Sentence {n} {'x' * 190}." for n in range(8)))))
    assert [body(message).startswith("Yes.") for message in messages] == [True, False]


@pytest.mark.parametrize(
    "forbidding",
    [{"verdict": "avoid"}, {"verdict": "see_doctor_first"}, {"verdict": "confirm_first"}, {"kind": "contraindication"}],
)
def test_what_forbids_use_is_in_one_message(forbidding: dict[str, str]) -> None:
    messages = conversation(reply(statements=cited(*(f"Sentence {n} {'x' * 190}." for n in range(12))), **forbidding))
    assert [message["type"] for message in messages] == ["text"]


def test_contraindications_are_a_list() -> None:
    (message,) = conversation(reply(kind="contraindication", lead=["They say:"], statements=cited("Not A.", "Not B.")))
    assert body(message) == "They say:\n\n- Not A.\n- Not B."


def test_the_rest_names_where_the_rest_stands() -> None:
    sections = [{"document": "page", "section": f"{n}", "text": f"Sentence {n} {'x' * 190}."} for n in range(8)]
    sources = [{"title": "Page", "section": f"Part {n}", "url": None} for n in range(8)]
    answer = reply(statements=sections, sources=sources)
    line = RESPONSES("cite", title="Page", section="; ".join(f"Part {n}" for n in range(8)))
    first, last = conversation({**answer, "text": f"... {line}"})
    assert Shown(body(first)).spans["_"] == [line]
    shown = [n for n in range(8) if f"Sentence {n} " in body(last)]
    parts = "; ".join(f"Part {n}" for n in shown)
    assert Shown(body(last)).spans["_"] == [RESPONSES("cite", title="Page", section=parts)]


def test_what_cites_nothing_names_no_source() -> None:
    """A phone number stands in a document too, and nobody asks where."""
    answer = COMPOSERS["contact"](Turn(corpus=CORPUS, responses=RESPONSES))
    assert answer.statements or answer.contact
    assert all("Source:" not in body(message) for message in conversation(answer, CORPUS))


@pytest.mark.parametrize(
    "text",
    [
        "*bold*, _italic_, ~struck~ and `code`",
        "```all``` of this",
        "(*) or [_x_], even '*a'*",
        "* no item of a list",
        "- nor this",
        "> no quotation",
        "**twice** and *_nested_*",
    ],
)
def test_what_is_quoted_formats_nothing(text: str) -> None:
    for message in (render(reply(statements=cited(text)), RESPONSES), render(reply(lead=[text]), RESPONSES)):
        assert Shown(body(message)).spans == {"*": [], "_": [], "~": [], "`": []}
        assert not re.match(r"[-*>] ", body(message))
        assert meant(body(message)) == text


@pytest.mark.parametrize("text", ["a_b, 2*3 and x~y", "https://shop.example/_a_/~b_c?d=_", "15% - 20%", "5 > 3"])
def test_what_formats_nothing_is_quoted_to_the_letter(text: str) -> None:
    assert body(render(reply(statements=cited(text)), RESPONSES)) == text


@pytest.mark.parametrize("text", ["One line.", "Two\nlines.", " Blanks  around \n\n and between ", "*Marked* already*"])
def test_a_warning_is_bold_to_its_end(text: str) -> None:
    message = render(reply(warnings=cited(text)), RESPONSES)
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    assert Shown(body(message)).spans["*"] == lines
    assert body(message).startswith("⚠ *")


def test_an_emoji_counts_as_two() -> None:
    texts = cited(*(f"{n}{'😀' * 120}." for n in range(5)))
    assert len(conversation(reply(statements=texts))) == 2


def test_more_of_nothing_known_is_no_more() -> None:
    for id in ("", "say:Yes", "more:", "more:id", "more::3", "more:id:x", "more:id:-1", "more:id:²"):
        assert answer_of(id) is None
    assert answer_of("more:some:id:3") == "some:id"


def test_more_after_the_end_shows_the_end_again() -> None:
    """A button can be pressed again when another version reads its number."""
    answer = reply(statements=cited("First.", "Last."))["custom"]["answer"]
    assert body(check(more(answer, "more:id:9", RESPONSES))) == "Last."


def test_a_button_says_its_title() -> None:
    assert said("say:Yes", "Yes") == "Yes"
    assert said("say:The whole of it", "The whole") == "The whole of it"
    assert said("choose:id:Yes: the whole", "Yes") == "Yes: the whole"
    assert said("of somebody else's template", "Yes") == "Yes"
    assert said("", "Yes") == "Yes"


def test_a_failure_is_said_without_a_model() -> None:
    from bot.answers import compose

    answer = compose.failure(Responses(FALLBACK), None)
    given = {"text": "x", "custom": answer.payload(None, "unknown")}
    assert body(check(render(given, Responses(FALLBACK)))) == FALLBACK["utter_failure"][0]["text"]


def test_a_reply_without_a_payload_is_its_text() -> None:
    assert check(render({"text": "Hello."}, RESPONSES)) == notice("Hello.")


def test_a_person_is_named_and_writes_as_they_like() -> None:
    assert body(check(person("All *well*.", "A person"))) == "*A person*\nAll *well*."
    assert body(check(person("Hello."))) == body(check(person("Hello.", " "))) == "Hello."


@pytest.mark.parametrize(
    "text", ["A sentence. " * 600, "word " * 2000, "x" * 9000, "😀" * 4000, "One.\n" + "y" * 5000], ids=range(5)
)
def test_what_no_message_holds_is_shortened(text: str) -> None:
    """Whole sentences while there are any, else whole words."""
    shown = body(check(notice(text)))
    assert shown.endswith(" …")
    assert text.startswith(shown.removesuffix(" …"))
    assert len(shown) > 1900 or shown == "One. …"
    end = text[len(shown.removesuffix(" …")) :][:1]
    assert end in " \n" or " " not in text
    assert "." not in text or shown.endswith(". …")


def test_titles_of_options_are_not_marked() -> None:
    """Buttons show every character as it is."""
    answer = replace(
        Answer(AnswerKind.CLARIFICATION), question=Question("Which?", (Option("a", "*a*"), Option("b", "_b_")))
    )
    (message,) = conversation(answer)
    assert [each["title"] for each in pressable(message)] == ["*a*", "_b_"]


def test_shown_sees_formatting() -> None:
    """Or the tests above would see none."""
    shown = Shown("*a b* _c_ ~d~ `e` * f * 2*3*4\n*g\nh*")
    assert shown.spans == {"*": ["a b"], "_": ["c"], "~": ["d"], "`": ["e"]}
    assert shown.text == "a b c d e * f * 2*3*4\n*g\nh*"
