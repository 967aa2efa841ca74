"""Ports for the tests' servers: below those lent to clients, and never the same for two workers.

Whoever is killed and started again must find its own free: neither a client's connection nor
another worker's server may have taken it meanwhile.
"""

import contextlib
import os
import random
import socket

FIRST, LAST = 10_000, 20_000
SHARE = 500  # of a worker of pytest-xdist
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
_START = FIRST + int(WORKER) * SHARE % (LAST - FIRST)
_left = random.sample(range(_START, _START + SHARE), SHARE)


def free_port():
    """A port that nobody holds and that this process has not given yet, until all were given."""
    while _left:
        port = _left.pop()
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    _left.extend(random.sample(range(_START, _START + SHARE), SHARE))
    return free_port()
