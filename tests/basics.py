"""What every test stands on: where the course is, and the one way to wait (workbook.waiting)."""

from pathlib import Path

import pytest

from workbook.waiting import patient, until

ROOT = Path(__file__).resolve().parents[1]


def eventually(condition, seconds=20, what="the condition"):
    """The first true value of `condition()`; fails after `seconds`, more on a busy machine."""
    value = until(condition, patient(seconds), every=0.01)
    if not value:
        pytest.fail(f"{what} did not come true in {seconds} s")
    return value
