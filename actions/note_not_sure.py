"""Nobody knows whether something on the list applies."""

from actions.reply import Events, Reply, screening_events
from bot.answers import screening
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class NoteNotSure(Reply):
    """Nobody knows whether something on the list applies."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_note_not_sure"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.screening.not_sure."""
        return screening.not_sure(turn)

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """What the answer settles or leaves open for this person."""
        return screening_events(turn, answer)
