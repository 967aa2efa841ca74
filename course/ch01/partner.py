"""A partner who does not answer: a stub server, which keeps its callers waiting.

with Partner() as partner:
    …a service calls partner.url_for("bloc")…
    partner.waiting("bloc")      how many of these calls wait at this moment
    partner.release()            all are answered, and those to come at once
"""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial

from workbook.checks.stub import Behaviour, Connection, Request, StubServer


class Partner(StubServer):
    """Answers nobody until `release()`; `status` is then the status of its answers."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.most: Counter[str] = Counter()  # of calls at once, by name
        self._waiting: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._open = False

    def __exit__(self, *exception: object) -> None:
        self.release()
        super().__exit__(*exception)

    def url_for(self, name: str) -> str:
        """Where those who call in the name of `name` do it."""
        return f"{self.url}/{name}"

    def waiting(self, name: str) -> int:
        """How many calls in that name wait for an answer."""
        with self._changed:
            return self._waiting[name]

    def hold(self) -> None:
        """Answer nobody from now on."""
        with self._changed:
            self._open = False

    def release(self) -> None:
        """Answer everybody."""
        with self._changed:
            self._open = True
            self._changed.notify_all()

    def behaviour(self, request: Request) -> Behaviour:
        return partial(self._answer, request.path.strip("/"))

    def _answer(self, name: str, to: Connection) -> None:
        """Wait for the release, counted meanwhile."""
        with self._changed:
            self._waiting[name] += 1
            self.most[name] = max(self.most[name], self._waiting[name])
            self._changed.wait_for(lambda: self._open)
            self._waiting[name] -= 1
        to.say(self.status, b"42\n")
