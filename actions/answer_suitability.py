"""Whether it helps with something."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerSuitability(Reply):
    """Whether it helps with something."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_suitability"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.suitability."""
        return compose.suitability(turn)
