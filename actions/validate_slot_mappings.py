"""Keeps the health conditions of every message, before anything is decided or answered."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reply import corpus_of
from bot.answers import memory, plain, references, screening, still_so
from bot.answers.responses import Responses
from bot.answers.turn import mentions_of, restated, silent_days, turn_from


class ValidateSlotMappings(Action):  # type: ignore[misc]
    """Rasa runs this after every message, whatever action is predicted and whether it fails."""

    def name(self) -> str:
        """The name that Rasa gives to the action that fills custom slots."""
        return "action_validate_slot_mappings"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Set the slot `conditions` where the message changes what is known of those it is about.

        After a long silence, also what is to be asked about again. What a customer says to a person, or just after
        one has spoken, settles nothing that the assistant had asked.
        """
        data = tracker.latest_message
        before = tracker.slots.get("conditions") or []
        last_person = tracker.slots.get("person") or memory.CUSTOMER
        recalled = still_so.recalled(before) if silent_days(data) >= still_so.LONG_SILENCE else None
        metadata = data.get("metadata") or {}
        to_a_person = bool(metadata.get("passed_on") or metadata.get("person_spoke"))
        if not to_a_person and tracker.slots.get("awaiting") == still_so.STILL_SO:
            turn = turn_from(data, tracker.slots, corpus_of(data), Responses(domain["responses"]))
            if still_so.kept(turn) is not None:
                # 'Fracture (wife), Tumor (you)' names what is remembered, and tells nothing new.
                settled = still_so.settled(turn, memory.after_message(before, [], None, last_person))
                return [SlotSet("conditions", settled)]
        mentions = mentions_of(data)
        if not to_a_person and tracker.slots.get("awaiting") is None:
            mentions = mentions or restated(data, before, "denied", within=1)
        if plain.leaves_doubt(data.get("text") or ""):
            doubtful = mentions
        else:
            # 'It has gone', said to a person, may be the parcel.
            doubtful = [m for m in mentions if to_a_person and m["id"] in references.ALL]
        person, names = data.get("person"), data.get("names")
        after = memory.after_message(before, mentions, person, last_person, names, doubtful)
        events = [SlotSet("conditions", after)] if after != before else []
        if recalled:
            events.append(SlotSet("recalled", recalled))
        return [*events, *_nothing_open(tracker)] if to_a_person else events


def _nothing_open(tracker: Tracker) -> list[dict[str, Any]]:
    """What the assistant had asked is open no more once a person has spoken: the screening list is shown again."""
    still_open = ["awaiting", "offered", "unclear", "listed"]
    if tracker.slots.get("awaiting") in (screening.SCREENING, screening.INTERRUPTED):
        still_open.append("screening_asked")
    return [SlotSet(slot, None) for slot in still_open if tracker.slots.get(slot)]
