"""Discovery: where the instances of a service are, and telling the registry where we are.

Client-side discovery and self registration (microservices.io). Addresses are cached for a second;
when the registry is silent, or has just been born and knows nobody, the last known ones serve on.
"""

import itertools
import logging
import socket
import threading
import time

import requests

from services.chassis import settings
from services.chassis.errors import attempt

CACHE_SECONDS = 1.0
GRACE_SECONDS = 30.0
SUSPECT_SECONDS = 3.0
HEARTBEAT_SECONDS = 1.0
TIMEOUT = 0.5
log = logging.getLogger(__name__)


class Addresses:
    """The known addresses of one service, in turn, those that just refused us last."""

    def __init__(self, service, fetch, clock=time.monotonic):
        self.service, self.fetch, self.clock = service, fetch, clock
        self.known, self.seen, self.fresh_until = [], 0.0, 0.0
        self._suspects = {}
        self._turn = itertools.count()
        self._fetching = threading.Lock()

    def in_turn(self):
        """The addresses to try, in order: each call starts at the next one (round robin)."""
        self._refresh()
        known = self.known
        if not known:
            return []
        first = next(self._turn) % len(known)
        turned = known[first:] + known[:first]
        return sorted(turned, key=lambda url: self._suspects.get(url, 0) > self.clock())

    def suspect(self, url):
        """Nobody answered at `url`: ask the others first, and the registry soon."""
        self._suspects[url] = self.clock() + SUSPECT_SECONDS
        self.fresh_until = 0.0

    def _refresh(self):
        # Only one thread asks; the others go on with what is known, if anything is.
        if self.clock() < self.fresh_until or not self._fetching.acquire(blocking=not self.known):
            return
        try:
            if self.clock() >= self.fresh_until:
                self._learn(*attempt(self.fetch, self.service))
        finally:
            self._fetching.release()

    def _learn(self, found, error):
        now = self.clock()
        self.fresh_until = now + CACHE_SECONDS
        if found:
            self.known, self.seen = found, now
        elif now - self.seen > GRACE_SECONDS and not error:
            self.known = []


_addresses = {}
_creating = threading.Lock()


def addresses(service):
    """The Addresses of `service`, one for the whole process."""
    with _creating:
        if service not in _addresses:
            _addresses[service] = Addresses(service, _ask)
        return _addresses[service]


def _ask(service):
    if not settings.registry_url():
        return settings.peers().get(service, [])
    response = requests.get(f"{settings.registry_url()}/instances/{service}", timeout=TIMEOUT)
    response.raise_for_status()
    return [item["url"] for item in response.json()["instances"]]


def keep_registered(host, port, lifecycle):
    """Send heartbeats while the service is ready; deregister when it no longer is, or stops."""
    if not settings.registry_url():
        return
    place = f"{settings.registry_url()}/instances/{settings.service_name()}/{settings.instance()}"
    address = {"url": f"http://{_reachable(host)}:{port}"}
    with requests.Session() as session:
        session.trust_env = False
        registered, pause = False, 0.0
        while not lifecycle.stopping.wait(pause):
            healthy = not lifecycle.reasons()
            if healthy:
                _, error = attempt(lambda: session.put(place, json=address, timeout=TIMEOUT))
            elif registered:
                _, error = attempt(lambda: session.delete(place, timeout=TIMEOUT))
            registered = healthy and not error
            pause = HEARTBEAT_SECONDS if registered else 0.2
        attempt(lambda: session.delete(place, timeout=TIMEOUT))


def _reachable(host):
    return socket.gethostname() if host == "0.0.0.0" else host
