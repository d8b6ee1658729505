"""What an answer is made of: the message as understood, what was said before, and the documents."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from bot.answers import memory, plain, references
from bot.answers.memory import Condition, Mention
from bot.answers.persons import FAMILY
from bot.answers.quoting import QUOTE_LENGTH, Ranked
from bot.answers.responses import Responses
from bot.corpus import Contact, Corpus, Kind

FALLBACK, NOT_ENGLISH = "nlu_fallback", "not_english"
# From this confidence on a message counts as not English, whatever else it is.
FOREIGN_FROM = 0.3
# From this confidence on a kind is near enough to be offered to somebody who was not understood.
CLOSE_FROM = 0.15
# 'Can we use it', 'for both of us', but not 'can we use it on my neck'.
_WITH_OTHERS = re.compile(
    r"\b(?:both|all|each|either|two) of us\b|\b(?:we|us) (?:both|all|two)\b"
    r"|\b(?:i|me|myself) (?:and|or) (?:my|our|him|her|them)\b"
    r"|\b(?:we|us)\b(?!.*\b(?:i|me|my|mine|myself)\b)",
    re.IGNORECASE | re.DOTALL,
)
_PRONOUN = re.compile(r"\b(?:she|he|her|him|they|them)\b", re.IGNORECASE)
# 'And can I?': whether this person may, whatever was spoken of.
_MAY_SOMEBODY = re.compile(
    r"\W*(?:(?:and|so|but|then|ok|okay|well|right|now|hm+|what about me|how about me)\W+)*"
    r"(?:can|could|may|might|should|shall) (?:i|he|she|they|(?:my|the) [\w-]+)"
    r"(?: (?:too|also|as well|then|though|now|use (?:it|one|the \w+)|have (?:it|one|a go)|do (?:it|that|so)|try(?: "
    r"it)?))*\W*",
    re.IGNORECASE,
)
# Where a person can be reached: in the conversation itself, there but later (and is asked already), or by the
# contact's number alone.
HERE, AWAY, ASKED, ELSEWHERE = "here", "away", "asked", "none"
# The answers to these are nobody's use of it.
OF_NOBODY = frozenset({"ask_mechanism", "ask_source", "ask_contact", "out_of_scope"})


@dataclass(frozen=True)
class Part:
    """One question of a message that asks several: its words, its kind and the passages found for it."""

    text: str
    intent: str
    confidence: float
    ranked: Sequence[Ranked]


@dataclass(frozen=True)
class Turn:
    """One message of a customer, ready to be answered.

    Attributes:
        text: what the customer wrote.
        intent: the kind of question.
        confidence: how likely that is the right kind, 0 to 1.
        ranked: passages by score, best first.
        mentions: the health conditions of this message: id, holder, status and words of each.
        apart: the people of this message whom its question is not about; true where it says so plainly, else only a
            question of nobody's use is apart from them.
        asked_person: whom the message asks about, as it says ('customer', 'wife', 'she'), None where it does not.
        remembered: the conditions of the whole conversation, this message's included.
        last_person: whom the conversation was about before this message.
        topic: `document#section` of what was last quoted, best first.
        read: `document#section` of all that was quoted in the conversation.
        screened: the people for whom nothing on the screening list applies.
        screening_asked: the people for whom the screening question was asked.
        awaiting: what the assistant asked last and is still open.
        last_question: the kind of the last question, as an intent.
        parts: the questions of the message, where it has more than one sentence.
        foreign: whether it is not written in English.
        close_intents: the kinds that a message that was not understood is nearest to.
        room: how many characters of one section may be quoted.
        written: the text before misspelt words were put right.
        reach: where a person can be reached: HERE, AWAY, ASKED or ELSEWHERE.
        hours: when somebody is there, where it is known.
        number: whether the contact's number may be told; not to whom is writing to it.
        offered: why a person was offered, where the last reply did.
        silent_days: for how many days the customer had said nothing.
        recalled: condition and holder of what is to be asked about again after a long silence, or was just asked about.
        listed: of the list of conditions, while the answer to it can be put right: `person` it was for, ids `chosen`
            and messages `ago`, and whether it is `doubted` that they were meant.
    """

    corpus: Corpus
    responses: Responses
    text: str = ""
    intent: str = ""
    confidence: float = 1.0
    ranked: Sequence[Ranked] = ()
    mentions: Sequence[Mention] = ()
    apart: Mapping[str, bool] = field(default_factory=dict)
    asked_person: str | None = None
    remembered: Sequence[Condition] = ()
    last_person: str = memory.CUSTOMER
    topic: Sequence[str] = ()
    read: Sequence[str] = ()
    screened: Sequence[str] = ()
    screening_asked: Sequence[str] = ()
    awaiting: str | None = None
    last_question: str | None = None
    parts: Sequence[Part] = ()
    foreign: bool = False
    close_intents: Sequence[str] = ()
    room: int = QUOTE_LENGTH
    written: str = ""
    reach: str = ELSEWHERE
    hours: str | None = None
    number: bool = True
    offered: str | None = None
    silent_days: int = 0
    recalled: Sequence[Sequence[str]] = ()
    listed: Mapping[str, Any] | None = None

    @property
    def contact(self) -> Contact | None:
        """Whose number is the way to a person; None where a person is reached in the conversation itself."""
        return self.corpus.contact if self.reach == ELSEWHERE else None

    @property
    def asks(self) -> bool:
        """Whether the message asks something, by the name of its intent."""
        return self.intent.startswith(("ask_", "follow_up_")) or self.intent == "out_of_scope"

    def _in_force(self, mentions: Sequence[Mention]) -> list[Condition]:
        named = memory.in_force(memory.mentioned(mentions, self.last_person))
        if not any(mention["id"] in references.ALL for mention in mentions):
            return named
        # 'My wife does': what that means was worked out when it was remembered.
        return named + [c for c in memory.in_force(self.remembered) if c.get("last") == 0 and c not in named]

    @cached_property
    def _mentioned(self) -> list[Condition]:
        """What this message mentions and the question may be about: of all but those whom it tells apart."""
        of_nobody = self.intent in OF_NOBODY
        apart = {who for who, plainly in self.apart.items() if plainly or of_nobody}
        return self._in_force([m for m in self.mentions if m["holder"] not in apart])

    @cached_property
    def mentioned(self) -> list[Condition]:
        """The conditions that this message mentions, that stand, that a document names and that the answer is about."""
        names_somebody = self.asked_person not in (None, memory.PEOPLE) or _PRONOUN.search(self.text)
        if self.intent == FALLBACK and names_somebody and not self._mentioned:
            # 'Him?', 'should she be doing that': of a message that names no more, what is known of this person.
            return self.concerning
        return [c for c in self._mentioned if c["id"] in self.corpus.contraindications]

    @cached_property
    def person(self) -> str:
        """Whom the conversation is about now: named in the question, or whose condition is mentioned, or as before."""
        told = [c["holder"] for c in self._mentioned if c["holder"] != memory.PEOPLE]
        if self.asked_person == memory.CUSTOMER and told and memory.CUSTOMER not in told:
            return str(told[-1])  # 'My son broke his leg, can I put it on the calf?' goes on about him
        if self.asked_person:
            known = self.remembered if self.asked_person in memory.PRONOUNS else ()
            return memory.resolve(self.asked_person, self.last_person, known)
        return self._mentioned[-1]["holder"] if self._mentioned else self.last_person

    @cached_property
    def people(self) -> frozenset[str]:
        """Everyone the question could be about: where nobody is named, nobody it could mean is left out."""
        asked, last = self.asked_person, self.last_person
        # Whose condition this very message tells, it may mean, whomever else it names: 'shall I put it on his calf?'
        told = {c["holder"] for c in self._mentioned}
        left_out = {each for who, plainly in self.apart.items() if plainly for each in self._only(who)}
        if asked is None:
            # Of several spoken of in the message before, it may be any.
            just_before = {c["holder"] for c in self.remembered if c.get("last") == 1 and last != memory.CUSTOMER}
            spoken_of = self._meant(last) if last in memory.PRONOUNS else {last}
            return frozenset({memory.CUSTOMER, *spoken_of, *told, *just_before, *self._called} - left_out)
        if asked == memory.CUSTOMER:
            others = {c["holder"] for c in self.remembered} if _WITH_OTHERS.search(self.text) else set()
            return frozenset({asked, *(others - left_out), *told})
        if asked == memory.PEOPLE:
            return frozenset({asked, memory.CUSTOMER, *told})
        return frozenset({*(self._meant(asked) if asked in memory.PRONOUNS else (asked, *memory.PRONOUNS)), *told})

    def _only(self, who: str) -> tuple[str, ...]:
        """Somebody whom the message leaves out; by a pronoun only one of whom it is plain."""
        meant = memory.meant_by(who, self.last_person, self.remembered) if who in memory.PRONOUNS else [who]
        return (who, *meant) if len(meant) == 1 and who != memory.CUSTOMER else ()

    def _meant(self, pronoun: str) -> frozenset[str]:
        """Whom a pronoun may mean, and 'she' of whom nobody said who she is."""
        meant = memory.meant_by(pronoun, self.last_person, self.remembered)
        unknown = () if meant else (memory.CUSTOMER,)
        return frozenset({*meant, *unknown, *memory.PRONOUNS, FAMILY})

    @property
    def _called(self) -> set[str]:
        """Those spoken of before whom the message calls by the same word, whoever else it may be about."""
        words = set(re.findall(r"[^\W\d_]+", self.text.lower()))
        return {c["holder"] for c in self.remembered if words & {c["holder"], *c.get("names", ())}}

    @cached_property
    def concerning(self) -> list[Condition]:
        """The conditions that stand for those the question could be about, and of people in general just mentioned."""
        return [c for c in self._standing if c["id"] in self.corpus.contraindications]

    @cached_property
    def undocumented(self) -> list[Condition]:
        """What stands for them, may matter, and no document names."""
        return [c for c in self._standing if c["id"] not in self.corpus.contraindications]

    @property
    def mentions_undocumented(self) -> bool:
        """Whether this message mentions something that may matter and that no document names."""
        return any(
            c["id"] not in self.corpus.contraindications and c["id"] != memory.UNSPECIFIED for c in self._mentioned
        )

    @property
    def undocumented_now(self) -> bool:
        """Whether this very message mentions such a thing and nothing that a document names."""
        return bool(self._mentioned) and not self.mentioned

    @cached_property
    def besides(self) -> list[Condition]:
        """Documented conditions to be said in one line: of others in this message, and the customer's own."""
        own = [c for c in memory.in_force(self.remembered) if c["holder"] == memory.CUSTOMER]
        told = self._in_force(self.mentions)
        return [c for c in (*told, *own) if c["id"] in self.corpus.contraindications and c not in self.concerning]

    @cached_property
    def _standing(self) -> list[Condition]:
        remembered = [c for c in memory.in_force(self.remembered) if c["holder"] in self.people]
        general = [c for c in self._mentioned if c["holder"] == memory.PEOPLE]
        return remembered + general


