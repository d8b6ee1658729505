"""What of a reply stands neither in a document nor among the canned responses: promise 1 says nothing."""

import re
from collections.abc import Iterable, Iterator

from bot.answers.responses import Responses
from bot.corpus import Corpus

MARKS = re.compile(r"[\s⚠]+")
# The responses that name remembered conditions.
NAMING = ("still_so", "no_longer")


def unexplained(text: str, corpus: Corpus, responses: Responses, canned: Iterable[str]) -> str:
    """The rest of a rendered reply when all that it may say is taken out.

    Titles count only where they belong: a document's and its sections' in the line that cites them, a
    contraindication's as an option of the list, or where it is asked whether it is still so.
    """
    options = {found.title for found in corpus.contraindications.values()}
    options |= {responses(name.removeprefix("utter_")) for name in canned if name.startswith("utter_option_")}
    listed = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(options)))})|{_whose(corpus, responses)}")
    lines = [line for line in text.splitlines() if not _lists(line, listed) and not _cites(line, corpus, responses)]
    rest = "\n".join(lines)
    for name in NAMING:
        before, after = responses(name, conditions="\0").split("\0")
        several = rf"{_whose(corpus, responses)}(?:, {_whose(corpus, responses)})*"
        rest = re.sub(re.escape(before) + several + re.escape(after), " ", rest)
    for known in sorted({*_sentences(corpus), *_filled(corpus, responses, canned)}, key=len, reverse=True):
        rest = rest.replace(known, " ")
    return MARKS.sub(" ", rest).strip()


def _whose(corpus: Corpus, responses: Responses) -> str:
    """A condition that the customer has told of, with the customer's own word for whose it is."""
    titles = [*(found.title for found in corpus.contraindications.values()), responses("something_else")]
    return rf"(?:{'|'.join(map(re.escape, titles))}) \([^()\n]+\)"


def _lists(line: str, options: re.Pattern[str]) -> bool:
    number, _, option = line.partition(". ")
    return number.isdigit() and bool(options.fullmatch(option))


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
        elif name == "utter_not_on_list":
            yield responses("not_on_list", most=str(len(corpus.contraindications) + 1))
        elif name.removeprefix("utter_") not in {"cite", "handover_hours", *NAMING}:
            yield responses(name.removeprefix("utter_"))
