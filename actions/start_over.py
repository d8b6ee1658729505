"""From the beginning, but with the health conditions kept."""

from typing import Any

from rasa_sdk.events import SlotSet

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class StartOver(Reply):
    """From the beginning, but with the health conditions kept."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_start_over"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.started_over."""
        return compose.started_over(turn)

    def remember(self, turn: Turn, answer: Answer) -> list[dict[str, Any]]:
        """The topic is forgotten; whom it is about is not, so that 'she' still means her."""
        return [SlotSet(slot, None) for slot in ("topic", "read", "last_question")]
