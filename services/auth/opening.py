"""Opening: makes the first key and hashes the passwords in a background thread, after the start.

It takes longer than all the rest of the start together; a request that needs a key or an account
meanwhile waits here.
"""

import logging
import threading

from services.chassis import lifecycle, settings

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
