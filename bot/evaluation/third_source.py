"""What of a reply stands neither in a document nor among the canned responses: promise 1 says nothing."""

import re
from collections.abc import Iterable, Iterator

from bot.answers.responses import Responses
from bot.corpus import Corpus

MARKS = re.compile(r"[\s⚠]+")


def unexplained(text: str, corpus: Corpus, responses: Responses, canned: Iterable[str]) -> str:
    """The rest of a rendered reply when all that it may say is taken out.

    Titles count only where they belong: a document's and its sections' in the line that cites them, a
    contraindication's as an option of the list.
    """
    options = {found.title for found in corpus.contraindications.values()}
    options |= {responses(name.removeprefix("utter_")) for name in canned if name.startswith("utter_option_")}
    lines = [line for line in text.splitlines() if not _lists(line, options) and not _cites(line, corpus, responses)]
    rest = "\n".join(lines)
    for known in sorted({*_sentences(corpus), *_filled(corpus, responses, canned)}, key=len, reverse=True):
        rest = rest.replace(known, " ")
    return MARKS.sub(" ", rest).strip()


def _lists(line: str, options: set[str]) -> bool:
    number, _, option = line.partition(". ")
    return number.isdigit() and option in options


def _cites(line: str, corpus: Corpus, responses: Responses) -> bool:
    for document in corpus.documents:
        before = responses("cite", title=document.title, section="")
        cited = line.removeprefix(before).strip().split("; ")
        if line.startswith(before) and set(cited) <= {section.title for section in document.sections}:
            return True
    return False


def _sentences(corpus: Corpus) -> Iterator[str]:
    yield from (passage.text for passage in corpus.passages)
    yield from (warning.text for document in corpus.documents for warning in document.warnings)
    yield from (warning.text for section in corpus.sections for warning in section.warnings)


def _filled(corpus: Corpus, responses: Responses, canned: Iterable[str]) -> Iterator[str]:
    contact = corpus.contact
    link = f"https://wa.me/{contact.whatsapp.removeprefix('+')}"
    for name in canned:
        if name == "utter_contact":
            yield responses("contact", name=contact.name, number=contact.whatsapp, link=link)
        elif name != "utter_cite":
            yield responses(name.removeprefix("utter_"))
