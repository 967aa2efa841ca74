"""The learner's HTTP client: requests, seen by the map and shown in French.

Each call is the root of a trace: it carries a W3C `traceparent` and is itself recorded as a
client span of the service called `client`.
"""

from __future__ import annotations

import json
import secrets
import shlex
import time
from collections.abc import Callable
from contextlib import suppress
from html import escape
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from workbook.errors import WorkbookError
from workbook.processes.credential import HEADER as CREDENTIAL
from workbook.shop import direct, jupyter
from workbook.shop.verbs import Verbs
from workbook.telemetry.spans import CLIENT

TIMEOUT = 10.0
SHOWN_BODY = 2_000
LINE = 88


class ServiceUnreachable(WorkbookError):
    """Nobody answered: no process, no port, or no answer in time.

    `reason` says what happened, `advice` what to do about it.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason} {advice}".rstrip())
        self.reason = reason


class Response(requests.Response):
    """An HTTP response that shows what a learner looks for: status, time, body."""

    @property
    def trace_id(self) -> str:
        """Trace id of the request, 32 hexadecimal digits."""
        return self.request.headers["traceparent"].split("-")[1]

    def json(self, **options: object) -> object:
        """The body as JSON; raises ValueError for what is none, or nested too deep to be read."""
        try:
            return super().json(**options)
        except RecursionError as error:
            raise requests.JSONDecodeError("nested too deep", self.text[:SHOWN_BODY], 0) from error

    @property
    def curl(self) -> str:
        """The command line that sends the same request again, without its token."""
        return curl_of(self.request)

    def __repr__(self) -> str:
        milliseconds = f"{self.elapsed.total_seconds() * 1000:.0f}"
        path = urlsplit(self.request.url).path
        head = f"{self.request.method} {path} → {self.status_code} {reason(self.status_code)}"
        return f"{head}  ({milliseconds} ms)\n{self._shown_body()}".rstrip()

    def _shown_body(self) -> str:
        body = self.text.strip()
        with suppress(ValueError):
            content = self.json()
            body = json.dumps(content, ensure_ascii=False)
            if len(body) > LINE:
                body = json.dumps(content, ensure_ascii=False, indent=2)
        return body if len(body) <= SHOWN_BODY else body[:SHOWN_BODY] + "…"


class Client(Verbs):
    """Calls one service at the address it has now; `peer` is its name on the map.

    `proof`: the headers that show the service the credential of its run. `asked` is told each
    request before it is sent.
    """

    def __init__(
        self,
        peer: str,
        address: Callable[[], str],
        record: Callable[[dict], None],
        token: Callable[[], str | None],
        proof: dict[str, str],
        asked: Callable[..., None] = lambda **request: None,
    ) -> None:
        self.peer = peer
        self._address, self._record, self._token = address, record, token
        self._asked = asked
        self._session = direct.session()
        self._session.mount("http://", _Adapter(address, proof))

    @property
    def url(self) -> str:
        """Where it listens now, for a client of your own."""
        return self._address()

    def link(self, path: str = "/") -> Link:
        """A link to open in the browser, through JupyterLab where it is remote (Binder)."""
        return Link(self.url, path)

    def request(self, method: str, path: str, **options: object) -> Response:
        """Send a request; raises `ServiceUnreachable` when nobody answers within the time-out."""
        options.setdefault("timeout", TIMEOUT)
        trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
        headers = {"traceparent": f"00-{trace_id}-{span_id}-01"}
        if token := self._token():
            headers["Authorization"] = f"Bearer {token}"
        own = options.pop("headers", None) or {}
        headers.update(own)
        body = options.get("json")
        self._asked(method=method, path=path, json=body, headers=own, trace_id=trace_id)
        start, status = time.time(), None
        try:
            response = self._session.request(
                method, self._address() + path, headers=headers, **options
            )
            status = response.status_code
        except requests.Timeout as error:
            raise ServiceUnreachable(
                f"« {self.peer} » n’a pas répondu en {options['timeout']} s à {method} {path}."
            ) from error
        except requests.ConnectionError as error:
            raise ServiceUnreachable(
                f"« {self.peer} » ne répond pas à {method} {path} : aucun processus n’écoute à "
                "cette adresse.",
                f'Relancez-le avec shop.restart("{self.peer}").',
            ) from error
        finally:
            self._record(self._span(method, path, trace_id, span_id, start, status))
        return response

    def _span(
        self, method: str, path: str, trace_id: str, span_id: str, start: float, status: int | None
    ) -> dict:
        attributes = {"http.request.method": method, "peer.service": self.peer, "url.path": path}
        if status is not None:
            attributes["http.response.status_code"] = status
        return {
            "kind": "span",
            "service": CLIENT,
            "instance": CLIENT,
            "name": f"{method} {path.partition('?')[0]}",
            "span_kind": "client",
            "trace_id": trace_id,
            "span_id": span_id,
            "parent_id": None,
            "start": start,
            "duration": time.time() - start,
            "status": "error" if status is None or status >= 500 else "ok",
            "attributes": attributes,
        }


class Link:
    """An address of a service, clickable in the notebook by jupyter-server-proxy.

    `proxied` leads through the JupyterLab that serves this kernel; without one, straight there.
    """

    def __init__(self, url: str, path: str) -> None:
        self.url = url + path
        base = jupyter.base_url()
        self.proxied = f"{base}proxy/{urlsplit(url).port}{path}" if base else self.url

    def __repr__(self) -> str:
        return self.url

    def _repr_html_(self) -> str:
        return f'<a href="{escape(self.proxied)}" target="_blank">{escape(self.url)}</a>'


class _Adapter(HTTPAdapter):
    """Builds our `Response` where requests builds its own, and shows the run's credential."""

    def __init__(self, address: Callable[[], str], proof: dict[str, str]) -> None:
        super().__init__(pool_connections=4, pool_maxsize=64)
        self._address, self._proof = address, proof

    def add_headers(self, request: requests.PreparedRequest, **options: object) -> None:
        """To the service alone: not to where it redirects, nor to another host in the path."""
        request.headers.pop(CREDENTIAL, None)
        if request.url.startswith(f"{self._address()}/"):
            request.headers.update(self._proof)

    def build_response(self, req: requests.PreparedRequest, resp: object) -> requests.Response:
        response = Response()
        vars(response).update(vars(super().build_response(req, resp)))
        return response


def curl_of(request: requests.PreparedRequest) -> str:
    """The command line that sends `request` again; the learner keeps its token in $TOKEN."""
    parts = ["curl", "-i"]
    if request.method != "GET":
        parts += ["-X", request.method]
    for header in ("Authorization", "Content-Type", "Idempotency-Key", "If-Match"):
        if value := request.headers.get(header):
            parts += [
                "-H",
                f"{header}: {'Bearer $TOKEN' if header == 'Authorization' else value}",
            ]
    if request.body:
        parts += ["-d", _text(request.body)]
    return " ".join(map(_quote, [*parts, request.url]))


def reason(status: int) -> str:
    """Standard phrase of an HTTP status (RFC 9110)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _text(body: str | bytes) -> str:
    return body if isinstance(body, str) else body.decode("utf-8", "replace")


def _quote(word: str) -> str:
    """Quote for a shell, yet let it expand the token the learner keeps in $TOKEN."""
    return f'"{word}"' if "$TOKEN" in word else shlex.quote(word)
