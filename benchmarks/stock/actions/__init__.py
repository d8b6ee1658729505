"""Stand-ins for this project's custom actions, for stock Rasa's action server on Python 3.10.

One action for each custom action of the domain in the working folder. Each says one canned sentence and does
nothing else, so stock does less work here than ours, which looks up, quotes and warns.
"""

from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

# Rasa calls it on every message to fill slots, before the action that answers: here it fills none.
SILENT = "action_validate_slot_mappings"


class StandIn(Action):
    """Says one canned sentence."""

    action_name = "action_stand_in"

    def name(self) -> str:
        """Its name in the domain."""
        return self.action_name

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it, unless this is the action that only fills slots."""
        if self.action_name != SILENT:
            dispatcher.utter_message(text=f"A canned answer of {self.action_name}.")
        return []


# The executor finds an action as a subclass of Action, wherever it was made.
stand_ins = [
    type(name, (StandIn,), {"action_name": name, "__module__": __name__})
    for file in sorted(Path("domain").glob("*.yml"))
    for name in YAML(typ="safe").load(file).get("actions", [])
]
