"""Orders a second, each awaited by its client, and how that grows with the busiest service.

The way is the whole of it: gateway, token, price, reservation, charge, confirmation, outbox and
RabbitMQ. The rival does the same in one process with one database: the monolith.

python -m benchmarks orders
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks._load import Figures, drive, request
from benchmarks._shop import Shop
from workbook.broker import Broker

SERVICES = ("auth", "products", "inventory", "payments", "notifications", "orders", "gateway")
INSTANCES = (1, 2, 4)
ROUNDS, SECONDS, CONNECTIONS = 3, 2.0, 4
PLENTY = 100_000_000


def run() -> list[dict]:
    """Rows for 2 and 4 instances against one, the monolith, the slowest, and who works most."""
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        Path(folder).chmod(0o755)
        broker = Broker.start(run_folder=Path(folder))
        try:
            return _rows(broker)
        finally:
            broker.close()


def _rows(broker: Broker) -> list[dict]:
    shares = _processor_of_one_order(broker.url)
    busiest = max(shares, key=shares.get)
    rounds = [_round(broker.url, busiest) for _ in range(ROUNDS)]
    rates = {name: statistics.median(r[name].rate for r in rounds) for name in rounds[0]}
    one, monolith = rates[1], rates["monolith"]
    median, slowest = (statistics.median(getattr(r[1], p) for r in rounds) for p in ("p50", "p95"))
    return [
        _row("orders a second, monolith for microservices", monolith, one),
        *(
            _row(f"orders a second, {count} × {busiest} for 1", rates[count], one)
            for count in INSTANCES[1:]
        ),
        {
            "what": "  one order in twenty, for the median one",
            "ours": f"{slowest * 1000:.0f} ms",
            "rival": f"{median * 1000:.0f} ms",
            "ratio": slowest / median,
            "aim": None,
        },
        *(
            {
                "what": f"  processor an order, {name}",
                "ours": f"{seconds * 1000:.1f} ms",
                "rival": f"{sum(shares.values()) * 1000:.1f} ms",
                "ratio": seconds / sum(shares.values()),
                "aim": None,
            }
            for name, seconds in sorted(shares.items(), key=lambda item: -item[1])
        ),
    ]


def _row(what: str, ours: float, rival: float) -> dict:
    return {
        "what": what,
        "ours": f"{ours:.0f}/s",
        "rival": f"{rival:.0f}/s",
        "ratio": ours / rival,
        "aim": None,
    }


def _round(rabbitmq_url: str, busiest: str) -> dict[int | str, Figures]:
    """Orders placed, by the number of instances of the busiest service, and of the monolith."""
    rates = {}
    for count in INSTANCES:
        instances = {**dict.fromkeys(SERVICES, 1), busiest: count}
        with Shop(instances, RABBITMQ_URL=rabbitmq_url) as shop:
            rates[count] = _orders(shop, "gateway", "inventory", shop.token())
    with Shop({"monolith": 1}) as shop:
        token = shop.token("monolith", "/auth/login")
        return {**rates, "monolith": _orders(shop, "monolith", "monolith", token)}


def _orders(shop: Shop, door: str, stock_owner: str, token: str) -> Figures:
    _fill_the_shelves(shop, stock_owner)
    _drive(shop, door, token)  # warm
    return _drive(shop, door, token)


def _drive(shop: Shop, door: str, token: str) -> Figures:
    return drive(shop.port(door), lambda: _customers(token), SECONDS, CONNECTIONS)


def _processor_of_one_order(rabbitmq_url: str) -> dict[str, float]:
    """Seconds of processor that one order takes of each service."""
    with Shop(dict.fromkeys(SERVICES, 1), RABBITMQ_URL=rabbitmq_url) as shop:
        _fill_the_shelves(shop, "inventory")
        token = shop.token()
        _drive(shop, "gateway", token)  # warm
        before = shop.processor()
        count = _drive(shop, "gateway", token).count
        return {name: (taken - before[name]) / count for name, taken in shop.processor().items()}


def _customers(token: str) -> Iterator[bytes]:
    """Orders without end, each with a key of its own, as a shop's page sends them."""
    body = json.dumps({"items": [{"sku": "MUG", "quantity": 1}], "card": "tok_visa"}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while True:
        key = {"Idempotency-Key": str(uuid.UUID(bytes=os.urandom(16)))}
        yield request("POST", "/orders", {**headers, **key}, body)


def _fill_the_shelves(shop: Shop, owner: str) -> None:
    """In the database itself: the monolith has no door for deliveries."""
    with closing(sqlite3.connect(shop.folder / f"{owner}.db", timeout=30)) as database, database:
        database.execute("UPDATE stock SET available = ?", [PLENTY])


if __name__ == "__main__":
    from benchmarks.__main__ import main

    sys.exit(main(["orders"]))
