"""Calls to other services, with every precaution of "Release It!" in one place.

    response = service("inventory").put(f"/reservations/{order_id}", json=…, idempotency_key=…)

Each attempt: an instance, a place in the bulkhead, a closed breaker, a timeout, a client span.
Then, if the request may be repeated and the budget allows it, the next instance.
"""

import threading
import time

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from services.chassis import deadline, discovery, metrics, output, problems, settings, telemetry
from services.chassis.breaker import CLOSED, HALF_OPEN, OPEN, CircuitBreaker, CircuitOpen
from services.chassis.bulkhead import Bulkhead, BulkheadFull
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem
from services.chassis.retry import RetryBudget, backoff, repeatable

ATTEMPTS = 3
TIMEOUT = 1.0
OUT_OF_SERVICE = {502, 503, 504}
_clients = {}
_creating = threading.Lock()
_local = threading.local()


class Unavailable(Problem):
    """The dependency could not do it. `response` is its answer, if it gave one."""

    def __init__(self, dependency, detail, response=None, retry_after=None):
        headers = {} if retry_after is None else {"Retry-After": str(max(1, round(retry_after)))}
        super().__init__(503, detail, headers, dependency=dependency)
        self.dependency, self.upstream = dependency, response


class DeadlineExceeded(Unavailable):
    """No answer in time: whether the work was done is unknown."""

    def __init__(self, dependency, detail, response=None):
        super().__init__(dependency, detail, response)
        self.code = 504


class NotSent(Exception):
    """The request never reached anybody: sending it again is safe whatever it is."""


def service(name):
    """The client of the service called `name`, one for the whole process."""
    with _creating:
        if name not in _clients:
            _clients[name] = Client(name)
        return _clients[name]


class Client:
    """Calls one service. Every method takes a path and:

    json, params, headers, data   as in requests
    timeout           seconds for one attempt (1.0); the caller's deadline may shorten it
    idempotency_key   makes a request that is not safe repeatable: it is sent as Idempotency-Key
    attempts          at most that many (3); 1 for never again

    Returns a requests.Response, of any status but 502, 503 and 504. Raises Unavailable for those,
    for nobody there, an open breaker or a full bulkhead; DeadlineExceeded for no answer in time.
    """

    def __init__(self, name):
        self.name = name
        self.addresses = discovery.addresses(name)
        self.breaker = CircuitBreaker(name, on_change=_tell)
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
        self, method, path, *, timeout=TIMEOUT, idempotency_key=None, attempts=ATTEMPTS,
        headers=None, **content,
    ):  # fmt: skip
        headers = {**(headers or {})}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = str(idempotency_key)
        again = repeatable(method, idempotency_key)
        self.budget.earn()
        tried = []
        while True:
            tried.append(self._next_instance(tried))
            try:
                return self._attempt(method, tried[-1], path, timeout, headers, content)
            except Unavailable as problem:
                if len(tried) == attempts or not self._may_retry(problem, again):
                    raise
            metrics.RETRIES.labels(self.name).inc()
            self._pause(len(tried) - 1)

    def _next_instance(self, tried):
        known = self.addresses.in_turn()
        if not known:
            raise Unavailable(self.name, f"Aucune instance de {self.name} n'est connue.")
        return next((url for url in known if url not in tried), known[0])

    def _may_retry(self, problem, again):
        if "Retry-After" in problem.headers or isinstance(problem.__cause__, CircuitOpen):
            return False
        if isinstance(problem.__cause__, NotSent):
            return True
        return again and deadline.remaining() != 0.0 and self.budget.spend()

    def _pause(self, number):
        lifecycle.stopping.wait(deadline.remaining(backoff(number)))

    def _attempt(self, method, url, path, timeout, headers, content):
        host, _, port = url.removeprefix("http://").partition(":")
        attributes = {
            "http.request.method": method,
            "peer.service": self.name,
            "server.address": host,
            "server.port": int(port or 80),
            "url.path": path,
        }
        started, outcome = time.perf_counter(), "error"
        try:
            with telemetry.span(f"{method} {self.name}", "client", attributes) as span:
                response = self._guarded(method, url, path, timeout, headers, content)
                outcome = str(response.status_code)
                span.set_attribute("http.response.status_code", response.status_code)
                self._raise_if_out_of_service(response)
                return response
        finally:
            elapsed = time.perf_counter() - started
            metrics.CALLS.labels(self.name, method, outcome).observe(elapsed)

    def _guarded(self, method, url, path, timeout, headers, content):
        send = lambda: self._send(method, url, path, timeout, headers, content)  # noqa: E731
        try:
            with self.bulkhead.place():
                return self.breaker.call(send, lambda response: response.status_code >= 500)
        except CircuitOpen as refusal:
            detail = f"{self.name} est en panne : appel suspendu."
            raise Unavailable(self.name, detail, retry_after=refusal.retry_after) from refusal
        except BulkheadFull as refusal:
            raise Unavailable(self.name, f"Trop d'appels à {self.name} en attente.") from refusal
        except requests.Timeout as error:
            if _never_sent(error):
                self.addresses.suspect(url)
            raise DeadlineExceeded(self.name, f"{self.name} n'a pas répondu à temps.") from error
        except requests.ConnectionError as error:
            self.addresses.suspect(url)
            cause = NotSent() if _never_sent(error) else error
            raise Unavailable(self.name, f"{self.name} ne répond pas.") from cause

    def _send(self, method, url, path, timeout, headers, content):
        left = deadline.remaining(timeout)
        if left <= 0:
            raise DeadlineExceeded(self.name, "Le délai de l'appelant est passé.")
        headers = telemetry.inject(
            {**headers, deadline.HEADER: str(int((time.time() + left) * 1000))}
        )
        return _session().request(
            method, url + path, timeout=left, headers=headers, allow_redirects=False, **content
        )

    def _raise_if_out_of_service(self, response):
        if response.status_code == 504:
            raise DeadlineExceeded(self.name, f"{self.name} n'a pas fini à temps.", response)
        if response.status_code in OUT_OF_SERVICE:
            seconds = response.headers.get("Retry-After", "")
            detail = f"{self.name} n'est pas disponible."
            raise Unavailable(
                self.name, detail, response, int(seconds) if seconds.isdigit() else None
            )


def _session():
    """This thread's own session: connections are kept alive and never shared."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False
        _local.session.mount("http://", HTTPAdapter(pool_connections=50, pool_maxsize=2))
    return _local.session


def _never_sent(error):
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _tell(name, state):
    metrics.BREAKERS.labels(name).set({CLOSED: 0, HALF_OPEN: 1, OPEN: 2}[state])
    output.event("breaker", dependency=name, state=state)


@problems.translates(requests.RequestException)
def _bad_answer(error):
    """A dependency that answers nonsense is a bad gateway, not our customer's mistake."""
    return Problem(502)
