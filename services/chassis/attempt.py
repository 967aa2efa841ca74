"""One attempt of a call, guarded by deadline, bulkhead, breaker and timeout, under a client span.

What went wrong is an Unavailable, which says whether another attempt may be made.
"""

import math
import re
import time

from services.chassis import credential, deadline, metrics, telemetry, transport
from services.chassis.breaker import CircuitOpen
from services.chassis.bulkhead import BulkheadFull
from services.chassis.problems import Problem

NEVER, IF_REPEATABLE, ALWAYS = range(3)
CONNECTION_LOST = (transport.NotSent, transport.Lost)
HURRIED = 0.5


class Unavailable(Problem):
    """The dependency did not do it. `upstream` is its own answer, if it gave one.

    `again` says whether another attempt may be made. Uncaught, it becomes a 503 with Retry-After,
    which our caller does not retry: only the layer next to the failure does, or each layer would
    multiply the calls.
    """

    status = 503

    def __init__(self, dependency, detail, *, again=NEVER, upstream=None, retry_after=1):
        headers = {"Retry-After": str(max(1, math.ceil(retry_after)))}
        super().__init__(self.status, detail, headers, dependency=dependency)
        self.dependency, self.again, self.upstream = dependency, again, upstream


class DeadlineExceeded(Unavailable):
    """No answer in time: whether the work was done is unknown."""

    status = 504


class Attempt:
    """One attempt at one address; `url` is None when no instance is known."""

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
                    lambda response, error: _is_failure(
                        response, error, has_an_alternative, seconds < HURRIED * self.timeout
                    ),
                    # An order may take seconds; that must not cut us off from all orders.
                    slow_seconds=max(self.client.breaker.slow_seconds, 0.75 * self.timeout),
                )
        except CircuitOpen as refusal:
            detail = f"{self.name} est en panne : appel suspendu."
            raise Unavailable(self.name, detail, retry_after=refusal.retry_after) from refusal
        except BulkheadFull as refusal:
            raise Unavailable(self.name, f"Trop d’appels à {self.name} en attente.") from refusal

    def _send(self, seconds):
        until = str(int((time.time() + seconds) * 1000))
        ours = {deadline.HEADER: until, **credential.shown_to(self.name)}
        headers = telemetry.inject({**self.headers, **ours})
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
            seconds = int(wait) if wait and re.fullmatch("[0-9]{1,9}", wait) else 1
            detail = f"{self.name} n’est pas disponible."
            raise Unavailable(
                self.name, detail, again=again, upstream=response, retry_after=seconds
            )


def _is_failure(response, error, has_an_alternative, in_a_hurry):
    """Whether a call counts against the dependency: no 4xx does, nor one dead instance of many.

    None, it says nothing: it was late for a caller who left it less than half of its time.
    """
    if in_a_hurry and _is_late(response, error):
        return None
    if error is None:
        ill = response.status_code >= 500 and response.status_code != 501
        return ill and not _speaks_of_another(response)
    instance_is_gone = isinstance(error.__cause__, CONNECTION_LOST)
    return not (instance_is_gone and has_an_alternative)


def _is_late(response, error):
    return isinstance(error.__cause__, transport.TimedOut) if error else response.status_code == 504


def _speaks_of_another(response):
    """Whether it answers that a dependency of its own is out (Unavailable): itself, it is well.

    Were it counted, the outage of a service would open the circuits to all those that need it, and
    what they can do without it would be refused too.
    """
    try:
        return "dependency" in response.json()
    except (ValueError, TypeError):
        return False
