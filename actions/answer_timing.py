"""How soon, and whether for everyone."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerTiming(Reply):
    """How soon, and whether for everyone."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_timing"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.timing."""
        return compose.timing(turn)
