"""A section by its title."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerTopic(Reply):
    """A section by its title."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_topic"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.topic."""
        return compose.topic(turn)
