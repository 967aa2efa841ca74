"""Clock: seconds that only go forward, and how long something has looked the same.

The wall clock is set, by hand or by NTP: an hour back, and what waits until a given time waits an
hour more; an hour forward, and everything has expired. So no process here believes a time that
another one wrote down: it measures by its own clock how long it has seen no sign of life.
"""

import time

# Goes on while the machine sleeps, as the others' do: on Linux CLOCK_BOOTTIME, elsewhere MONOTONIC.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now():
    """Seconds since some moment of the past; comparable within this process only."""
    return time.clock_gettime(_CLOCK)


class Unchanged:
    """For how many seconds this process has seen each thing in its present state."""

    def __init__(self, clock=now):
        self._clock, self._seen = clock, {}

    def seconds(self, thing, state):
        """Look at `thing`, now in `state`; 0.0 the first time it is seen there."""
        known, since = self._seen.get(thing, (None, None))
        if since is None or known != state:
            known, since = self._seen[thing] = state, self._clock()
        return self._clock() - since

    def keep_only(self, things):
        """Forget all the others."""
        self._seen = {thing: self._seen[thing] for thing in things if thing in self._seen}