def turn_from(data: Mapping[str, Any], slots: Mapping[str, Any], corpus: Corpus, responses: Responses) -> Turn:
    """A turn from Rasa's parse data and slots.

    Passages that the corpus does not hold are left out: they are of documents that have changed since.
    """
    known = {passage.id: passage for passage in corpus.passages}

    def ranked(passages: Any) -> list[Ranked]:
        return [Ranked(known[p["id"]], p["score"]) for p in passages or [] if p["id"] in known]

    text = data.get("text") or ""
    intent = data.get("intent") or {}
    ranking = data.get("intent_ranking") or []
    unclear = slots.get("unclear") or {}
    metadata = data.get("metadata") or {}
    turn = Turn(
        corpus=corpus,
        responses=responses,
        text=text,
        intent=intent.get("name") or "",
        confidence=intent.get("confidence") or 0.0,
        # Whoever chooses what kind of question it was still asks the question.
        ranked=ranked(unclear["passages"] if text in unclear.get("offered", ()) else data.get("passages")),
        mentions=mentions_of(data) or _restated(data, slots),
        apart=data.get("apart") or {},
        asked_person=data.get("person"),
        remembered=slots.get("conditions") or [],
        last_person=slots.get("person") or memory.CUSTOMER,
        topic=slots.get("topic") or [],
        read=slots.get("read") or [],
        screened=slots.get("screened") or [],
        screening_asked=slots.get("screening_asked") or [],
        awaiting=slots.get("awaiting"),
        last_question=slots.get("last_question"),
        parts=[
            Part(p["text"], p["intent"]["name"], p["intent"]["confidence"], ranked(p.get("passages")))
            for p in data.get("parts") or []
        ],
        foreign=any(r["name"] == NOT_ENGLISH and r["confidence"] >= FOREIGN_FROM for r in ranking),
        close_intents=[r["name"] for r in ranking if r["confidence"] >= CLOSE_FROM and r["name"] != FALLBACK],
        written=data.get("written") or text,
        reach=next((place for place in (HERE, AWAY, ASKED) if metadata.get("reach") == place), ELSEWHERE),
        hours=metadata.get("hours"),
        number=metadata.get("number") is not False,
        offered=slots.get("offered"),
        silent_days=silent_days(data),
        recalled=slots.get("recalled") or [],
        listed=slots.get("listed"),
    )
    if not (turn.concerning and _MAY_SOMEBODY.fullmatch(text)):
        return turn
    # It goes on about who must not use it, and not about what was last quoted for somebody else.
    excluded = [f"{s.document}#{s.id}" for s in corpus.sections if s.kind is Kind.CONTRAINDICATIONS]
    return replace(turn, topic=[*excluded, *turn.topic])


