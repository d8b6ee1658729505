"""Shares with their confidence intervals."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z = 1.96  # of a 95 % interval


@dataclass(frozen=True)
class Rate:
    """How often of how often."""

    hits: int
    of: int

    @classmethod
    def over(cls, outcomes: Iterable[bool]) -> "Rate":
        """The share of what is true."""
        found = list(outcomes)
        return cls(sum(found), len(found))

    @property
    def share(self) -> float:
        """0 to 1; of nothing it is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval, which also holds near 0 and 1 (Wilson 1927)."""
        if not self.of:
            return 0.0, 1.0
        p, n, z = self.share, self.of, Z
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        """As a report has it: share, interval, counts."""
        low, high = self.interval
        return f"{self.share:.1%} ({low:.1%} to {high:.1%}; {self.hits} of {self.of})"
