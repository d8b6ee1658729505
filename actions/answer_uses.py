"""What it is for."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerUses(Reply):
    """What it is for."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_uses"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.all_uses."""
        return compose.all_uses(turn)
