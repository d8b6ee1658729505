"""Messages written worse: always the same way, and never into another meaning on purpose."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.perturbation import PERTURBATIONS, lower_case_bare, typos, word_order

NOT_PREGNANT = "I am not pregnant, and never had a pacemaker. Does it help with 3 stiff joints?"


@pytest.mark.parametrize("change", PERTURBATIONS.values(), ids=PERTURBATIONS)
def test_a_text_is_changed_and_always_the_same_way(change: Callable[[str], str]) -> None:
    assert change(NOT_PREGNANT) == change(NOT_PREGNANT) != NOT_PREGNANT


@pytest.mark.parametrize("change", PERTURBATIONS.values(), ids=PERTURBATIONS)
def test_negations_and_figures_stay(change: Callable[[str], str]) -> None:
    changed = change(NOT_PREGNANT).lower()
    assert all(word in changed.split() for word in ("not", "never", "3"))


@given(st.text(), st.sampled_from(list(PERTURBATIONS.values())))
def test_any_text_can_be_changed(text: str, change: Callable[[str], str]) -> None:
    assert isinstance(change(text), str)


def test_a_slip_keeps_first_and_last_letter() -> None:
    (word,) = typos("circulation").split()
    assert word != "circulation"
    assert (word[0], word[-1]) == ("c", "n")


def test_what_is_within_a_word_stays_without_punctuation() -> None:
    assert lower_case_bare("Don't use post-op, ok? - No!") == "don't use post-op ok no"


def test_words_change_places_and_none_is_lost() -> None:
    assert sorted(word_order(NOT_PREGNANT).split()) == sorted(NOT_PREGNANT.split())
