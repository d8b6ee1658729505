"""Emergency services first."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerEmergency(Reply):
    """Emergency services first."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_emergency"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.emergency."""
        return compose.emergency(turn)
