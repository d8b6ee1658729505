"""How to reach a person, and who the supplier is."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerContact(Reply):
    """How to reach a person, and who the supplier is."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_contact"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.contact."""
        return compose.contact(turn)
