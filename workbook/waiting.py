"""The one way to wait: for a condition, with a deadline that a busy machine stretches."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

from workbook import settings

Value = TypeVar("Value")
MOST = 4.0


def until(condition: Callable[[], Value], seconds: float, every: float = 0.02) -> Value:
    """Poll `condition()` until it is true or `seconds` have passed; return its last value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(every)
    return value


def patient(seconds: float) -> float:
    """Scale a time-out written for a quiet machine by the load per processor, up to four times.

    A right answer must not fail because thirty others are being judged beside it.
    `WORKBOOK_PATIENCE` imposes the factor.
    """
    imposed = settings.patience()
    if imposed is not None:
        return seconds * imposed
    if not hasattr(os, "getloadavg"):  # Windows
        return seconds
    return seconds * min(MOST, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