def _restated(data: Mapping[str, Any], slots: Mapping[str, Any]) -> list[Mention]:
    return restated(data, slots.get("conditions") or [], "unsure", 0) if slots.get("awaiting") is None else []


def silent_days(data: Mapping[str, Any]) -> int:
    """For how many days the customer had said nothing, as the channel says in the message's metadata."""
    days = (data.get("metadata") or {}).get("silent_days")
    return days if isinstance(days, int) else 0


def mentions_of(data: Mapping[str, Any]) -> list[Mention]:
    """The conditions among a message's entities: id, holder (None: nobody is named), status and words of each.

    After those that a person asked about and the message says yes to, as the channel says in its metadata. What it
    denies on one line and says to be so on the next is not certain.
    """
    confirmed = (data.get("metadata") or {}).get("confirmed") or []
    text = data.get("written") or data.get("text") or ""
    lines = list(re.finditer(r"[^\n]+", text))
    reversed_by_next = [line for line, after in pairwise(lines) if plain.reverses(after[0])]

    def status(entity: Mapping[str, Any]) -> str:
        denied = entity.get("status") == "denied" and "start" in entity
        reversed_ = denied and any(line.start() <= entity["start"] < line.end() for line in reversed_by_next)
        return "unsure" if reversed_ else entity.get("status") or "stated"

    return [*confirmed] + [
        {
            "id": e["value"],
            "holder": e.get("holder"),
            "status": status(e),
            "said": text[e["start"] : e["end"]] if "start" in e and "end" in e else None,
        }
        for e in data.get("entities") or []
        if e.get("entity") == "condition"
    ]


def restated(data: Mapping[str, Any], remembered: Sequence[Condition], status: str, within: int) -> list[Mention]:
    """As mentions, what was denied just before and this message says to be so after all: 'oh, actually yes'.

    Args:
        remembered: the memory.
        status: which it has there: denied, or unsure once this message is remembered.
        within: for how many messages at most it was not spoken of.
    """
    if mentions_of(data) or not plain.reverses(data.get("written") or data.get("text") or ""):
        return []
    return [
        {"id": c["id"], "holder": c["holder"], "status": "unsure", "said": next(iter(c.get("said") or ()), None)}
        for c in remembered
        if c["status"] == status and c.get("last", within + 1) <= within and "of" not in c
    ]
