"""An answer as the plain text of one message. Every channel's own form starts from the same value."""

from collections.abc import Sequence

from bot.answers.answer import Answer
from bot.answers.responses import Responses
from bot.corpus import Corpus, Passage

WARNING_SIGN = "⚠"


def render(answer: Answer, corpus: Corpus | None, responses: Responses) -> str:
    """The text a customer reads: lead, statements, warnings, closing, question, source, in this order.

    Args:
        responses: the domain's, for the words around a source.
    """
    parts = [said for block in answer.blocks for said in (" ".join(block.lead), _statements(block.statements))]
    parts += [f"{WARNING_SIGN} {warning.text}" for warning in answer.warnings]
    parts.append(" ".join(answer.closing))
    if answer.question:
        # Options that cannot be told from the rest of the text as buttons can are listed, with a number to answer by.
        numbered = enumerate(answer.question.options, 1) if answer.question.multiple else ()
        listed = [f"{number}. {option.title}" for number, option in numbered]
        parts.append("\n".join([answer.question.text, *listed]))
    if answer.cites:
        quoted: dict[str, list[str]] = {}
        for found in answer.sources(corpus):
            quoted.setdefault(str(found["title"]), []).append(str(found["section"]))
        sources = [responses("cite", title=title, section="; ".join(names)) for title, names in quoted.items()]
        parts.append("\n".join(sources))
    return "\n\n".join(part for part in parts if part)


def _statements(statements: Sequence[Passage]) -> str:
    """Sentences of one section run on; a new section begins a new line."""
    lines: list[list[str]] = []
    last = None
    for passage in statements:
        if (passage.document, passage.section) != last:
            lines.append([])
            last = (passage.document, passage.section)
        lines[-1].append(passage.text)
    return "\n".join(" ".join(line) for line in lines)
