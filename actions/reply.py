"""What every answering action does around `bot.answers`: gather the turn, send one message, remember the topic."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answers import compose, memory, screening, still_so
from bot.answers.answer import Answer, AnswerVerdict
from bot.answers.memory import Condition
from bot.answers.related import with_related
from bot.answers.render import render
from bot.answers.responses import Responses
from bot.answers.several import several
from bot.answers.turn import Turn, turn_from
from bot.corpus import Corpus, NotInCorpusError, shelf

Events = list[dict[str, Any]]
# What answers no question and takes none back.
COURTESIES = frozenset({"greet", "thank", "praise", "how_are_you", "bot_challenge", "capabilities", "repeat"})


class Reply(Action, ABC):  # type: ignore[misc]
    """An action that answers a turn with one message."""

    @abstractmethod
    def compose(self, turn: Turn) -> Answer:
        """The answer to a turn."""

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """Events beyond those of every answer; they come last. None unless an action has its own."""
        return []

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Send the answer as one message, text and payload, and keep what the next turn leans on.

        Raises:
            NotInCorpusError: the documents that the message was understood with are not on the shelf.
        """
        data = tracker.latest_message
        corpus = corpus_of(data)
        turn = still_so.only_that(turn_from(data, tracker.slots, corpus, Responses(domain["responses"])))
        chosen = screening.by_list(turn)
        before, turn = turn.remembered, chosen[0] if chosen else turn
        half_answered = screening.half_answered(turn)
        settled = still_so.answered(turn) if still_so.kept(turn) is not None else compose.taken(turn)
        answer = (
            settled
            or (chosen[1] if chosen else None)
            or several(turn, compose.PARTS)
            or half_answered
            or self.compose(turn)
        )
        answer = with_related(turn, compose.led_by_conditions(turn, answer))
        if settled:
            remembered: Events = []
        else:
            by_list = chosen or half_answered
            remembered = screening_events(turn, answer, before) if by_list else self.remember(turn, answer)
        after = next((e["value"] for e in remembered if e.get("name") == "conditions"), turn.remembered)
        answer = still_so.with_still_so(turn, answer, after)
        dispatcher.utter_message(
            text=render(answer, corpus, turn.responses),
            buttons=[{"title": option.title, "payload": option.title} for option in answer.options],
            json_message=answer.payload(corpus, _model(tracker)),
        )
        # What was asked or misunderstood before is settled, unless `remember` says otherwise.
        kept: dict[str, Any] = {
            "person": turn.last_person if turn.person == memory.PEOPLE else turn.person,
            "awaiting": answer.awaits or _interrupted(turn, tracker.slots.get("awaiting")),
            "failed_before": False,
            "unclear": None,
            "offered": answer.offers,
            "listed": screening.listed(turn, answer, before, bool(chosen)),
        }
        if answer.awaits != still_so.STILL_SO:
            kept["recalled"] = still_so.recalled(still_so.due(turn, after)) or None
        if turn.intent in compose.QUESTIONS:
            kept["last_question"] = turn.intent
        if answer.quoted:
            kept["topic"] = compose.sections_quoted(turn, answer)
            quoted = [f"{p.document}#{p.section}" for p in answer.quoted]
            kept["read"] = list(dict.fromkeys([*turn.read, *quoted]))
        if answer.awaits == screening.SCREENING and turn.person not in turn.screening_asked:
            kept["screening_asked"] = [*turn.screening_asked, turn.person]
        events = [SlotSet(name, value) for name, value in kept.items() if tracker.slots.get(name) != value]
        # One message, one reply: whatever the policies would say next, the turn ends here.
        return [*events, *remembered, FollowupAction("action_listen")]


def screening_events(turn: Turn, answer: Answer, before: Sequence[Condition] | None = None) -> Events:
    """What an answer to the screening question changes: the memory, and who needs no more screening.

    Args:
        before: the memory before the answer, where the turn has another one.
    """
    events = []
    conditions = screening.after(turn, answer)
    if conditions != list(turn.remembered if before is None else before):
        events.append(SlotSet("conditions", conditions))
    if answer.verdict is AnswerVerdict.SUPPORTED and turn.person not in turn.screened:
        events.append(SlotSet("screened", [*turn.screened, turn.person]))
    elif answer.verdict is AnswerVerdict.UNKNOWN and turn.person in turn.screened:
        events.append(SlotSet("screened", [who for who in turn.screened if who != turn.person]))
    return events


def _interrupted(turn: Turn, awaiting: str | None) -> str | None:
    """A screening question stays open while other things are said; only 'none of these' still answers it."""
    open_question = awaiting in (screening.SCREENING, screening.INTERRUPTED)
    return screening.INTERRUPTED if open_question and (turn.asks or turn.intent in COURTESIES) else None


def corpus_of(data: dict[str, Any]) -> Corpus:
    """The corpus that a message was understood with; the newest where the message had no text to understand."""
    if data.get("documents"):
        return shelf.get(data["documents"])
    latest = shelf.latest()
    if latest is None:
        raise NotInCorpusError("No documents are loaded: start with a model.")
    return latest


def _model(tracker: Tracker) -> str:
    """The id of the model that understood the message, which Rasa keeps with every event."""
    for event in reversed(tracker.events):
        found = (event.get("metadata") or {}).get("model_id")
        if found:
            return str(found)
    return "unknown"
