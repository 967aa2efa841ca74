"""Load: closed loops on keep-alive connections, as light as Python allows.

Each thread has a socket, sends the same bytes, and waits for the answer before it sends again;
client and services share the machine, so what the client spends is taken from what it measures.
"""

from __future__ import annotations

import itertools
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SECONDS = 30.0


@dataclass(frozen=True)
class Figures:
    """Requests in all and a second; the median and 95th percentile of one, in seconds."""

    count: int
    rate: float
    p50: float
    p95: float


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""):
    """The bytes of an HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(
    port: int, requests: Callable[[], Iterator[bytes]] | bytes, seconds: float, connections: int
) -> Figures:
    """Ask 127.0.0.1:port for that long; RuntimeError at the first answer that is not 2xx."""
    source = requests if callable(requests) else lambda: itertools.repeat(requests)
    until = time.perf_counter() + seconds
    loops = [_Loop(port, source(), until) for _ in range(connections)]
    started = time.perf_counter()
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    elapsed = time.perf_counter() - started
    if refusals := [loop.refusal for loop in loops if loop.refusal]:
        raise RuntimeError(f"refused: {refusals[0]!r}")
    taken = [one for loop in loops for one in loop.taken]
    centiles = statistics.quantiles(taken, n=20)
    return Figures(len(taken), len(taken) / elapsed, statistics.median(taken), centiles[18])


class _Loop(threading.Thread):
    def __init__(self, port: int, requests: Iterator[bytes], until: float):
        super().__init__(daemon=True)
        self.requests, self.until = requests, until
        self.taken, self.refusal = [], b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self) -> None:
        with self.socket:
            for content in self.requests:
                asked = time.perf_counter()
                if asked > self.until:
                    return
                self.socket.sendall(content)
                answer = _receive(self.socket)
                self.taken.append(time.perf_counter() - asked)
                if answer[9:10] != b"2":
                    self.refusal = answer[:500]
                    return


def _receive(connection: socket.socket) -> bytes:
    """One whole answer; all of ours say their Content-Length."""
    received = connection.recv(65536)
    while received and (end := received.find(b"\r\n\r\n")) < 0:
        received += connection.recv(65536)
    at = received.lower().find(b"content-length:")
    length = int(received[at + 15 : received.find(b"\r", at)])
    while len(received) < end + 4 + length:
        received += connection.recv(65536)
    return received
