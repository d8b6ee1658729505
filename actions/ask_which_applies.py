"""Something on the screening list applies: which?"""

from actions.reply import Events, Reply, screening_events
from bot.answers import screening
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AskWhichApplies(Reply):
    """Something on the screening list applies: which?"""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_ask_which_applies"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.screening.which_applies."""
        return screening.which_applies(turn)

    def remember(self, turn: Turn, answer: Answer) -> Events:
        """What the answer settles or leaves open for this person."""
        return screening_events(turn, answer)
