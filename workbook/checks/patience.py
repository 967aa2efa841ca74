"""How long is long: time-outs are told for a quiet machine, and stretched on a busy one.

A right answer must not fail because thirty others are being judged beside it. The factor is the
load per processor, between 1 and 4; `WORKBOOK_PATIENCE` imposes one.
"""

from __future__ import annotations

import os

MOST = 4.0


def patient(seconds: float) -> float:
    """`seconds`, or longer where the machine is busy."""
    return seconds * _factor()


def _factor() -> float:
    if imposed := os.environ.get("WORKBOOK_PATIENCE"):
        return float(imposed)
    if not hasattr(os, "getloadavg"):  # Windows
        return 1.0
    return min(MOST, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
