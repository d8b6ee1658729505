"""Forgetting health conditions is confirmed first."""

from actions.forget import Forget
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AskToForget(Forget):
    """Forgetting health conditions is confirmed first; 'yes, delete it all' is asking again, and a confirmation."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_ask_to_forget"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.ask_to_forget and forgotten."""
        return compose.forgotten(turn) if turn.awaiting == "forgetting" else compose.ask_to_forget(turn)
