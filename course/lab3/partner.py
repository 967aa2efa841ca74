"""A Products that does as it is told, one behaviour a SKU, and keeps what it was asked.

    with Products() as products:
        sku = products.plan(product(990), product(1490))
        …
        products.asked(sku)

Real sockets, in the kernel's own process. A behaviour is a function of the connection and the SKU;
the last of a plan answers every further reading.
"""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

GLANCE = 0.01  # seconds between two looks at whether the caller is still there

Behaviour = Callable[["_Handler", str], None]


@dataclass
class _Plan:
    behaviours: tuple[Behaviour, ...]
    asked: list[dict[str, str]] = field(default_factory=list)


class Products:
    """A server on a free port of this machine, from `with` to its end."""

    def __init__(self) -> None:
        self.closing = threading.Event()
        self.strange: list[str] = []
        self._plans: dict[str, _Plan] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        # Bound and not listening: whoever calls there is refused, and nobody else gets the port.
        self._deaf = socket.socket()
        self._deaf.bind(("127.0.0.1", 0))

    def __enter__(self) -> Products:
        threading.Thread(target=self._server.serve_forever, args=(GLANCE,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._deaf.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def refused(self) -> str:
        """A URL at which nobody listens."""
        return f"http://127.0.0.1:{self._deaf.getsockname()[1]}"

    def plan(self, *behaviours: Behaviour) -> str:
        """A new SKU, whose readings will be answered by these behaviours in turn."""
        sku = f"ESSAI-{uuid.uuid4().hex[:8].upper()}"
        self._plans[sku] = _Plan(behaviours)
        return sku

    def asked(self, sku: str) -> list[dict[str, str]]:
        """The headers of each reading of that SKU so far, oldest first, names in lower case."""
        with self._lock:
            return list(self._plans[sku].asked)

    def behaviour(self, request: str, headers: dict[str, str]) -> tuple[Behaviour, str]:
        """What to do with a request, `GET /products/LAMP`, and the SKU that it names."""
        method, _, path = request.partition(" ")
        parts = urlsplit(path).path.split("/")
        sku = unquote(parts[2]) if parts[:2] == ["", "products"] and len(parts) == 3 else ""
        with self._lock:
            plan = self._plans.get(sku)
            if plan is None or method != "GET":
                self.strange.append(request)
                return reply(404, {"detail": "Not Found"}), sku
            plan.asked.append(headers)
            return plan.behaviours[min(len(plan.asked), len(plan.behaviours)) - 1], sku


# -- behaviours ------------------------------------------------------------------------------------


def reply(status: int, body: object = None) -> Behaviour:
    """Answer at once: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "text/html" if isinstance(body, bytes) else "application/json"
    return lambda handler, _: handler.say(status, content, kind)


def product(price_cents: object, **changes: object) -> Behaviour:
    """200 and the product, at that price; `changes` spoil it."""

    def answer(handler: _Handler, sku: str) -> None:
        body = {"sku": sku, "name": "Article d’essai", "price_cents": price_cents, **changes}
        handler.say(200, json.dumps(body).encode())

    return answer


def cut(sent: bytes = b"") -> Behaviour:
    """Hang up: without a word, or in the middle of one."""

    def break_off(handler: _Handler, _: str) -> None:
        if sent:
            handler.announce(200, len(sent) + 100, "application/json")
            handler.wfile.write(sent)

    return break_off


def after(seconds: float, then: Behaviour) -> Behaviour:
    """Say nothing for so long, then do the other thing, if the caller is still there."""

    def wait(handler: _Handler, sku: str) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not handler.products.closing.wait(GLANCE):
            if handler.caller_has_left():
                return
        then(handler, sku)

    return wait


# -- the server ------------------------------------------------------------------------------------


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A caller that hangs up is what these checks are about."""


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, products: Products, *arguments: Any) -> None:
        self.products = products
        super().__init__(*arguments)

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        behaviour, sku = self.products.behaviour(f"{self.command} {self.path}", headers)
        behaviour(self, sku)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

    def say(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.announce(status, len(content), kind)
        self.wfile.write(content)

    def announce(self, status: int, length: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
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
        """The learner's cell shows what is judged, not each request."""
