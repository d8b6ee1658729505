"""The same kind of question about something else."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerFollowUp(Reply):
    """The same kind of question about something else."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_follow_up"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.follow_up."""
        return compose.follow_up(turn)
