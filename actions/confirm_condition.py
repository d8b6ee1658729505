"""What may have applied does."""

from rasa_sdk.events import SlotSet

from actions.reply import Events, Reply
from bot.answers import compose, memory
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class ConfirmCondition(Reply):
    """What may have applied does."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_confirm_condition"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.confirmed."""
        return compose.confirmed(turn)

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """It stands, or no longer, for the person it was asked for."""
        return [SlotSet("conditions", memory.settled(turn.remembered, "stated"))]
