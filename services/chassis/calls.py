"""Calls to other services, with every precaution of "Release It!" in one place.

    response = service("inventory").put(f"/reservations/{order_id}", json=…, idempotency_key=…)

Each attempt has an instance, a place in the bulkhead, a breaker that lets it through, a timeout
and a client span. Then, if the request may be repeated and the budget allows it, the next one.
"""

import math
import threading
import time

import requests

from services.chassis import deadline, discovery, metrics, output, settings, telemetry, transport
from services.chassis.breaker import CLOSED, HALF_OPEN, OPEN, CircuitBreaker, CircuitOpen
from services.chassis.bulkhead import Bulkhead, BulkheadFull
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem, translates
from services.chassis.retry import RetryBudget, backoff, repeatable

ATTEMPTS = 3
TIMEOUT = 1.0
NEVER, IF_REPEATABLE, ALWAYS = range(3)
CONNECTION_LOST = (transport.NotSent, transport.Lost)
_clients = {}
_creating = threading.Lock()


class Unavailable(Problem):
    """The dependency could not do it. `upstream` is its own answer, if it gave one.

    Uncaught, it becomes a 503 with Retry-After, which tells our caller not to insist: only the
    layer next to the failure retries, or each layer would multiply the calls.
    """

    status = 503

    def __init__(self, dependency, detail, *, again=NEVER, upstream=None, retry_after=1):
        headers = {"Retry-After": str(max(1, math.ceil(retry_after)))}
        super().__init__(self.status, detail, headers, dependency=dependency)
        self.dependency, self.again, self.upstream = dependency, again, upstream


class DeadlineExceeded(Unavailable):
    """No answer in time: whether the work was done is unknown."""

    status = 504


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
        self.breaker = CircuitBreaker(name, open_seconds=open_seconds, on_change=_tell)
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


class Attempt:
    """One try at one address; `url` is None when nobody is known."""

    def __init__(self, client, method, url, path, timeout, headers, content):
        self.client, self.name = client, client.name
        self.method, self.url, self.path = method, url, path
        self.timeout, self.headers, self.content = timeout, headers, content

    def make(self, has_an_alternative):
        started, outcome = time.perf_counter(), "error"
        with telemetry.span(f"{self.method} {self.name}", "client", self._attributes()) as span:
            try:
                response = self._pass_the_guards(has_an_alternative)
                outcome = str(response.status_code)
                span.set_attribute("http.response.status_code", response.status_code)
                self._raise_if_out_of_service(response)
                if response.status_code >= 500:
                    telemetry.record_error(span, outcome)
                return response
            finally:
                elapsed = time.perf_counter() - started
                metrics.CALLS.labels(self.name, self.method, outcome).observe(elapsed)

    def _attributes(self):
        known = {"http.request.method": self.method, "peer.service": self.name}
        return {**known, "url.path": self.path, **transport.server_of(self.url)}

    def _pass_the_guards(self, has_an_alternative):
        if self.url is None:
            raise Unavailable(self.name, f"Aucune instance de {self.name} n’est connue.")
        seconds = deadline.remaining(self.timeout)
        if seconds == 0.0:
            raise DeadlineExceeded(self.name, "Le délai de l’appelant est passé.")
        try:
            with self.client.bulkhead.place():
                return self.client.breaker.call(
                    lambda: self._send(seconds),
                    lambda response, error: _is_failure(response, error, has_an_alternative),
                    # An order may take seconds; that must not cut us off from all orders.
                    slow_seconds=max(self.client.breaker.slow_seconds, 0.75 * self.timeout),
                )
        except CircuitOpen as refusal:
            detail = f"{self.name} est en panne\N{NO-BREAK SPACE}: appel suspendu."
            raise Unavailable(self.name, detail, retry_after=refusal.retry_after) from refusal
        except BulkheadFull as refusal:
            raise Unavailable(self.name, f"Trop d’appels à {self.name} en attente.") from refusal

    def _send(self, seconds):
        until = str(int((time.time() + seconds) * 1000))
        headers = telemetry.inject({**self.headers, deadline.HEADER: until})
        try:
            return transport.send(
                self.method, self.url + self.path, headers, seconds, **self.content
            )
        except CONNECTION_LOST as error:
            self.client.addresses.suspect(self.url)
            again = ALWAYS if isinstance(error, transport.NotSent) else IF_REPEATABLE
            detail = f"{self.name} ne répond pas."
            raise Unavailable(self.name, detail, again=again) from error
        except transport.TimedOut as error:
            detail = f"{self.name} n’a pas répondu à temps."
            raise DeadlineExceeded(self.name, detail, again=IF_REPEATABLE) from error

    def _raise_if_out_of_service(self, response):
        if response.status_code == 504:
            detail = f"{self.name} n’a pas fini à temps."
            raise DeadlineExceeded(self.name, detail, upstream=response)
        if response.status_code in (502, 503):
            wait = response.headers.get("Retry-After")
            again = NEVER if wait else IF_REPEATABLE
            seconds = int(wait) if wait and wait.isdigit() else 1
            detail = f"{self.name} n’est pas disponible."
            raise Unavailable(
                self.name, detail, again=again, upstream=response, retry_after=seconds
            )


def _is_failure(response, error, has_an_alternative):
    """Whether a call counts against the dependency: no 4xx does, nor one dead instance of many."""
    if error is None:
        return response.status_code >= 500 and response.status_code != 501
    instance_is_gone = isinstance(error.__cause__, CONNECTION_LOST)
    return not (instance_is_gone and has_an_alternative)


def _tell(name, state):
    metrics.BREAKERS.labels(name).set({CLOSED: 0, HALF_OPEN: 1, OPEN: 2}[state])
    output.event("breaker", dependency=name, state=state)


@translates(requests.RequestException)
def _bad_answer(error):
    """A dependency that answers nonsense makes us a bad gateway; our customer did nothing wrong."""
    return Problem(502)
