"""Whether it helps with something that is probably in no document."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerOtherUse(Reply):
    """Whether it helps with something that is probably in no document."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_other_use"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.other_use."""
        return compose.other_use(turn)
