"""What goes wrong between the bot and Meta: by chance, with a seed, or on command."""

import random
from dataclasses import dataclass

RESET, LOST, STALL, BROKEN = "reset", "lost", "stall", "broken"
KINDS = (RESET, LOST, STALL, BROKEN)


@dataclass
class Faults:
    """How likely each fault is; all are off at first.

    Attributes:
        seed: the same seed and the same requests give the same faults.
        repeat: probability that what was acknowledged is delivered once more, with whatever is on its way then.
        reorder: probability that something waits while what came after it is delivered.
        batch: so many messages and status updates in one delivery at most, over several entries and changes.
        delay: seconds before a delivery, at most.
        fail: probability that a send is refused with 131000, 131016 or 130429.
        reset: probability that the connection is cut before a send was read.
        lost: probability that a send is accepted and the connection cut before the answer.
    """

    seed: int = 0
    repeat: float = 0.0
    reorder: float = 0.0
    batch: int = 1
    delay: float = 0.0
    fail: float = 0.0
    reset: float = 0.0
    lost: float = 0.0


class Chance:
    """Decides what goes wrong next: what was ordered first, then by chance."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.random = random.Random(faults.seed)
        self.ordered: list[tuple[int | str, str | None]] = []
        self.always: int | str | None = None

    def of_send(self, to: str) -> int | str | None:
        """The fault of a send to a customer: an error code, one of `KINDS`, or None."""
        for place, (fault, only) in enumerate(self.ordered):
            if only in (None, to):
                del self.ordered[place]
                return fault
        if self.always is not None:
            return self.always
        if self.happens(self.faults.reset):
            return RESET
        if self.happens(self.faults.lost):
            return LOST
        if self.happens(self.faults.fail):
            return self.random.choice((131000, 131016, 130429))
        return None

    def happens(self, probability: float) -> bool:
        """Whether something of a probability happens now."""
        return probability > 0 and self.random.random() < probability
