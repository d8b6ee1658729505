"""Who should not use it."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerContraindication(Reply):
    """Who should not use it."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_contraindication"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.contraindication."""
        return compose.contraindication(turn)
