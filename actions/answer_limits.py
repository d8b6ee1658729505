"""What it does not do, or only in part."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerLimits(Reply):
    """What it does not do, or only in part."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_limits"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.limits."""
        return compose.limits(turn)
