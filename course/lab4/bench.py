"""What lab 4 judges with: a Payments of the check's own, requests, and events as they should be."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from workbook.checks.stub import Behaviour, Request, StubServer, cut, reply

if TYPE_CHECKING:
    from workbook.checks import Harness
    from workbook.failures.worker import Bench

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


class Payments(StubServer):
    """Refunds by key: sent twice, a key refunds once.

    Some orders are refused, or at first; of one that is cut off the first call is lost, and the
    answer to the second.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refunds: dict[str, dict] = {}
        self.calls: dict[str, list[str | None]] = defaultdict(list)
        self._lock = threading.Lock()

    def behaviour(self, request: Request) -> Behaviour:
        if (request.method, request.path) != ("POST", "/refunds"):
            return reply(404, {"detail": f"Rien à {request.method} {request.path}."})
        said = self.refund(request.headers.get("idempotency-key"), request.json)
        return reply(*said) if said else cut()

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
