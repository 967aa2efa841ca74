"""What telemetry costs: the same service with its spans and log lines, and without.

python -m benchmarks telemetry
"""

from __future__ import annotations

import statistics
import sys
from contextlib import ExitStack

from benchmarks._load import drive, request
from benchmarks._shop import Shop

ROUNDS, SECONDS, CONNECTIONS = 9, 1.0, 4
# OTEL_SDK_DISABLED is OpenTelemetry's own switch; at WARNING no request is logged.
SWITCHES = {
    "all": {},
    "no spans": {"OTEL_SDK_DISABLED": "true"},
    "nothing": {"OTEL_SDK_DISABLED": "true", "LOG_LEVEL": "WARNING"},
}


def run() -> list[dict]:
    """Rows for throughput and for processor time, of spans alone and of spans with log lines."""
    content = request("GET", "/products/MUG")
    with ExitStack() as stack:
        shops = {
            name: stack.enter_context(Shop({"products": 1}, **switches))
            for name, switches in SWITCHES.items()
        }
        figures = {name: [] for name in shops}
        for shop in shops.values():
            drive(shop.port("products"), content, SECONDS, CONNECTIONS)  # warm
        for _ in range(ROUNDS):
            for name, shop in shops.items():
                figures[name].append(_measure(shop, content))
    return [row for less in ("no spans", "nothing") for row in _rows(figures, less)]


def _measure(shop: Shop, content: bytes) -> tuple[float, float]:
    """Requests a second, and seconds of processor that one takes."""
    before = shop.processor()["products"]
    busy = drive(shop.port("products"), content, SECONDS, CONNECTIONS)
    return busy.rate, (shop.processor()["products"] - before) / busy.count


def _rows(figures: dict[str, list[tuple[float, float]]], less: str) -> list[dict]:
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)]
        for name, rounds in figures.items()
    }
    (rate, processor), (rate_without, processor_without) = medians["all"], medians[less]
    kept = "spans" if less == "no spans" else "spans and request log"
    return [
        {
            "what": f"throughput with {kept}, for without",
            "ours": f"{rate:.0f}/s",
            "rival": f"{rate_without:.0f}/s",
            "ratio": rate_without / rate,
            "aim": None,
        },
        {
            "what": f"processor a request with {kept}, for without",
            "ours": f"{processor * 1e6:.0f} µs",
            "rival": f"{processor_without * 1e6:.0f} µs",
            "ratio": processor / processor_without,
            "aim": None,
        },
    ]


if __name__ == "__main__":
    from benchmarks.__main__ import main

    sys.exit(main(["telemetry"]))
