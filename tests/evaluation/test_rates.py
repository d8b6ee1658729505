"""Shares and their intervals."""

import pytest

from bot.evaluation.rates import Rate


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # From the formula in Wilson 1927, worked out by hand for 0 of 10 and 8 of 10.
    [(0, 10, 0.0, 0.2775), (8, 10, 0.4902, 0.9433), (10, 10, 0.7225, 1.0)],
)
def test_the_interval(hits: int, of: int, low: float, high: float) -> None:
    assert Rate(hits, of).interval == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_nothing_is_known() -> None:
    assert Rate.over([]).interval == (0.0, 1.0)


def test_how_it_is_written() -> None:
    assert str(Rate.over([True, True, True, False])) == "75.0% (30.1% to 95.4%; 3 of 4)"
