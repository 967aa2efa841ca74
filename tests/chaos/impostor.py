"""Impostor: another program at the address of a dead service, that knows nothing: 404."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class KnowsNothing(BaseHTTPRequestHandler):
    def _answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = _answer

    def log_message(self, *_):
        """Say nothing on the standard error of the proof."""


class Impostor:
    """Use as a context manager: it listens on `port` of this machine meanwhile."""

    def __init__(self, port):
        self._server = ThreadingHTTPServer(("127.0.0.1", port), KnowsNothing)
        self._server.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
