"""Documents, questions and memories that nobody thought of, and everything that can answer them."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from bot.answers import compose, memory, screening, still_so
from bot.answers.answer import Answer
from bot.answers.quoting import Ranked
from bot.answers.related import with_related
from bot.answers.responses import Responses
from bot.answers.several import several
from bot.answers.turn import Part, Turn
from bot.corpus import (
    KNOWN_CONDITIONS,
    BoundWarning,
    Contact,
    Contraindication,
    Corpus,
    Document,
    Kind,
    Level,
    Passage,
    Section,
    Severity,
    Verdict,
)


def _composers() -> dict[str, Callable[[Turn], Answer]]:
    """Everything that makes an answer of a turn, as actions call it: with what could be read next, or 'still so?'."""
    found: dict[str, Callable[[Turn], Answer]] = {
        name: function
        for module in (compose, screening, still_so)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and list(inspect.signature(function).parameters) == ["turn"]
        and inspect.signature(function).return_annotation is Answer
    }
    found["several"] = lambda turn: (
        several(replace(turn, intent="ask_mechanism"), compose.PARTS) or compose.unanswered(turn)
    )
    return {name: _with_related(function) for name, function in found.items()}


def _with_related(function: Callable[[Turn], Answer]) -> Callable[[Turn], Answer]:
    return lambda turn: still_so.with_still_so(turn, with_related(turn, function(turn)), turn.remembered)


COMPOSERS = _composers()
# Without shrinking: a failing turn is small as it is, and making it smaller takes minutes.
ANY = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
HOLDERS = ["customer", "wife", "people"]
CONDITIONS = [*sorted(KNOWN_CONDITIONS)[:5], "undocumented_condition"]
INTENTS = ["greet", "thank", "affirm", "deny", "unsure"]
AWAITED = [None, "screening", "interrupted", "forgetting", "person", "still_so"]


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    """Up to three documents of nested sections of all kinds, with warnings and contraindications anywhere.

    Every sentence is unlike all others, so that one missing or one too many is seen.
    """
    number = count(1)
    conditions = draw(st.permutations(CONDITIONS[:-1]))

    def warnings(document: str, section: str | None) -> tuple[BoundWarning, ...]:
        levels = draw(st.lists(st.sampled_from(Level), max_size=2))
        return tuple(BoundWarning(level, f"Beware of {next(number)}.", document, section) for level in levels)

    def section(document: str, others: list[Section], kind: Kind) -> Section:
        id = f"s{next(number)}"
        parent = draw(st.sampled_from([None, *(other.id for other in others)]))
        texts = [f"It is said of {next(number)}." for _ in range(draw(st.integers(0, 4)))]
        listed = []
        if kind is Kind.CONTRAINDICATIONS:
            listed = [conditions.pop() for _ in range(min(len(conditions), draw(st.integers(2, 3))))]
            texts += [f"Not with {next(number)}." for _ in listed]
        passages = tuple(Passage(f"{document}#{id}/{n}", text, document, id) for n, text in enumerate(texts, 1))
        severities = [draw(st.sampled_from(Severity)) for _ in listed]
        contraindications = tuple(
            Contraindication(condition, severity, f"Option {condition}", passage)
            for condition, severity, passage in zip(
                listed, severities, passages[len(passages) - len(listed) :], strict=True
            )
        )
        verdict = draw(st.sampled_from([None, *Verdict]))
        title = f"Heading {next(number)}"
        return Section(
            id, document, title, (title,), kind, verdict, parent, passages, warnings(document, id), contraindications
        )

    documents = []
    for name in ["one", "two", "three"][: draw(st.integers(1, 3))]:
        sections: list[Section] = []
        for _ in range(draw(st.integers(1, 6))):
            sections.append(section(name, sections, draw(st.sampled_from(Kind))))
        sections.append(section(name, sections, Kind.CONTRAINDICATIONS))
        documents.append(
            Document(name, f"Page {name}", "en", date(2025, 1, 1), None, tuple(sections), warnings(name, None))
        )
    return Corpus(tuple(documents), "0" * 64, Contact("Ann", "+15550100", "one", sections[0].id))


_mentions = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(CONDITIONS),
            "holder": st.sampled_from([*HOLDERS, "she"]),
            "status": st.sampled_from(["stated", "stated", "unsure", "denied", "past"]),
        }
    ),
    max_size=3,
)


@st.composite
def turns(draw: st.DrawFn, responses: Responses) -> Turn:
    """Any question about any documents, with anything remembered; what is mentioned is remembered, as in a run."""
    corpus = draw(corpora())
    passages = draw(st.permutations(corpus.passages))[:12]
    scores = sorted((draw(st.floats(0, 1)) for _ in passages), reverse=True)
    keys = [f"{section.document}#{section.id}" for section in corpus.sections]
    last_person = draw(st.sampled_from(HOLDERS[:-1]))
    mentions = draw(_mentions)

    def found() -> list[Ranked]:
        chosen = draw(st.permutations(corpus.passages))[:6]
        return [Ranked(passage, draw(st.floats(0, 1))) for passage in chosen]

    asked = draw(st.lists(st.sampled_from(sorted(compose.PARTS)), max_size=3))
    before = [m for m in draw(_mentions) if m["holder"] in HOLDERS[:-1]]
    return Turn(
        corpus=corpus,
        responses=responses,
        text=draw(st.sampled_from(["", "no", "yes", "None of these", "does it help?", "the second one", "1 and 3"])),
        intent=draw(st.sampled_from(INTENTS)),
        ranked=[Ranked(passage, score) for passage, score in zip(passages, scores, strict=True)],
        mentions=mentions,
        asked_person=draw(st.sampled_from([None, "she", *HOLDERS[:-1]])),
        remembered=memory.remember(before, memory.mentioned(mentions, last_person)),
        last_person=last_person,
        topic=draw(st.lists(st.sampled_from([*keys, "gone#gone"]), max_size=4)),
        read=draw(st.lists(st.sampled_from([*keys, "gone#gone"]), max_size=4)),
        screened=draw(st.lists(st.sampled_from(HOLDERS[:-1]), max_size=2)),
        screening_asked=draw(st.lists(st.sampled_from(HOLDERS[:-1]), max_size=2)),
        awaiting=draw(st.sampled_from(AWAITED)),
        last_question=draw(st.sampled_from([None, *sorted(compose.QUESTIONS)])),
        parts=[Part(f"Part {n}?", intent, draw(st.floats(0, 1)), found()) for n, intent in enumerate(asked)],
        foreign=draw(st.booleans()),
        close_intents=draw(st.lists(st.sampled_from(sorted(compose.QUESTIONS)), max_size=3)),
        reach=draw(st.sampled_from(["none", "here", "away"])),
        number=draw(st.booleans()),
        silent_days=draw(st.sampled_from([0, 31])),
        recalled=draw(st.sampled_from([[], still_so.recalled(before)])),
    )


def spoken(answer: Answer) -> set[Any]:
    """The sentences of an answer, whether as a statement or as a warning."""
    return {passage.text for passage in answer.quoted} | {warning.text for warning in answer.warnings}
