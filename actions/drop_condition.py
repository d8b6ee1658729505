"""What may have applied does not."""

from rasa_sdk.events import SlotSet

from actions.reply import Events, Reply
from bot.answers import compose, memory, plain
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class DropCondition(Reply):
    """What may have applied does not."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_drop_condition"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.dropped."""
        return compose.dropped(turn)

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """It stands, or no longer, for the person it was asked for."""
        if not plain.is_no(turn.text):
            return []
        return [SlotSet("conditions", memory.settled(turn.remembered, "denied"))]
