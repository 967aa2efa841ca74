"""Opening: making the first key and hashing passwords, out of the way of the start.

It takes longer than all the rest of the start together, so it is done behind it; whoever needs a
key or an account meanwhile waits here.
"""

import logging
import threading

from services.chassis import settings
from services.chassis.lifecycle import lifecycle

log = logging.getLogger(__name__)


class Opening:
    def __init__(self, keys, accounts):
        self.keys, self.accounts = keys, accounts
        self.lock = threading.Lock()
        self.done = False

    def begin(self):
        lifecycle.background(self.wait)

    def wait(self):
        """Return when it is done; do it if nobody is at it, or if it failed the last time."""
        if self.done:
            return
        with self.lock:
            if not self.done:
                self.keys.open()
                self._seed()
                self.done = True

    def _seed(self):
        if password := settings.demo_password():
            self.accounts.seed(password)
        else:
            log.warning("DEMO_PASSWORD manque : aucun compte n’est créé.")
