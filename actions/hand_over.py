"""The customer wants a person."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class HandOver(Reply):
    """The customer wants a person."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_hand_over"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.handover."""
        return compose.handover(turn)
