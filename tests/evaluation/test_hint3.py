"""HINT3's measure, on three made-up shops of which every figure is known."""

import csv
from math import sqrt
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.evaluation import hint3
from bot.evaluation.hint3 import OUT_OF_SCOPE, SHOPS, Figures

HOURS, ADDRESS = "when are you open on sundays", "where is your shop"
EXAMPLES = [
    (HOURS, "HOURS"),
    ("what are your opening hours", "HOURS"),
    (ADDRESS, "ADDRESS"),
    ("how do I find your store", "ADDRESS"),
]
FOREIGN, STRANGE = ("the stock market fell", OUT_OF_SCOPE), ("seven purple elephants", OUT_OF_SCOPE)
# What is asked in the words of an example is named after it, surely; what is like none is rejected.
TESTS = {
    "sofmattress": [  # one of four in scope is labelled otherwise than its words are
        (HOURS, "HOURS"),
        (EXAMPLES[1][0], "HOURS"),
        (ADDRESS, "HOURS"),
        (ADDRESS, "ADDRESS"),
        FOREIGN,
        STRANGE,
    ],
    "curekart": [(HOURS, "HOURS"), (ADDRESS, "ADDRESS"), FOREIGN],
    "powerplay11": [(HOURS, "HOURS"), (HOURS, "HOURS"), (HOURS, OUT_OF_SCOPE), FOREIGN],  # one cannot be rejected
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for shop in SHOPS:
        _write(tmp_path / "v1" / "train" / f"{shop}_train.csv", EXAMPLES)
        _write(tmp_path / "v1" / "test" / f"{shop}_test.csv", TESTS[shop])
    return tmp_path


def _write(file: Path, lines: list[tuple[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([("sentence", "label"), *lines])


@pytest.fixture
def measured(folder: Path) -> dict[str, Figures]:
    return {figures.shop: figures for figures in hint3.measure(folder)}


def test_top_1_is_of_what_is_in_scope_with_nothing_rejected(measured: dict[str, Figures]) -> None:
    assert {shop: figures.top1 for shop, figures in measured.items()} == {
        "sofmattress": 3 / 4,
        "curekart": 1.0,
        "powerplay11": 1.0,
    }


def test_the_correlation_counts_intents_and_out_of_scope(measured: dict[str, Figures]) -> None:
    """Gorodkin 2004: (c s - sum of p t) / sqrt((s^2 - sum of p^2) (s^2 - sum of t^2)).

    Here s are the messages, c those named rightly, and t and p how many are and were called by each name.
    """
    assert {shop: figures.mcc for shop, figures in measured.items()} == pytest.approx(
        {
            # t: 3 hours, 1 address, 2 out of scope; p: 2, 2, 2
            "sofmattress": (5 * 6 - (3 * 2 + 1 * 2 + 2 * 2)) / sqrt((36 - 12) * (36 - 14)),
            "curekart": 1.0,
            # t: 2 hours, 2 out of scope; p: 3, 1
            "powerplay11": (3 * 4 - (2 * 3 + 2 * 1)) / sqrt((16 - 10) * (16 - 8)),
        }
    )


def test_the_curve_is_of_in_scope_against_out_of_scope(measured: dict[str, Figures]) -> None:
    # powerplay11: each of the two in scope is level with one out of scope and above the other.
    assert {shop: figures.auc for shop, figures in measured.items()} == {
        "sofmattress": 1.0,
        "curekart": 1.0,
        "powerplay11": 3 / 4,
    }


def test_measured_again_it_is_the_same(folder: Path, measured: dict[str, Figures]) -> None:
    assert hint3.measure(folder) == list(measured.values())


def test_the_published_systems_stand_beside_ours(folder: Path) -> None:
    systems: dict[str, list[str]] = {}
    for figures in hint3.rows(folder):
        systems.setdefault(figures.system, []).append(figures.shop)
    assert len(systems) > 1
    assert hint3.OURS in systems
    assert all(shops == list(SHOPS) for shops in systems.values())


def test_a_folder_without_the_data_is_told_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(BotError, match=r"sofmattress_train\.csv cannot be read.*v1/train/SHOP_train\.csv"):
        hint3.measure(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        b"\xff\xfe",
        b"",
        b"sentence,label\n",
        b"sentence,label\nhello\n",
        f"sentence,label\nhello,{OUT_OF_SCOPE}\n".encode(),
    ],
)
@pytest.mark.parametrize("part", ["train", "test"])
def test_a_file_that_is_not_the_published_one_is_named(folder: Path, part: str, content: bytes) -> None:
    (folder / "v1" / part / f"powerplay11_{part}.csv").write_bytes(content)
    with pytest.raises(BotError, match=rf"powerplay11_{part}\.csv is no"):
        hint3.measure(folder)
