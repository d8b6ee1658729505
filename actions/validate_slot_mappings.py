"""Keeps the health conditions of every message, before anything is decided or answered."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reply import corpus_of
from bot.answers import memory, still_so
from bot.answers.responses import Responses
from bot.answers.turn import mentions_of, silent_days, turn_from


class ValidateSlotMappings(Action):  # type: ignore[misc]
    """Rasa runs this after every message, whatever action is predicted and whether it fails."""

    def name(self) -> str:
        """The name that Rasa gives to the action that fills custom slots."""
        return "action_validate_slot_mappings"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Set the slot `conditions` where the message changes what is known of those it is about.

        After a long silence, also what is to be asked about again.
        """
        data = tracker.latest_message
        before = tracker.slots.get("conditions") or []
        last_person = tracker.slots.get("person") or memory.CUSTOMER
        recalled = still_so.recalled(before) if silent_days(data) >= still_so.LONG_SILENCE else None
        if tracker.slots.get("awaiting") == still_so.STILL_SO:
            turn = turn_from(data, tracker.slots, corpus_of(data), Responses(domain["responses"]))
            if still_so.kept(turn) is not None:
                # 'Fracture (wife), Tumor (you)' names what is remembered, and tells nothing new.
                settled = still_so.settled(turn, memory.after_message(before, [], None, last_person))
                return [SlotSet("conditions", settled)]
        after = memory.after_message(before, mentions_of(data), data.get("person"), last_person, data.get("names"))
        events = [SlotSet("conditions", after)] if after != before else []
        return [*events, SlotSet("recalled", recalled)] if recalled else events
