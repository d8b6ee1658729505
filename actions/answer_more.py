"""Why, or more of the last topic."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerMore(Reply):
    """Why, or more of the last topic."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_more"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.more."""
        return compose.more(turn)
