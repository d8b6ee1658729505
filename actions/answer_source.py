"""Where it stands, and on what evidence."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerSource(Reply):
    """Where it stands, and on what evidence."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_source"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.source."""
        return compose.source(turn)
