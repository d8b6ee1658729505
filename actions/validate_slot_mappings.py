"""Keeps the health conditions of every message, before anything is decided or answered."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answers import memory
from bot.answers.turn import mentions_of


class ValidateSlotMappings(Action):  # type: ignore[misc]
    """Rasa runs this after every message, whatever action is predicted and whether it fails."""

    def name(self) -> str:
        """The name that Rasa gives to the action that fills custom slots."""
        return "action_validate_slot_mappings"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Set the slot `conditions` where the message changes what is known of those it is about."""
        data = tracker.latest_message
        before = tracker.slots.get("conditions") or []
        last_person = tracker.slots.get("person") or memory.CUSTOMER
        after = memory.after_message(before, mentions_of(data), data.get("person"), last_person, data.get("names"))
        return [SlotSet("conditions", after)] if after != before else []
