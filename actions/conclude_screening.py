"""None of the listed conditions applies."""

from actions.reply import Events, Reply, screening_events
from bot.answers import screening
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class ConcludeScreening(Reply):
    """None of the listed conditions applies."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_conclude_screening"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.screening.concluded."""
        return screening.concluded(turn)

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """What the answer settles or leaves open for this person."""
        return screening_events(turn, answer)
