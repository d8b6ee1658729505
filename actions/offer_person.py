"""It was not understood twice in a row: offer a person."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class OfferPerson(Reply):
    """It was not understood twice in a row: offer a person."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_offer_person"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.not_understood_again."""
        return compose.not_understood_again(turn)
