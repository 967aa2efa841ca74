"""What lab 4 judges with: a Payments of the check's own, requests, and events as they should be."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.checks import Harness
    from workbook.failures.worker import Bench

GLANCE = 0.01
# What an order's id says of its payment.
UNAVAILABLE, UNKNOWN, CUT_OFF = "indisponible", "inconnue", "coupee"


def request_of(bench: Bench, **changes: object) -> dict:
    """What a customer sends back."""
    return {
        "order_id": bench.unique("commande"),
        "sku": "LAMP",
        "quantity": 2,
        "amount_cents": 7980,
        **changes,
    }


def event_of(request: dict) -> dict:
    """The event that says so."""
    return {"type": "RETURN_REQUESTED", "return_id": f"retour-{request['order_id']}", **request}


def decoded(body: bytes | None) -> Any:
    """A message's body read as JSON, None when it is none."""
    try:
        return json.loads(body or b"")
    except ValueError:
        return None


class Payments:
    """Refunds by key: sent twice, a key refunds once.

    Some orders are refused, or at first; of one that is cut off the first call is lost, and the
    answer to the second.
    """

    def __init__(self) -> None:
        self.refunds: dict[str, dict] = {}
        self.calls: dict[str, list[str | None]] = defaultdict(list)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))

    def __enter__(self) -> Payments:
        threading.Thread(target=self._server.serve_forever, args=(GLANCE,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def refund(self, key: str | None, body: Any) -> tuple[int, dict] | None:
        """The answer to POST /refunds, None when the connection is cut instead."""
        order = body.get("order_id") if isinstance(body, dict) else None
        amount = body.get("amount_cents") if isinstance(body, dict) else None
        if not isinstance(order, str) or type(amount) is not int or not key:
            return 400, {"detail": "Il faut order_id, amount_cents, et l’en-tête Idempotency-Key."}
        with self._lock:
            self.calls[order].append(key)
            if UNKNOWN in order:
                return 404, {"detail": "Aucun paiement pour cette commande."}
            if UNAVAILABLE in order and len(self.calls[order]) <= 2:
                return 503, {"detail": "Revenez plus tard."}
            if CUT_OFF in order and len(self.calls[order]) == 1:
                return None
            known = self.refunds.setdefault(key, {"order_id": order, "amount_cents": amount})
            return None if CUT_OFF in order and len(self.calls[order]) == 2 else (201, known)

    def refunded(self, order: str) -> list[int]:
        """The amounts given back for an order, in cents."""
        with self._lock:
            found = list(self.refunds.values())
        return [refund["amount_cents"] for refund in found if refund["order_id"] == order]


def payments(bench: Harness) -> Payments:
    """The Payments of this check."""
    return bench.kept("payments", lambda: bench.closing.enter_context(Payments()))


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


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A worker that dies hangs up: that is what is judged."""


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, payments: Payments, *arguments: Any) -> None:
        self.payments = payments
        super().__init__(*arguments)

    def do_POST(self) -> None:
        body = decoded(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        said = (404, {"detail": f"Rien à {self.path}."})
        if self.path == "/refunds":
            said = self.payments.refund(self.headers.get("Idempotency-Key"), body)
        if said is None:
            return  # and the connection closes
        status, answer = said
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """The learner's cell shows what is judged, not each request."""
