"""The documents do not answer this."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerUnanswered(Reply):
    """The documents do not answer this."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_unanswered"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.unanswered."""
        return compose.unanswered(turn)
