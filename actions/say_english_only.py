"""It answers in English."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class SayEnglishOnly(Reply):
    """It answers in English."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_say_english_only"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.not_english."""
        return compose.not_english(turn)
