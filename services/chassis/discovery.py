"""Discovery: where the instances of a service are, and telling the registry where we are.

Client-side discovery and self registration (microservices.io). Addresses are cached for a second;
when the registry is silent, or has just been born and knows nobody, the last known ones serve on.
"""

import functools
import itertools
import logging
import socket
import threading
import time

import urllib3

from services.chassis import settings
from services.chassis.errors import attempt

CACHE_SECONDS = 1.0
GRACE_SECONDS = 30.0
SUSPECT_SECONDS = 3.0
HEARTBEAT_SECONDS = 1.0
RETRY_SECONDS = 0.2
TIMEOUT = urllib3.Timeout(0.5)
log = logging.getLogger(__name__)


class Addresses:
    """The known addresses of one service, in turn, those that just failed us last."""

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
                self._learn(*attempt(self.fetch, self.service))
        finally:
            self._fetching.release()

    def _learn(self, found, error):
        now = self.clock()
        if found:
            self._known, self._known_at = found, now
        elif not error and now - self._known_at > GRACE_SECONDS:
            self._known = []
        # Nobody yet is asked about again at the next call: services start together.
        self._fresh_until = now + CACHE_SECONDS if self._known else now


_addresses = {}
_creating = threading.Lock()


def addresses(service):
    """The Addresses of `service`, one for the whole process."""
    with _creating:
        if service not in _addresses:
            _addresses[service] = Addresses(service, ask)
        return _addresses[service]


def ask(service):
    """The addresses the registry gives, or PEERS where there is none."""
    if not settings.registry_url():
        return settings.peers().get(service, [])
    response = _exchange("GET", f"{settings.registry_url()}/instances/{service}")
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
            _, error = attempt(_exchange, "PUT", place, address)
            registered = not error
        elif registered:
            _, error = attempt(_exchange, "DELETE", place)
            registered = bool(error)
        pause = HEARTBEAT_SECONDS if registered else RETRY_SECONDS
    attempt(_exchange, "DELETE", place)


def _exchange(method, url, json=None):
    """One exchange with the registry; an error unless it answers 2xx."""
    response = _connections().request(method, url, json=json, timeout=TIMEOUT, retries=False)
    if response.status >= 300:
        raise OSError(f"the registry answered {response.status}")
    return response


@functools.cache
def _connections():
    return urllib3.PoolManager()


def _reachable(host):
    return socket.gethostname() if host == "0.0.0.0" else host
