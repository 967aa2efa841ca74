"""Discovery: the addresses of a service's instances, and the registration of this instance.

Client-side discovery and self registration (microservices.io). Addresses are cached for a second;
while the registry does not answer, or has just restarted and knows nobody, the last known serve.
"""

import functools
import itertools
import logging
import socket
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import urllib3

from services.chassis import credential, settings, telemetry
from services.chassis.outage import Outage

CACHE_SECONDS = 1.0
GRACE_SECONDS = 30.0
SUSPECT_SECONDS = 3.0
HEARTBEAT_SECONDS = 1.0
RETRY_SECONDS = 0.2
TIMEOUT = urllib3.Timeout(0.5)
NO_ANSWER = (urllib3.exceptions.HTTPError, OSError, LookupError, TypeError, ValueError)
# Two, since one may fail while the other succeeds: each would announce the end of the other's.
lookups = Outage("Le registre (adresses)", logging.getLogger(__name__))
registrations = Outage("Le registre (inscription)", logging.getLogger(__name__))


class RegistryUnavailable(Exception):
    """The registry could not be reached, refused, or answered something else than addresses."""


class Addresses:
    """The known addresses of one service, in turn; those that just failed come last.

    `fetch(service)` asks the registry for them, and may raise RegistryUnavailable.
    """

    def __init__(self, service, fetch, clock=time.monotonic):
        self.service, self.fetch, self.clock = service, fetch, clock
        self._known, self._known_at, self._fresh_until = [], float("-inf"), float("-inf")
        self._suspects = {}
        self._turn = itertools.count()
        self._fetching = threading.Lock()

    def in_turn(self):
        """The addresses to try, in order; each call starts one further (round robin)."""
        self._refresh()
        known = self._known
        first = next(self._turn) % max(1, len(known))
        in_turn = known[first:] + known[:first]
        return sorted(in_turn, key=lambda url: self._suspects.get(url, 0) > self.clock())

    def suspect(self, url):
        """Nobody answered at `url`: try the others first, and ask the registry again."""
        self._suspects[url] = self.clock() + SUSPECT_SECONDS
        self._fresh_until = float("-inf")

    def _refresh(self):
        # One thread asks; the others go on with what is known, unless that is nothing.
        if self.clock() < self._fresh_until or not self._fetching.acquire(not self._known):
            return
        try:
            if self.clock() >= self._fresh_until:
                self._fetch()
        finally:
            self._fetching.release()

    def _fetch(self):
        with suppress(RegistryUnavailable):
            found = self.fetch(self.service)
            if found:
                self._known, self._known_at = found, self.clock()
            elif self.clock() - self._known_at > GRACE_SECONDS:
                self._known = []
        # While nobody is known the next call asks again: services start together.
        self._fresh_until = self.clock() + (CACHE_SECONDS if self._known else 0)


_addresses = {}
_creating = threading.Lock()


def addresses(service):
    """The Addresses of `service`, one for the whole process."""
    with _creating:
        if service not in _addresses:
            _addresses[service] = Addresses(service, ask)
        return _addresses[service]


def ask(service):
    """The addresses the registry gives, or PEERS where there is no registry."""
    if not settings.registry_url():
        return settings.peers().get(service, [])
    with _reported(lookups):
        response = _request("GET", f"{settings.registry_url()}/instances/{service}")
        return [entry["url"] for entry in response.json()["instances"]]


def keep_registered(host, port, lifecycle):
    """Send heartbeats while the service is ready; deregister when it no longer is, or stops."""
    if not settings.registry_url():
        return
    place = f"{settings.registry_url()}/instances/{settings.service_name()}/{settings.instance()}"
    address = {"url": f"http://{_reachable(host)}:{port}"}
    registered, pause = False, 0.0
    while not lifecycle.draining.wait(pause):
        if not lifecycle.reasons():
            registered = _accepted("PUT", place, address)
        elif registered:
            registered = not _accepted("DELETE", place)
        pause = HEARTBEAT_SECONDS if registered else RETRY_SECONDS
    _accepted("DELETE", place)


def _accepted(method, place, address=None):
    """Whether the registry has taken note."""
    with suppress(RegistryUnavailable), _reported(registrations):
        _request(method, place, address)
        return True
    return False


@contextmanager
def _reported(outage):
    """A block that asks the registry: a failure raises RegistryUnavailable and begins `outage`."""
    try:
        yield
    except NO_ANSWER as error:
        outage.begins(repr(error))
        raise RegistryUnavailable from error
    outage.ends()


def _request(method, url, json=None):
    """One request to the registry; OSError unless it answers 2xx."""
    with _of_its_own(method, url) as span:
        headers = telemetry.inject(credential.shown_to("registry"))
        response = _connections().request(
            method, url, json=json, headers=headers, timeout=TIMEOUT, retries=False
        )
        span.set_attribute("http.response.status_code", response.status)
    if response.status >= 300:
        raise OSError(f"the registry answered {response.status}")
    return response


@contextmanager
def _of_its_own(method, url):
    """A client span in a trace of its own: what is cached belongs to no request."""
    known = {"http.request.method": method, "peer.service": "registry"}
    attributes = {**known, "url.path": urlsplit(url).path}
    with (
        telemetry.correlated(),
        telemetry.span(f"{method} registry", "client", attributes, headers={}) as span,
    ):
        yield span


@functools.cache
def _connections():
    return urllib3.PoolManager()


def _reachable(host):
    return socket.gethostname() if host == "0.0.0.0" else host
