"""Forgetting health conditions is confirmed first."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AskToForget(Reply):
    """Forgetting health conditions is confirmed first."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_ask_to_forget"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.ask_to_forget."""
        return compose.ask_to_forget(turn)
