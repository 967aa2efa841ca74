"""Clients: the shop's customers, and the history of what they asked and heard."""

import secrets
import time

import requests

from workbook.failures.history import ORDER, completion

from .plans import SECONDS

TIMEOUT = 10.0  # seconds, and as long as a sleeper may sleep


class Client:
    """A customer that retries: it asks again with the same key until there is an answer."""

    pause = 0.05  # seconds before asking again

    def __init__(self, world, user="alice", door="orders", patience=SECONDS):
        self.world, self.user, self.door, self.patience = world, user, door, patience
        self.session = requests.Session()
        self.session.trust_env = False
        self.through = ("gateway",) if door == "gateway" else ()
        # Choreographed, orders lays the card down at payments before there is an order.
        self.placing = ("payments",) if world.plan.saga == "choreography" else ()

    def place(self, key, card, basket):
        """Place an order, again and again if it has a key; how the last answer completes it."""
        items = [{"sku": sku, "quantity": quantity} for sku, quantity in basket]
        body = {"items": items, "card": card}
        headers = self._headers(key)
        deadline = time.monotonic() + self.patience
        while True:
            type = self._ask(body, key, headers)
            if type != "info" or key is None or time.monotonic() > deadline:
                return type
            time.sleep(self.pause)

    def look(self, operation, service):
        """A GET that should work whenever its own service is up."""
        number = self.world.history.invoke(operation)
        path = operation.partition(" ")[2]
        status, _, error = self._exchange("GET", path, service=service)
        type = "info" if status is None or status >= 500 else "ok"
        self._complete(type, number, operation, None, status=status, error=error)
        return type

    def _ask(self, body, key, headers):
        history = self.world.history
        number = history.invoke(ORDER, key, **body, user=self.user)
        status, answer, error = self._exchange("POST", "/orders", json=body, headers=headers)
        order = answer.get("order", answer if "total_cents" in answer else None)
        type = "info" if status is None else completion(status, order)
        self._complete(type, number, ORDER, key, status=status, order=order, error=error)
        return type

    def _complete(self, type, number, operation, key, **value):
        through = (*self.through, *(self.placing if operation == ORDER else ()))
        told = {**value, "user": self.user, "through": through}
        self.world.history.complete(type, number, operation, key, **told)

    def _exchange(self, method, path, service=None, headers=None, **options):
        """(status, JSON, None), or (None, {}, what went wrong)."""
        door = self.door if self.door == "gateway" else service or self.door
        token = self.world.ground.token(self.world, self.user)
        try:
            response = self.session.request(
                method,
                self.world.url(door) + path,
                headers={"Authorization": f"Bearer {token}", **(headers or {})},
                timeout=TIMEOUT + self.world.plan.nap,
                **options,
            )
            answer = response.json()
            error = answer.get("detail") if response.status_code >= 500 else None
            return response.status_code, answer, error
        except (requests.RequestException, ValueError) as error:
            return None, {}, type(error).__name__

    def _headers(self, key):
        """The same trace for all the attempts of one order: it is one story."""
        trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        return {"traceparent": trace, **({"Idempotency-Key": key} if key else {})}
