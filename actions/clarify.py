"""It was not understood: ask once more."""

from typing import Any

from rasa_sdk.events import SlotSet

from actions.reply import Reply
from bot.answers import compose
from bot.answers.answer import Answer, AnswerKind
from bot.answers.turn import Turn


class Clarify(Reply):
    """It was not understood: ask once more."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_clarify"

    def compose(self, turn: Turn) -> Answer:
        """See bot.answers.compose.clarification."""
        return compose.clarification(turn)

    def remember(self, turn: Turn, answer: Answer) -> list[dict[str, Any]]:
        """The second time in a row a person is offered instead; who chooses a kind has asked the same question."""
        failed = answer.kind is AnswerKind.CLARIFICATION
        offered = [option.title for option in answer.question.options] if answer.question else []
        passages = [{"id": found.passage.id, "score": found.score} for found in turn.ranked]
        unclear = [SlotSet("unclear", {"offered": offered, "passages": passages})] if offered else []
        return [SlotSet("failed_before", failed), *unclear]
