"""Calls to other services, with every precaution of "Release It!" in one place.

    response = service("inventory").put(f"/reservations/{order_id}", json=…, idempotency_key=…)

An attempt (attempt.py) is guarded by bulkhead, breaker, timeout and deadline. When it fails, and
the request may be repeated, and the budget allows it, the next instance is tried.
"""

import threading

import requests

from services.chassis import deadline, discovery, metrics, output, settings
from services.chassis.attempt import (
    ALWAYS,
    CONNECTION_LOST,
    IF_REPEATABLE,
    Attempt,
    DeadlineExceeded,
    Unavailable,
)
from services.chassis.breaker import CLOSED, HALF_OPEN, OPEN, CircuitBreaker
from services.chassis.bulkhead import Bulkhead
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem, translates
from services.chassis.retry import RetryBudget, backoff, repeatable

__all__ = ["ALWAYS", "CONNECTION_LOST", "DeadlineExceeded", "Unavailable", "service"]

ATTEMPTS = 3
TIMEOUT = 1.0
_clients = {}
_creating = threading.Lock()


def service(name):
    """The client of the service called `name`, one for the whole process."""
    with _creating:
        if name not in _clients:
            _clients[name] = Client(name)
        return _clients[name]


class Client:
    """Calls one service. Every method takes a path and:

    json, params, data, headers   as in requests
    timeout           seconds for one attempt (1.0); the caller's deadline may shorten it
    idempotency_key   makes a request that is not safe repeatable: it is sent as Idempotency-Key
    attempts          at most that many (3)

    Returns a requests.Response, of any status but 502, 503 and 504. Raises Unavailable for those,
    for nobody there, an open breaker or a full bulkhead; DeadlineExceeded for no answer in time.
    """

    def __init__(self, name):
        self.name = name
        self.addresses = discovery.addresses(name)
        open_seconds = settings.number("BREAKER_OPEN_SECONDS", 5)
        self.breaker = CircuitBreaker(name, open_seconds=open_seconds, on_change=_report)
        self.bulkhead = Bulkhead(name, limit=max(1, settings.threads() * 3 // 4))
        self.budget = RetryBudget()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, **options):
        return self.request("POST", path, **options)

    def put(self, path, **options):
        return self.request("PUT", path, **options)

    def patch(self, path, **options):
        return self.request("PATCH", path, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def request(
        self,
        method,
        path,
        *,
        timeout=TIMEOUT,
        idempotency_key=None,
        attempts=ATTEMPTS,
        headers=None,
        **content,
    ):
        headers = dict(headers or {})
        if idempotency_key is not None:
            headers["Idempotency-Key"] = str(idempotency_key)
        safe = repeatable(method, idempotency_key)
        self.budget.earn()
        tried = []
        while True:
            url, others = self._next_instance(tried)
            attempt = Attempt(self, method, url, path, timeout, headers, content)
            try:
                return attempt.make(has_an_alternative=others)
            except Unavailable as problem:
                if len(tried) == attempts or not self._may_retry(problem, safe):
                    raise
            metrics.RETRIES.labels(self.name).inc()
            lifecycle.stopping.wait(deadline.remaining(backoff(len(tried) - 1)))

    def _next_instance(self, tried):
        """An address not tried yet, if there is one, and whether there are more of them."""
        known = self.addresses.in_turn() or [None]
        untried = [url for url in known if url not in tried] or known
        tried.append(untried[0])
        return untried[0], len(untried) > 1

    def _may_retry(self, problem, safe):
        if problem.again == ALWAYS:
            return True
        wanted = problem.again == IF_REPEATABLE and safe and deadline.remaining() != 0.0
        return wanted and self.budget.spend()


def _report(name, state):
    metrics.BREAKERS.labels(name).set({CLOSED: 0, HALF_OPEN: 1, OPEN: 2}[state])
    output.event("breaker", dependency=name, state=state)


@translates(requests.RequestException)
def _bad_answer(error):
    """502: a dependency's answer could not be read; our own caller did nothing wrong."""
    return Problem(502)
