"""The figures of what was last spoken of."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerFigure(Reply):
    """The figures of what was last spoken of."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_figure"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.figure."""
        return compose.figure(turn)
