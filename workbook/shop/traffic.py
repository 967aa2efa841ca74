"""A steady, seeded flow of shoppers: they browse, look at the stock, and sometimes buy."""

from __future__ import annotations

import random
import threading
import time
from typing import Protocol

from workbook.errors import WorkbookError

SKUS = ("LAMP", "CHAIR", "DESK", "MUG")
SHOPPERS = 8


class Front(Protocol):
    """What a shopper needs of a shop."""

    def get(self, path: str, **options: object) -> object: ...
    def post(self, path: str, json: object = None, **options: object) -> object: ...


class Traffic:
    """Sends `rate` requests per second, drawn from `seed`, from a few threads until stopped."""

    def __init__(self, front: Front, rate: float, seed: int = 1) -> None:
        self.rate = rate
        self._front = front
        self._random = random.Random(seed)
        self._stopped = threading.Event()
        self._turn = threading.Lock()
        self._next = time.monotonic()
        self._threads = [
            threading.Thread(target=self._shop, name=f"shopper-{n}", daemon=True)
            for n in range(SHOPPERS)
        ]

    def start(self) -> None:
        """Let the shoppers in."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send no more; returns once the last answer is in."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=12)

    def _shop(self) -> None:
        while not self._stopped.wait(self._pause()):
            method, path, body = self._draw()
            try:
                if method == "GET":
                    self._front.get(path)
                else:
                    self._front.post(path, body)
            except WorkbookError:
                continue

    def _pause(self) -> float:
        """Seconds until this shopper's turn; turns are 1/rate apart over all shoppers."""
        with self._turn:
            now = time.monotonic()
            self._next = max(self._next, now - 1.0) + 1 / self.rate
            return max(0.0, self._next - now)

    def _draw(self) -> tuple[str, str, dict | None]:
        with self._turn:
            sku, dice = self._random.choice(SKUS), self._random.random()
        if dice < 0.5:
            return "GET", "/products", None
        if dice < 0.8:
            return "GET", f"/stock/{sku}", None
        return "POST", "/orders", {"items": [{"sku": sku, "quantity": 1}], "card": "tok_visa"}
