"""Lifecycle: what a service does when it starts and stops, and whether it is ready in between.

A process is one service, so there is one lifecycle, `lifecycle`. Liveness ("is this process
worth keeping?") and readiness ("should it get requests now?") are two questions: see
Kubernetes, "Liveness, Readiness and Startup Probes".
"""

import logging
import threading

from services.chassis.errors import caught

log = logging.getLogger(__name__)


class Lifecycle:
    """Start hooks, stop hooks, periodic work and readiness checks, in the order registered.

    `draining` is set when the service is asked to stop: it wants no new requests.
    `stopping` is set when the last of them is answered: background work ends.
    """

    def __init__(self):
        self._to_start, self._to_stop, self._checks = [], [], {}
        self._threads = []
        self.started = False
        self.draining, self.stopping = threading.Event(), threading.Event()

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
        self.started = True

    def stop(self, seconds=5):
        """End the background threads, each within `seconds`, then run the stop hooks."""
        self.draining.set()
        self.stopping.set()
        for thread in self._threads:
            thread.join(seconds)
        for function in reversed(self._to_stop):
            _, error = caught(function)
            if error:
                log.error("Un nettoyage a échoué à l’arrêt.", exc_info=error)

    def reasons(self):
        """Why the service is not ready: {check: French sentence}, empty when it is."""
        if self.draining.is_set():
            return {"stop": "Le service s’arrête."}
        if not self.started:
            return {"start": "Le service démarre."}
        answers = {name: caught(check) for name, check in self._checks.items()}
        return {
            name: _sentence(name, reason, error)
            for name, (reason, error) in answers.items()
            if error or reason
        }

    def _repeat(self, seconds, function):
        while not self.stopping.is_set():
            _, error = caught(function)
            if error:
                log.error("Un travail de fond a échoué ; il sera repris.", exc_info=error)
            self.stopping.wait(seconds)


def _sentence(name, reason, error):
    """An exception's own text may hold an address or a password: the log has it, not the probe."""
    if error:
        log.warning("La vérification « %s » a échoué.", name, extra={"error": repr(error)})
        return f"La vérification « {name} » a échoué."
    return str(reason)


lifecycle = Lifecycle()
