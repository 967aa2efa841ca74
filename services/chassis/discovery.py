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
UNREGISTERED, REPLACED = 404, 409
NO_ANSWER = (urllib3.exceptions.HTTPError, OSError, LookupError, TypeError, ValueError)
log = logging.getLogger(__name__)
# Two, since one may fail while the other succeeds: each would announce the end of the other's.
lookups = Outage("Le registre (adresses)", log)
registrations = Outage("Le registre (inscription)", log)


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
    registration, pause = Registration(f"http://{_reachable(host)}:{port}"), 0.0
    while not lifecycle.draining.wait(pause):
        keep = registration.withdraw if lifecycle.reasons() else registration.renew
        pause = HEARTBEAT_SECONDS if keep() else RETRY_SECONDS
    registration.withdraw()


class Registration:
    """This instance's entry in the registry, which only the lease it was given may change.

    Whoever registers under the same name replaces it: its heartbeats are refused from then on, and
    it registers again only when nobody has the name any more.
    """

    def __init__(self, url):
        self.url, self.lease, self.replaced = url, None, False
        names = settings.service_name(), settings.instance()
        self.place = f"{settings.registry_url()}/instances/{'/'.join(names)}"

    def renew(self):
        """Register, or send a heartbeat; whether that was all for now."""
        with suppress(RegistryUnavailable), _reported(registrations):
            status = self._put()
            if status == UNREGISTERED:
                self.lease = None
                status = self._put()
            self._note(status == REPLACED)
            return True
        return False

    def withdraw(self):
        """Leave, if registered. False: whether to register again is asked soon."""
        if self.lease is not None:
            with suppress(RegistryUnavailable), _reported(registrations):
                _request("DELETE", f"{self.place}?lease={self.lease}", refusals={REPLACED})
                self.lease = None
        return False

    def _put(self):
        entry = {"url": self.url} | ({"lease": self.lease} if self.lease else {})
        refusals = {UNREGISTERED, REPLACED} if self.lease else ()
        response = _request("PUT", self.place, entry, refusals)
        if response.status < 300:
            self.lease = response.json()["lease"]
        return response.status

    def _note(self, replaced):
        if replaced and not self.replaced:
            log.warning("Un autre processus s’est inscrit sous le nom %s.", settings.instance())
        self.replaced = replaced


@contextmanager
def _reported(outage):
    """A block that asks the registry: a failure raises RegistryUnavailable and begins `outage`."""
    try:
        yield
    except NO_ANSWER as error:
        outage.begins(repr(error))
        raise RegistryUnavailable from error
    outage.ends()


def _request(method, url, json=None, refusals=()):
    """One request to the registry; OSError unless it answers 2xx, or one of these statuses."""
    with _of_its_own(method, url) as span:
        headers = telemetry.inject(credential.shown_to("registry"))
        response = _connections().request(
            method, url, json=json, headers=headers, timeout=TIMEOUT, retries=False
        )
        span.set_attribute("http.response.status_code", response.status)
    if response.status >= 300 and response.status not in refusals:
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
