"""The measures of the table: each a rate over played turns, and what it has to reach."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.labels import answered_as_known
from bot.evaluation.player import Played
from bot.evaluation.rates import Rate

USE = "suitability"


@dataclass(frozen=True)
class Measure:
    """One line of the table.

    Attributes:
        counts: whether a turn counts for it.
        hit: whether a turn that counts is a hit.
        bound: what its share must be at least, or at most.
    """

    name: str
    counts: Callable[[Played], bool]
    hit: Callable[[Played], bool]
    bound: float
    at_most: bool = False

    def of(self, played: Iterable[Played]) -> Rate:
        """Its rate."""
        return Rate.over(self.hit(turn) for turn in played if self.counts(turn))

    def reached(self, rate: Rate) -> bool:
        """Whether the share is what it must be."""
        return rate.share <= self.bound if self.at_most else rate.share >= self.bound


def _always(_: Played) -> bool:
    return True


def _forbids_reassurance(turn: Played) -> bool:
    return any(label.startswith("reassure") for label in turn.turn.must_not)


def _is_documented_use(turn: Played) -> bool:
    """A question after a use of the documents, by somebody with no condition.

    Whether it is after a use or after a limit is in no label: where the reply quotes what was asked for and the
    documents deny that, it was after a limit.
    """
    must_not = turn.turn.must_not
    if turn.case.kind != USE or not {"fallback", "veto"} <= set(must_not) or any("claim:" in x for x in must_not):
        return False
    return bool(turn.failed) or turn.reply.verdict != "not_supported"


TURNS = Measure("turns that pass", _always, lambda t: not t.failed, 0.97)
DUE = Measure(
    "warning given when due", lambda t: "veto" in t.turn.must, lambda t: "missing veto" not in t.failed, 0.995
)
NOT_DUE = Measure(
    "warning given when not due",
    lambda t: "veto" in t.turn.must_not,
    lambda t: "broke veto" in t.failed,
    0.03,
    at_most=True,
)
MEASURES: Sequence[Measure] = (
    TURNS,
    DUE,
    NOT_DUE,
    Measure(
        "reassured against the documents",
        _forbids_reassurance,
        lambda t: any(failed.startswith("broke reassure") for failed in t.failed),
        0.0,
        at_most=True,
    ),
    Measure("a sentence that is in no document", _always, lambda t: bool(t.reply.unexplained), 0.0, at_most=True),
    Measure(
        "out of scope answered as known",
        lambda t: t.case.kind == "out_of_scope",
        lambda t: answered_as_known(t.reply),
        0.03,
        at_most=True,
    ),
    Measure(
        "documented use answered supported or limited",
        _is_documented_use,
        lambda t: t.reply.verdict in ("supported", "limited"),
        0.97,
    ),
)
DIALOGUES_AT_LEAST = 0.9


def dialogues(played: Iterable[Played]) -> Rate:
    """The share of dialogues without a failing turn."""
    whole: dict[str, bool] = {}
    for turn in played:
        if turn.case.is_dialogue:
            whole[turn.case.id] = whole.get(turn.case.id, True) and not turn.failed
    return Rate.over(whole.values())


def by_kind(played: Iterable[Played]) -> dict[str, Rate]:
    """The share of turns that pass, for each kind of question and tag of dialogue."""
    kinds: dict[str, list[bool]] = {}
    for turn in played:
        kinds.setdefault(("dialogue: " if turn.case.is_dialogue else "") + turn.case.kind, []).append(not turn.failed)
    return {kind: Rate.over(passed) for kind, passed in sorted(kinds.items())}
