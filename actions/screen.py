"""Is it suitable for me: one question that lists who should not use it."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class Screen(Reply):
    """Is it suitable for me: one question that lists who should not use it."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_screen"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.right_for."""
        return compose.right_for(turn)
