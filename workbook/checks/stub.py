"""A stub server (Meszaros, "Test Stub"): HTTP answers as an exercise wants them, on a port of ours.

    class Catalogue(StubServer):
        def behaviour(self, request: Request) -> Behaviour:
            return reply(200, {"sku": "LAMP"}) if request.path == "/LAMP" else cut()

    with Catalogue() as catalogue:
        …an answer calls catalogue.url, or catalogue.refused…

Real sockets, in the kernel's own process: only so can it stay silent for as long as we like, and
know who waits. Several behaviours in turn, and what they were asked, are a `Script`. The end of the
block waits for nobody: callers that are still there are let go.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

from workbook.waiting import patient

HERE = "127.0.0.1"
GLANCE = 0.01  # seconds between two looks at whether the caller is still there
JSON, HTML = "application/json", "text/html"


@dataclass
class Request:
    """One request: when it came, what it said, and when it was over, for the caller or for us.

    Times are of `time.monotonic()`; the names of headers are in lower case.
    """

    at: float
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    ended: float = float("inf")
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def path(self) -> str:
        """Its target without the query."""
        return urlsplit(self.target).path

    @property
    def json(self) -> Any:
        """Its body read as JSON, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def lasted(self) -> float:
        """Seconds until its caller hung up or had its answer: soon seen, so waited for."""
        self.over.wait(patient(5))
        return self.ended - self.at


class StubServer:
    """Answers on one port of this machine, from `with` to its end; subclasses say `behaviour`.

    While it is dead its port is held by a socket that does not listen: callers are refused, and
    nobody else gets the port.
    """

    def __init__(self, alive: bool = True) -> None:
        self._begins_alive = alive
        self._held = _bound(0)
        self._port = self._held.getsockname()[1]
        self._deaf = _bound(0)
        self._server: _Server | None = None

    def behaviour(self, request: Request) -> Behaviour:
        """How to answer this request; called in a thread of the request's own."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        if self._begins_alive:
            self.live()
        return self

    def __exit__(self, *_: object) -> None:
        self.die()
        self._held.close()
        self._deaf.close()

    @property
    def url(self) -> str:
        """Where it is, dead or alive."""
        return f"http://{HERE}:{self._port}"

    @property
    def refused(self) -> str:
        """A URL at which nobody listens."""
        return f"http://{HERE}:{self._deaf.getsockname()[1]}"

    def live(self) -> None:
        """Take calls, if it does not yet."""
        if self._server is None:
            self._server = _Server(self._held, self.behaviour)
            threading.Thread(target=self._server.serve_forever, args=(GLANCE,), daemon=True).start()

    def die(self) -> None:
        """Refuse every connection, and let go those that are there."""
        if self._server is not None:
            self._server.stop()
            self._server, self._held = None, _bound(self._port)


def _bound(port: int) -> socket.socket:
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((HERE, port))
    return held


# -- behaviours ------------------------------------------------------------------------------------


class Connection(BaseHTTPRequestHandler):
    """What a behaviour holds in its hand: one request, and the socket on which it came."""

    asked: Request

    def __init__(self, closing: threading.Event, decide: Decision, *arguments: Any) -> None:
        self._closing, self._decide = closing, decide
        super().__init__(*arguments)

    def say(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer; it is JSON unless the headers say otherwise."""
        self.announce(status, len(content), headers)
        self.wfile.write(content)

    def announce(self, status: int, length: int, headers: dict[str, str] | None = None) -> None:
        """Send the head of an answer whose body will have so many bytes."""
        self.send_response(status)
        for name, value in {"Content-Type": JSON, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def wait(self, seconds: float, released: threading.Event | None = None) -> bool:
        """Stay silent for so long, or until `released`; whether there is still somebody to answer.

        False as soon as the caller hangs up, or the server stops.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not (released and released.is_set()):
            if self._closing.wait(min(GLANCE, seconds)) or self._caller_has_left():
                return False
        return True

    def _caller_has_left(self) -> bool:
        self.connection.setblocking(False)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.setblocking(True)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Request(time.monotonic(), self.command, self.path, headers, body)
        try:
            self._decide(self.asked)(self)
        finally:
            self.asked.ended = time.monotonic()
            self.asked.over.set()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _answer

    def log_message(self, *_: object) -> None:
        """The learner's cell shows what is judged or measured, not each request."""


Behaviour = Callable[[Connection], None]
Decision = Callable[[Request], Behaviour]


def reply(status: int, body: object = None, headers: dict[str, str] | None = None) -> Behaviour:
    """Answer at once: bytes as they are, under the name of HTML; anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = HTML if isinstance(body, bytes) else JSON
    return lambda to: to.say(status, content, {"Content-Type": kind, **(headers or {})})


def cut(sent: bytes = b"") -> Behaviour:
    """Hang up, whatever work was done: without a word, or in the middle of one."""

    def break_off(to: Connection) -> None:
        if sent:
            to.announce(200, len(sent) + 100)
            to.wfile.write(sent)

    return break_off


def after(seconds: float, then: Behaviour) -> Behaviour:
    """Say nothing for so long, then do the other thing, if the caller is still there."""

    def wait(to: Connection) -> None:
        if to.wait(seconds):
            then(to)

    return wait


def hang(seconds: float = 30.0, released: threading.Event | None = None) -> Behaviour:
    """Say nothing until the caller hangs up, for `seconds` or until `released`; then hang up."""

    def wait(to: Connection) -> None:
        to.wait(seconds, released)

    return wait


def drip(body: object, every: float, pieces: int) -> Behaviour:
    """Answer well, but one piece every so many seconds."""
    content = json.dumps(body).encode()
    size = -(-len(content) // pieces)
    content = content.ljust(size * pieces)

    def answer(to: Connection) -> None:
        to.announce(200, len(content))
        for start in range(0, len(content), size):
            if not to.wait(every):
                return
            to.wfile.write(content[start : start + size])

    return answer


class Script:
    """A behaviour made of others in turn, the last for ever, which keeps what it was asked."""

    def __init__(self, behaviours: Iterable[Behaviour]) -> None:
        self._behaviours = tuple(behaviours)
        self._requests: list[Request] = []
        self._lock = threading.Lock()

    def __call__(self, to: Connection) -> None:
        with self._lock:
            self._requests.append(to.asked)
            behaviour = self._behaviours[min(len(self._requests), len(self._behaviours)) - 1]
        behaviour(to)

    @property
    def requests(self) -> list[Request]:
        """Those so far, oldest first."""
        with self._lock:
            return list(self._requests)


class _Server(ThreadingHTTPServer):
    """Serves on a socket that is already bound."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, bound: socket.socket, decide: Decision) -> None:
        self._closing = threading.Event()
        handler = partial(Connection, self._closing, decide)
        super().__init__(bound.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = bound
        self.server_activate()

    def stop(self) -> None:
        self._closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *client: Any) -> None:
        """Report a fault of ours; that a caller hangs up is what stubs are there for."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*client)
