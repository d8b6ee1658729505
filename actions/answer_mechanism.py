"""How it works."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerMechanism(Reply):
    """How it works."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_mechanism"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.mechanism."""
        return compose.mechanism(turn)
