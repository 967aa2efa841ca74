"""RabbitMQ's own web pages, served again where a browser behind JupyterLab's proxy can use them.

That proxy gives each answer an `Etag` of its own, which the browser sends back; RabbitMQ, which
has none, then answers 412 to every question of its page. Here that header goes no further.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.middleware.http_proxy import ProxyMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

Environ = dict[str, Any]


class Pages:
    """A door to the management pages at `target`, on a free port of this machine, until closed."""

    def __init__(self, target: str) -> None:
        self._forward = ProxyMiddleware(NotFound(), {})
        self._options = {
            "target": target,
            "host": "<auto>",
            "headers": {},
            "remove_prefix": False,
            "ssl_context": None,
        }
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, name="pages", daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        environ.pop("HTTP_IF_NONE_MATCH", None)
        # As it was asked: %2F, the name of a virtual host, is not a slash of the path.
        path = environ["RAW_URI"].partition("?")[0]
        return self._forward.proxy_to(self._options, path, "")(environ, start_response)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """A line a request would fill the learner's cell."""
