"""Lifecycle: what a service does when it starts and stops, and whether it is ready in between.

A process is one service, so there is one lifecycle, `lifecycle`. Liveness ("is this process
worth keeping?") and readiness ("should it get requests now?") are two questions: see
Kubernetes, "Liveness, Readiness and Startup Probes".
"""

import logging
import threading

from services.chassis.errors import attempt

log = logging.getLogger(__name__)


class Lifecycle:
    """Start hooks, stop hooks, periodic work and readiness checks, in the order registered."""

    def __init__(self):
        self._to_start, self._to_stop, self._checks = [], [], {}
        self._threads = []
        self.state = "starting"
        self.stopping = threading.Event()

    def on_start(self, function):
        """Call `function()` before the service accepts requests. Usable as a decorator."""
        self._to_start.append(function)
        return function

    def on_stop(self, function):
        """Call `function()` once the last request is answered; last registered, first called."""
        self._to_stop.append(function)
        return function

    def every(self, seconds, function):
        """Call `function()` now and every `seconds` in a thread of its own, until the stop."""
        self.on_start(lambda: self.background(lambda: self._repeat(seconds, function)))
        return function

    def readiness(self, function, name=None):
        """Add a check: not ready while `function()` raises or returns a text that says why."""
        self._checks[name or function.__name__] = function
        return function

    def background(self, function):
        """Run `function()` in a thread; it must return soon after `stopping` is set."""
        thread = threading.Thread(target=function, daemon=True)
        thread.start()
        self._threads.append(thread)

    def start(self):
        """Run the start hooks that have not succeeded yet; raise what the failing one raises."""
        while self._to_start:
            self._to_start[0]()
            self._to_start.pop(0)
        self.state = "started"

    def stop(self, seconds=5):
        """Run the stop hooks and give the background threads `seconds` to end."""
        self.state = "stopping"
        self.stopping.set()
        for function in reversed(self._to_stop):
            _, error = attempt(function)
            if error:
                log.error("Un nettoyage a échoué à l'arrêt.", exc_info=error)
        for thread in self._threads:
            thread.join(seconds)

    def reasons(self):
        """Why the service is not ready: {check: French sentence}, empty when it is."""
        if self.state == "starting":
            return {"start": "Le service démarre."}
        if self.state == "stopping":
            return {"stop": "Le service s'arrête."}
        answers = {name: attempt(check) for name, check in self._checks.items()}
        return {
            name: str(error or reason)
            for name, (reason, error) in answers.items()
            if error or reason
        }

    def _repeat(self, seconds, function):
        while True:
            _, error = attempt(function)
            if error:
                log.error("Le travail de fond a échoué ; il sera repris.", exc_info=error)
            if self.stopping.wait(seconds):
                return


lifecycle = Lifecycle()
