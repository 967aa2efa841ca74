"""Three ways to limit a rate, and what each lets through in its worst moment.

Time is given to them, never read: the same requests, at the same instants, meet all three. Written
out although the library `limits` has them: these few lines are the lesson.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from math import floor
from typing import Protocol

TICKS = 1_000  # instants are whole milliseconds: no rounding moves a request across an edge
LIMIT = 10  # requests a second


class Limiter(Protocol):
    """Says whether a request may pass at `now`, in milliseconds."""

    def admits(self, now: int) -> bool:
        """Whether a request that comes at `now` passes."""


class FixedWindow:
    """A counter that starts again at each second of the clock."""

    def __init__(self) -> None:
        self.window, self.count = -1, 0

    def admits(self, now: int) -> bool:
        """Whether fewer than LIMIT have passed since the second began."""
        if now // TICKS != self.window:
            self.window, self.count = now // TICKS, 0
        self.count += 1
        return self.count <= LIMIT


class TokenBucket:
    """LIMIT tokens at most, LIMIT more a second; a request takes one."""

    def __init__(self) -> None:
        self.level, self.seen = LIMIT * TICKS, 0  # in thousandths of a token

    def admits(self, now: int) -> bool:
        """Whether there is a token left."""
        self.level = min(LIMIT * TICKS, self.level + (now - self.seen) * LIMIT)
        self.seen = now
        if self.level < TICKS:
            return False
        self.level -= TICKS
        return True


class SlidingLog:
    """Remembers the instants of the last LIMIT requests that passed."""

    def __init__(self) -> None:
        self.passed: deque[int] = deque()

    def admits(self, now: int) -> bool:
        """Whether fewer than LIMIT have passed in the second before."""
        while self.passed and self.passed[0] <= now - TICKS:
            self.passed.popleft()
        if len(self.passed) == LIMIT:
            return False
        self.passed.append(now)
        return True


LIMITERS: Mapping[str, type[Limiter]] = {
    "compteur par seconde": FixedWindow,
    "seau de jetons": TokenBucket,
    "journal glissant": SlidingLog,
}


def admitted(limiter: Limiter, arrivals: Iterable[float]) -> list[int]:
    """The instants, in milliseconds, of those that pass among `arrivals`, in seconds."""
    instants = [floor(TICKS * second + 0.5) for second in arrivals]
    return [now for now in instants if limiter.admits(now)]


def most_within(instants: list[int], milliseconds: int) -> int:
    """The largest number of `instants` that fall in some span of that length."""
    return max(
        (sum(start <= now < start + milliseconds for now in instants) for start in instants),
        default=0,
    )
