"""Whether it takes the place of treatment."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerReplacement(Reply):
    """Whether it takes the place of treatment."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_replacement"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.replacement."""
        return compose.replacement(turn)
