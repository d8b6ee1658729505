"""Other languages: what is certainly none of English, and what the assistant replies to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from bot.runtime.archive import DATA
from bot.understanding.language import foreign

if TYPE_CHECKING:
    from assistant import Assistant, Reply

MESSAGES = Path(__file__).with_name("foreign.yml")
HELD_OUT = Path(__file__).with_name("questions.yml")
# Of messages of four words or more this share is found at least.
FOUND = 0.95


def english_examples() -> Iterator[str]:
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if item.get("intent") not in (None, "not_english"):
                yield from (line.removeprefix("- ") for line in item["examples"].splitlines())


def texts_of(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        yield from [found["text"]] if "text" in found else ()
        found = list(found.values())
    for inner in found if isinstance(found, list) else ():
        yield from texts_of(inner)


def foreign_messages() -> list[str]:
    listed = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))
    return [message for messages in listed.values() for message in messages]


def says_which_language(assistant: "Assistant", reply: "Reply") -> bool:
    contact = assistant.corpus.contact
    said = (assistant.responses("not_english"), contact.name, contact.whatsapp)
    return all(words in reply.text for words in said)


# What is certain without any example


@pytest.mark.parametrize(
    "message",
    [
        "",
        "?!",
        "🙂🙂🙂",
        "850 nm",
        "hola",
        "ibuprofen",
        "vasodilatation",
        "IBUPROFEN OR PARACETAMOL?",
        "no pus, no redness",
        "lipolysis claims, adipocyte breakdown, true?",
        "IL-1β and TNF-α, are they lower?",
        "β?",
        "wil it wurk for stif nek",
        "hlp wth bck pn?",
        "Hola, does it help with back pain?",
        "Bonjour, is it safe for diabetics?",
        "Guten Tag! Can I use it every day?",
        "does it help with Rückenschmerzen",
        "Mein Rücken tut weh, does it help?",
        "здравствуйте, does it help with my back pain?",
    ],
)
def test_english_is_not_foreign(message: str) -> None:
    assert foreign(message) == 0.0


def test_no_english_example_is_foreign() -> None:
    examples = list(english_examples())
    assert len(examples) > 11_000
    assert [text for text in examples if foreign(text) or foreign(text.upper())] == []


def test_no_held_out_question_is_foreign() -> None:
    questions = list(texts_of(yaml.safe_load(HELD_OUT.read_text(encoding="utf-8"))))
    assert len(questions) > 250
    assert [text for text in questions if foreign(text)] == []


@pytest.mark.parametrize(
    "message",
    [
        "Contraindicaciones en pacientes con diabetes tipo 2",
        "wie oft am Tag soll ich die Matte benutzen",
        "je ne peux plus marcher à cause de mon genou",
        "posso smettere di prendere le medicine",
        "jak dlugo trzeba czekac na efekt",
        "dizim ağrıyor, buna iyi gelir mi?",
        "skolko raz v den nado polzovatsya",
        "спасибо",
        "安全吗",
        "هل هو آمن",
        "क्या यह सुरक्षित है?",
        "me ponaei i mesi mou, voithaei afto?",
    ],
)
def test_another_language_is_foreign(message: str) -> None:
    assert foreign(message) > 0.9


# What the assistant replies


def test_other_languages_are_told_which_one_it_answers_in(assistant: "Assistant") -> None:
    messages = [message for message in foreign_messages() if len(message.split()) >= 4]
    assert len(messages) >= 200
    missed = [message for message in messages if not says_which_language(assistant, assistant.ask(message))]
    assert len(missed) <= len(messages) * (1 - FOUND), missed


@pytest.mark.parametrize(
    "message",
    ["¿Tiene efectos secundarios?", "спасибо", "安全吗", "Contraindicaciones en pacientes con diabetes tipo 2"],
)
def test_the_reply_names_english_and_whom_to_ask(assistant: "Assistant", message: str) -> None:
    reply = assistant.ask(message)
    assert says_which_language(assistant, reply)
    assert "English" in reply.text
    assert reply.answer.get("statements", []) == []


@pytest.mark.parametrize(
    ("message", "condition"),
    [
        ("Ich bin schwanger, darf ich das benutzen?", "pregnancy"),
        ("Buenas tardes, estoy embarazada de seis meses y me duele la espalda", "pregnancy"),
        ("mam rozrusznik serca, czy moge tego uzywac", "electronic_device"),
        ("У меня кардиостимулятор, можно пользоваться?", "electronic_device"),
        ("我怀孕了，可以用吗", "pregnancy"),
    ],
)
def test_a_named_condition_is_warned_of_in_any_language(assistant: "Assistant", message: str, condition: str) -> None:
    reply = assistant.ask(message)
    warned = assistant.corpus.contraindications[condition]
    assert reply.answer["verdict"] == warned.severity.value
    assert warned.passage.text in reply.text
    assert reply.text.index(warned.passage.text) < reply.text.index(assistant.responses("not_english"))
    assert says_which_language(assistant, reply)


def test_an_emergency_is_one_in_any_language(assistant: "Assistant") -> None:
    message = "Hilfe, meine Mutter ist umgefallen und ist gerade 'not breathing' auf dem Boden"
    assert foreign(message)
    assert assistant.ask(message).answer["kind"] == "emergency"


@pytest.mark.parametrize("message", ["Hola, does it help with back pain?", "Namaste, please tell me how it works"])
def test_a_greeting_does_not_make_a_question_foreign(assistant: "Assistant", message: str) -> None:
    assert not says_which_language(assistant, assistant.ask(message))
