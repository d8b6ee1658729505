"""Promise 2: a warning cannot be dropped, whatever is composed of whatever documents."""

from hypothesis import given, settings
from hypothesis import strategies as st
from random_turns import ANY, COMPOSERS, turns

from bot.answers.render import WARNING_SIGN, render
from bot.answers.responses import Responses

QUOTING = {
    "mechanism",
    "suitability",
    "other_use",
    "limits",
    "timing",
    "source",
    "contraindication",
    "screening",
    "concluded",
    "all_uses",
    "replacement",
    "figure",
    "topic",
    "several",
    "contact",
    "clarification",
    "follow_up",
    "more",
}


@given(st.data())
@ANY
def test_every_bound_warning_of_what_is_quoted_is_said(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    for name, compose in COMPOSERS.items():
        answer = compose(turn)
        text = render(answer, turn.corpus, responses)
        shown = [warning["text"] for warning in answer.payload(turn.corpus, "model")["answer"].get("warnings", [])]
        for passage in answer.quoted:
            for warning in turn.corpus.warnings_for(turn.corpus.section(passage.document, passage.section)):
                assert warning in answer.warnings, name
                assert f"{WARNING_SIGN} {warning.text}" in text, name
                assert warning.text in shown, name


@given(st.data())
@ANY
def test_a_warning_is_said_once(responses: Responses, data: st.DataObject) -> None:
    turn = data.draw(turns(responses))
    for name, compose in COMPOSERS.items():
        warnings = compose(turn).warnings
        assert len(warnings) == len(set(warnings)), name


def test_the_random_turns_make_everything_quote_that_can(responses: Responses) -> None:
    """Or the promise above would be kept by saying nothing."""
    seen: set[str] = set()

    @given(turns(responses))
    @settings(ANY, max_examples=150, database=None, derandomize=True)
    def look(turn: object) -> None:
        answers = {name: compose(turn) for name, compose in COMPOSERS.items()}  # type: ignore[arg-type]
        seen.update(name for name, answer in answers.items() if answer.quoted and len(answer.warnings) > 1)

    look()
    assert seen >= QUOTING
