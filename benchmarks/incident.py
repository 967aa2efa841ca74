"""What recording an incident costs a request, and what a page of each kind of incident weighs.

python -m benchmarks incident
python -m benchmarks.incident FOLDER [SECONDS]     writes the pages, of that many seconds
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from workbook.incident import Incident
from workbook.shop import Shop

AIM, HEAVIEST = 1.03, 400  # of a request; KB of a page
ROUNDS, REQUESTS, SECONDS, RATE = 15, 60, 24.0, 10
_pause = threading.Event()


def run() -> list[dict]:
    """Rows for the median request with and without recording, and for the weight of pages."""
    shop = Shop.start()
    try:
        rows = [_cost(shop)]
        with tempfile.TemporaryDirectory() as folder:
            rows += [_weight(page) for page in pages(shop, Path(folder), SECONDS)]
    finally:
        shop.stop()
    return rows


def _cost(shop: Shop) -> dict:
    """Alternated rounds on one shop; the median of their medians."""
    _measured(shop)  # warm
    plain, recorded = [], []
    for _ in range(ROUNDS):
        for figures, context in ((plain, nullcontext), (recorded, shop.record)):
            with context():
                figures.append(_measured(shop))
    ours, rival = statistics.median(recorded), statistics.median(plain)
    return {
        "what": "median request while recorded, for not recorded",
        "ours": f"{ours * 1000:.2f} ms",
        "rival": f"{rival * 1000:.2f} ms",
        "ratio": ours / rival,
        "aim": AIM,
    }


def _measured(shop: Shop) -> float:
    taken = []
    for _ in range(REQUESTS):
        asked = time.perf_counter()
        shop.get("/products")
        taken.append(time.perf_counter() - asked)
    return statistics.median(taken)


def _weight(page: Path) -> dict:
    kilobytes = page.stat().st_size / 1000
    return {
        "what": f"page of an incident: {page.stem}",
        "ours": f"{kilobytes:.0f} KB",
        "rival": f"{HEAVIEST} KB",
        "ratio": kilobytes / HEAVIEST,
        "aim": 1,
    }


def pages(shop: Shop, folder: Path, seconds: float) -> list[Path]:
    """One page for each kind of incident, under steady traffic."""
    return [
        _recorded(shop, trouble, seconds).save(folder / f"{name}.html")
        for name, trouble in TROUBLES.items()
    ]


def _recorded(shop: Shop, trouble: Callable[[Shop, float], None], seconds: float) -> Incident:
    with shop.record() as incident:
        shop.start_traffic(RATE)
        _pause.wait(seconds / 4)
        trouble(shop, seconds / 3)
        _pause.wait(seconds / 4)
        shop.stop_traffic()
    Shop.start()
    return incident


def _service_killed(shop: Shop, seconds: float) -> None:
    shop.kill("orders")
    _pause.wait(seconds)
    shop.restart("orders")


def _broker_killed(shop: Shop, seconds: float) -> None:
    shop.broker.kill()
    _pause.wait(seconds)
    shop.broker.restart()


def _breaker_opens(shop: Shop, seconds: float) -> None:
    shop.slow("payments", 3)
    _pause.wait(seconds)
    shop.slow("payments", 0)


def _poison(shop: Shop, seconds: float) -> None:
    import pika

    with pika.BlockingConnection(pika.URLParameters(shop.broker.url)) as connection:
        channel = connection.channel()
        for _ in range(3):
            channel.basic_publish("shop.events", "order.confirmed", b"</script><b>poison")
    _pause.wait(seconds)


def _retry_storm(shop: Shop, seconds: float) -> None:
    shop.fault("products", error_rate=0.5)
    _pause.wait(seconds)
    shop.fault("products", error_rate=0)


TROUBLES = {
    "service-killed": _service_killed,
    "broker-killed": _broker_killed,
    "breaker-opening": _breaker_opens,
    "poison-message": _poison,
    "retry-storm": _retry_storm,
}


def _write(folder: str, seconds: str = str(SECONDS)) -> None:
    shop = Shop.start()
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for page in pages(shop, Path(folder), float(seconds)):
            print(f"{page} {page.stat().st_size / 1000:.0f} KB")
    finally:
        shop.stop()


if __name__ == "__main__":
    _write(*sys.argv[1:])
