"""Several callers at one moment: what a race, a copy sent twice or a crowd needs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def together(calls: Iterable[Callable[[], Result]]) -> list[Result]:
    """What each of these calls, begun at one moment, returned, in order; raises what one raised.

    Threads that do not keep the kernel alive: a call to an answer may never come back.
    """
    calls = list(calls)
    gate = threading.Barrier(len(calls) or 1)
    outcomes: list[Future[Result]] = [Future() for _ in calls]
    for outcome, call in zip(outcomes, calls, strict=True):
        threading.Thread(target=_make, args=(outcome, call, gate), daemon=True).start()
    return [outcome.result() for outcome in outcomes]


def _make(outcome: Future, call: Callable, gate: threading.Barrier) -> None:
    try:
        gate.wait()
        outcome.set_result(call())
    except BaseException as error:
        outcome.set_exception(error)
