"""Outage: logs once that a dependency cannot be asked, with the cause, and once that it answers.

For what is asked again and again in the background: a line for each failure would bury all others,
and no line would hide the cause of "no instance is known".
"""

import threading


class Outage:
    """Whether the last call to `dependency` failed; `log` gets one line at each change of that."""

    def __init__(self, dependency, log):
        self.dependency, self.log = dependency, log
        self._lasts, self._changing = False, threading.Lock()

    def begins(self, why):
        """A call failed; `why` is logged unless the one before failed too."""
        if self._changes_to(True):
            self.log.warning("%s n’a pas pu être interrogé : %s", self.dependency, why)

    def ends(self):
        """A call succeeded."""
        if self._changes_to(False):
            self.log.info("%s répond de nouveau.", self.dependency)

    def _changes_to(self, lasts):
        with self._changing:
            changed = self._lasts != lasts
            self._lasts = lasts
            return changed
