"""A neighbour that we rule: it answers, fails, hangs, dies and comes back, at one address."""

from __future__ import annotations

import threading
from math import inf

from workbook.checks.stub import Behaviour, Request, StubServer, after, hang, reply


class Neighbour(StubServer):
    """The service of reviews, dead to begin with."""

    def __init__(self) -> None:
        super().__init__(alive=False)
        self._released = threading.Event()
        self._behaviour = reply(200, {"reviews": []})

    def say(self, reviews: list[int], later: float = 0.0) -> None:
        """Live, and give these reviews of whatever is asked, after so many seconds."""
        self._turn(after(later, reply(200, {"reviews": reviews})))

    def fail(self, status: int) -> None:
        """Live, and answer with this status."""
        self._turn(reply(status, {"reviews": [5, 5, 5]}))

    def hang(self) -> None:
        """Live, take every call, and answer none."""
        released = threading.Event()
        self._turn(hang(inf, released))
        self._released = released

    def behaviour(self, _: Request) -> Behaviour:
        return self._behaviour

    def _turn(self, behaviour: Behaviour) -> None:
        self._released.set()  # whoever hangs is let go
        self._behaviour = behaviour
        self.live()
