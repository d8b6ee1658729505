"""How fast Meta takes messages: to one customer, and of one number in all."""

import time
from collections import deque
from collections.abc import Callable

from bot.simulator.errors import GraphError

BURST_SECONDS = 6.0  # within which a burst to one customer counts as one


class Pace:
    """Counts sends, by Meta's two limits.

    To one customer: one message in six seconds; a burst borrows from what comes after it, twenty messages at once the
    next two minutes. Of one number: so many messages a second.
    """

    def __init__(
        self, pair_seconds: float, pair_burst: int, throughput: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Set the limits; 0 seconds, or 0 messages a second: that limit is off."""
        self.pair_seconds, self.pair_burst, self.throughput = pair_seconds, pair_burst, throughput
        self.clock = clock
        self.bursts: dict[str, tuple[float, int]] = {}
        self.last_second: deque[float] = deque()

    def count(self, customer: str) -> None:
        """Count a send; raises GraphError when it comes too soon, and does not count it then."""
        now = self.clock()
        while self.last_second and self.last_second[0] <= now - 1:
            self.last_second.popleft()
        if self.throughput and len(self.last_second) >= self.throughput:
            raise GraphError(130429)
        begun, sends = self.bursts.get(customer, (float("-inf"), 0))
        if now >= begun + sends * self.pair_seconds:
            begun, sends = now, 0
        elif now > begun + BURST_SECONDS or sends >= self.pair_burst:
            raise GraphError(131056)
        self.bursts[customer] = (begun, sends + 1)
        self.last_second.append(now)
