"""Whether what was mentioned long ago is still so."""

from actions.reply import Reply
from bot.answers import still_so
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerStillSo(Reply):
    """Whether what was mentioned long ago is still so."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_still_so"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.still_so.answered."""
        return still_so.answered(turn)
