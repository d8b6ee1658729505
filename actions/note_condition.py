"""A health condition was stated, denied or corrected."""

from actions.reply import Events, Reply, screening_events
from bot.answers import compose
from bot.answers.answer import Answer, AnswerKind
from bot.answers.turn import Turn


class NoteCondition(Reply):
    """A health condition was stated, denied or corrected."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_note_condition"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.condition_noted."""
        return compose.condition_noted(turn)

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """What was told and not understood counts until it is said to be nothing on the list."""
        return screening_events(turn, answer) if answer.kind is AnswerKind.SCREENING else []
