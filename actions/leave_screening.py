"""The screening question is left."""

from actions.reply import Reply
from bot.answers import screening
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class LeaveScreening(Reply):
    """The screening question is left."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_leave_screening"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.screening.left."""
        return screening.left(turn)
