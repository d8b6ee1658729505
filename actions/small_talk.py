"""A canned response to courtesy."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class SmallTalk(Reply):
    """A canned response to courtesy."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_small_talk"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.smalltalk."""
        return compose.smalltalk(turn)
