"""A scripted service: it answers each call as it was told to, and keeps what it saw.

    with Upstream() as upstream:
        url = upstream.plan([reply(503), cut(), reply(201, {"id": 1})])
        …
        upstream.arrivals(url)

It stands for the service that is called: real sockets, in the kernel's own process. A behaviour is
a function of the connection; the last of a plan answers every further call.
"""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from workbook.waiting import patient

GLANCE = 0.01  # seconds between two looks at whether the caller is still there


@dataclass
class Arrival:
    """One request: when it came, what it said, and when it was over, for the caller or for us."""

    at: float
    method: str
    headers: dict[str, str]
    body: bytes
    ended: float = float("inf")
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def lasted(self) -> float:
        """Seconds until its caller hung up or had its answer: soon seen, so waited for."""
        self.over.wait(patient(5))
        return self.ended - self.at

    @property
    def key(self) -> str | None:
        """Its Idempotency-Key."""
        return self.headers.get("idempotency-key")

    @property
    def json(self) -> Any:
        """Its body read as JSON, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


Behaviour = Callable[["_Handler"], None]


@dataclass
class _Plan:
    behaviours: list[Behaviour]
    arrivals: list[Arrival] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_for(self, arrival: Arrival) -> Behaviour:
        with self.lock:
            self.arrivals.append(arrival)
            return self.behaviours[min(len(self.arrivals), len(self.behaviours)) - 1]


class Upstream:
    """A server on a free port of this machine, from `with` to its end."""

    def __init__(self) -> None:
        self._plans: dict[str, _Plan] = {}
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        # Bound and not listening: whoever calls there is refused, and nobody else gets the port.
        self._deaf = socket.socket()
        self._deaf.bind(("127.0.0.1", 0))

    def __enter__(self) -> Upstream:
        threading.Thread(target=self._server.serve_forever, args=(GLANCE,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._deaf.close()

    @property
    def refused(self) -> str:
        """A URL at which nobody listens."""
        return f"http://127.0.0.1:{self._deaf.getsockname()[1]}/"

    def plan(self, behaviours: Iterable[Behaviour], prefix: str = "") -> str:
        """A new URL, which will answer by these behaviours in turn."""
        path = f"{prefix}/{uuid.uuid4().hex[:8]}"
        self._plans[path] = _Plan(list(behaviours))
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def arrivals(self, url: str) -> list[Arrival]:
        """The requests that came to that URL, oldest first."""
        plan = self._plans[urlsplit(url).path]
        with plan.lock:
            return list(plan.arrivals)

    def planned(self, path: str) -> _Plan | None:
        """The plan of a request's path."""
        return self._plans.get(urlsplit(path).path)


# -- behaviours ------------------------------------------------------------------------------------


def reply(status: int, body: object = None, headers: dict[str, str] | None = None) -> Behaviour:
    """Answer at once: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "text/html" if isinstance(body, bytes) else "application/json"

    def answer(handler: _Handler) -> None:
        handler.say(status, content, {"Content-Type": kind, **(headers or {})})

    return answer


def cut(sent: bytes = b"") -> Behaviour:
    """Do the work, then hang up: without a word, or in the middle of one."""

    def break_off(handler: _Handler) -> None:
        if sent:
            handler.announce(200, {"Content-Length": str(len(sent) + 100)})
            handler.wfile.write(sent)

    return break_off


def hang(seconds: float = 30.0, then: Behaviour | None = None) -> Behaviour:
    """Say nothing until the caller hangs up, or for `seconds`; then answer, if still asked to."""

    def wait(handler: _Handler) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not handler.upstream.closing.wait(GLANCE):
            if handler.caller_has_left():
                return
        if then is not None:
            then(handler)

    return wait


def drip(body: object, every: float, pieces: int) -> Behaviour:
    """Answer well, but one piece every so many seconds."""
    content = json.dumps(body).encode()
    size = -(-len(content) // pieces)
    content = content.ljust(size * pieces)

    def answer(handler: _Handler) -> None:
        handler.announce(200, {"Content-Length": str(len(content))})
        for start in range(0, len(content), size):
            if handler.upstream.closing.wait(every) or handler.caller_has_left():
                return
            handler.wfile.write(content[start : start + size])

    return answer


# -- measuring beside others -----------------------------------------------------------------------


def at_best(measure: Callable[[], float], enough: float, rounds: int = 3) -> float:
    """The least of up to `rounds` measures, the first that is under `enough` ending them.

    A busy machine only ever adds to a wait: who waits too long does so each time.
    """
    least = float("inf")
    for _ in range(rounds):
        least = min(least, measure())
        if least < enough:
            break
    return least


def together(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each of these calls, made at one moment in threads, returned; raises what one raised."""
    outcomes: list[Future] = []
    for call in calls:
        outcomes.append(future := Future())
        threading.Thread(target=_fill, args=(future, call), daemon=True).start()
    return [future.result() for future in outcomes]


def _fill(future: Future, call: Callable[[], Any]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)


# -- the server ------------------------------------------------------------------------------------


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A caller that hangs up is what these experiments are about."""


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, upstream: Upstream, *arguments: Any) -> None:
        self.upstream = upstream
        super().__init__(*arguments)

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        arrival = Arrival(time.monotonic(), self.command, headers, body)
        plan = self.upstream.planned(self.path)
        if plan is None:
            self.say(404, b"{}", {"Content-Type": "application/json"})
            return
        try:
            plan.next_for(arrival)(self)
        finally:
            arrival.ended = time.monotonic()
            arrival.over.set()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

    def say(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.announce(status, {**headers, "Content-Length": str(len(content))})
        self.wfile.write(content)

    def announce(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def caller_has_left(self) -> bool:
        self.connection.setblocking(False)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.setblocking(True)

    def log_message(self, *_: object) -> None:
        """The learner's cell shows what is measured, not each request."""
