"""A partner who does not answer: an HTTP server in this process, which keeps its callers waiting.

    with Partner() as partner:
        …a service calls partner.url("bloc")…
        partner.waiting("bloc")      how many of these calls wait at this moment
        partner.release()            all are answered, and those to come at once

Only this process can hold its answers back for as long as it likes, and knows who waits.
"""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Partner:
    """Answers nobody until `release()`; `status` is then the status of its answers."""

    def __init__(self) -> None:
        self.status = 200
        self.most: Counter[str] = Counter()  # of calls at once, by name
        self._waiting: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._open = False
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Partner:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, name: str = "") -> str:
        """Where those who call in the name of `name` do it."""
        return f"http://127.0.0.1:{self._server.server_port}/{name}"

    def waiting(self, name: str = "") -> int:
        """How many calls in that name wait for an answer."""
        with self._changed:
            return self._waiting[name]

    def hold(self) -> None:
        """Answer nobody from now on."""
        with self._changed:
            self._open = False

    def release(self) -> None:
        """Answer everybody."""
        with self._changed:
            self._open = True
            self._changed.notify_all()

    def answer(self, name: str) -> int:
        """Wait for the release, counted meanwhile; return the status to answer with."""
        with self._changed:
            self._waiting[name] += 1
            self.most[name] = max(self.most[name], self._waiting[name])
            self._changed.wait_for(lambda: self._open)
            self._waiting[name] -= 1
            return self.status


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(partner: Partner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = partner.answer(urlsplit(self.path).path.strip("/"))
            with suppress(ConnectionError):  # whoever was killed meanwhile waits no longer
                self.send_response(status)
                self.send_header("Content-Length", "3")
                self.end_headers()
                self.wfile.write(b"42\n")

        def log_message(self, *_: object) -> None:
            """The notebook is no place for an access log."""

    return Handler
