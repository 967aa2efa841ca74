"""A neighbour that we rule: it answers, fails, hangs, dies and comes back, at one address.

An HTTP server of this process: only so can it hang for exactly as long as we like.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = "127.0.0.1"
SAY, FAIL, HANG = "say", "fail", "hang"


class Neighbour:
    """The service of reviews, dead to begin with.

    Its port is held by a socket that does not listen while it is dead: nobody else gets it.
    """

    def __init__(self) -> None:
        self._socket = _bound(0)
        self._port = self._socket.getsockname()[1]
        self._server: ThreadingHTTPServer | None = None
        self._mode, self._status, self._reviews, self._after = SAY, 200, [], 0.0
        self._woken = threading.Event()

    def __enter__(self) -> Neighbour:
        return self

    def __exit__(self, *_: object) -> None:
        self.die()
        self._socket.close()

    @property
    def url(self) -> str:
        """Where it is, dead or alive."""
        return f"http://{HERE}:{self._port}"

    def say(self, reviews: list[int], after: float = 0.0) -> None:
        """Live, and give these reviews of whatever is asked, after so many seconds."""
        self._live(SAY)
        self._reviews, self._after = reviews, after

    def fail(self, status: int) -> None:
        """Live, and answer with this status."""
        self._live(FAIL)
        self._status = status

    def hang(self) -> None:
        """Live, take every call, and answer none."""
        self._live(HANG)

    def die(self) -> None:
        """Refuse every connection."""
        self._woken.set()
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server, self._socket = None, _bound(self._port)

    def _live(self, mode: str) -> None:
        self._woken.set()  # whoever hangs is let go
        self._woken = threading.Event()
        self._mode = mode
        if self._server is None:
            self._server = _Server((HERE, self._port), _handler(self), bind_and_activate=False)
            self._server.socket.close()
            self._server.socket = self._socket
            self._server.server_activate()
            threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self) -> tuple[int, object] | None:
        """The status and the body to send, None for nothing at all."""
        if self._mode == HANG:
            self._woken.wait()
            return None
        if self._mode == FAIL:
            return self._status, {"reviews": [5, 5, 5]}
        time.sleep(self._after)
        return 200, {"reviews": self._reviews}


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _bound(port: int) -> socket.socket:
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((HERE, port))
    return held


def _handler(neighbour: Neighbour) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = neighbour.answer()
            if answer is None:
                return
            status, body = answer
            content = json.dumps(body).encode()
            with suppress(ConnectionError):  # whoever gave up is gone
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """The notebook is no place for an access log."""

    return Handler
