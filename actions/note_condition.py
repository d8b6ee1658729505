"""A health condition was stated, denied or corrected."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class NoteCondition(Reply):
    """A health condition was stated, denied or corrected."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_note_condition"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.condition_noted."""
        return compose.condition_noted(turn)
