"""Some of the list by their number."""

from actions.reply import Events, Reply, screening_events
from bot.answers import screening
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class ChooseCondition(Reply):
    """Some of the list by their number."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_choose_condition"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.screening.chosen."""
        return screening.chosen(turn)

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """What the answer settles or leaves open for this person."""
        return screening_events(turn, answer)
