"""The health conditions are forgotten."""

from typing import Any

from rasa_sdk.events import SlotSet

from actions.reply import Reply
from bot.answers import compose, memory
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class Forget(Reply):
    """The health conditions are forgotten."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_forget"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.forgotten."""
        return compose.forgotten(turn)

    def remember(self, turn: Turn, answer: Answer) -> list[dict[str, Any]]:
        """Nothing stays of what was said of health before this very message."""
        if answer.question:
            return []
        now = memory.mentioned(turn.mentions, turn.last_person)
        emptied = [SlotSet(slot, None) for slot in ("person", "topic", "screened", "screening_asked", "listed")]
        return [SlotSet("conditions", memory.remember([], now)), *emptied]
