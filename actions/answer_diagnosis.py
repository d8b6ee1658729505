"""What somebody has is for a doctor to say."""

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer
from bot.answers.turn import Turn


class AnswerDiagnosis(Reply):
    """What somebody has is for a doctor to say."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_diagnosis"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.diagnosis."""
        return compose.diagnosis(turn)
