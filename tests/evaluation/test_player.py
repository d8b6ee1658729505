"""Cases played on the real model: what is recorded of a turn, and that no case knows of another."""

from pathlib import Path

import pytest

from bot.evaluation import measures
from bot.evaluation.ablation import PARTS, without
from bot.evaluation.cases import Case, Turn
from bot.evaluation.player import Player


@pytest.fixture(scope="module")
def player(model: Path) -> Player:
    return Player(model)


def _case(*texts: str, must: tuple[str, ...] = (), must_not: tuple[str, ...] = (), kind: str = "suitability") -> Case:
    return Case(texts[0], kind, tuple(Turn(text, must, must_not) for text in texts))


def test_what_is_recorded_of_a_turn(player: Player) -> None:
    (played,) = player.play([_case("Can my wife use it? She is pregnant.", must=("veto", "fig:99 %"))])
    assert played.reply.verdict == "avoid"
    assert played.failed == ("missing fig:99 %",)
    assert played.intent.startswith("ask_")
    assert 0 < played.confidence <= 1
    assert played.conditions == ("pregnancy of wife: stated",)
    assert played.passages
    assert played.reply.unexplained == ""


def test_every_case_is_a_new_customer(player: Player) -> None:
    told, asked = player.play([_case("I am pregnant."), _case("Does it help with a stiff neck?")])
    assert told.reply.answer["conditions"]
    assert asked.reply.verdict == "supported"


def test_a_turn_that_leans_on_a_question_not_asked_is_not_judged(player: Player) -> None:
    leaning = Turn("None of them.", ("fig:99 %",), (), only_after_screening=True)
    unasked = Case("a", "screening", (Turn("How does it work?", (), ()), leaning))
    asked = Case("b", "screening", (Turn("Am I allowed to use it?", ("ask_screening",), ()), leaning))
    assert [bool(turn.failed) for turn in player.play([unasked])] == [False, False]
    assert [bool(turn.failed) for turn in player.play([asked])] == [False, True]


def test_the_same_message_written_otherwise(player: Player) -> None:
    (played,) = player.play([_case("Is it for a stiff neck?")], lambda _: "I have a pacemaker. Can I use it?")
    assert played.reply.verdict == "confirm_first"


def test_a_dialogue_passes_if_every_turn_does(player: Player) -> None:
    good = _case("How does it work?", "And the nerves?", must_not=("fallback",))
    bad = _case("How does it help the nerves?", "What about endorphins?", must=("veto",))
    played = player.play([good, bad])
    assert (measures.dialogues(played).hits, measures.dialogues(played).of) == (1, 2)
    assert measures.TURNS.of(played).hits == 2


@pytest.mark.parametrize(
    ("part", "message", "verdict", "other"),
    [
        ("lexicon of conditions", "Can I use it? I have porphyria.", "avoid", None),
        ("spelling distance", "Can I use it? I have a pasemaker.", "confirm_first", None),
        ("negation, past and doubt", "I have no pacemaker. Is it for a stiff neck?", "supported", "confirm_first"),
        ("holder", "My neighbour has a pacemaker. Does it help with my stiff neck?", "supported", "confirm_first"),
    ],
)
def test_a_part_taken_out_is_missed(part: str, message: str, verdict: str, other: str | None, player: Player) -> None:
    def ask() -> str:
        return player.play([_case(message)])[0].reply.verdict

    assert ask() == verdict
    with without(part):
        changed = ask()
    assert changed == other if other else changed not in (verdict, "unknown")  # unknown: that it fails without
    assert ask() == verdict


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_taken_out(part: str) -> None:
    """A name that is gone from the code would be patched into nothing."""
    with without(part):
        pass
