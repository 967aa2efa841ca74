"""Runs somebody else's code for a bounded time.

In the main thread of a Unix kernel an alarm signal raises `TimeUp` inside the running code: a loop,
a `sleep`, a socket that never answers are all interrupted where they are, and their `finally` and
`with` blocks run. Code that swallows every exception is made to raise at each of its lines.

Elsewhere (Windows, a secondary thread) the code runs in a daemon thread. After the deadline that
thread is asked to stop at its next Python instruction; one blocked inside a C call cannot be: it is
left behind, and ends when that call returns or the kernel does.

Ctrl-C (the Stop button) goes through at any time.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from types import FrameType
from typing import Any

INSIST_EVERY = 0.2
INSIST_SOFTLY = 3


class TimeUp(BaseException):
    """Not an `Exception`, so that a learner's `except Exception` lets it through."""


def within(seconds: float, function: Callable[[], Any]) -> Any:
    """The result of `function()`, or `TimeUp` soon after `seconds`."""
    alarm_works = hasattr(signal, "SIGALRM")
    if alarm_works and threading.current_thread() is threading.main_thread():
        return _with_alarm(seconds, function)
    return _in_thread(seconds, function)


def _with_alarm(seconds: float, function: Callable[[], Any]) -> Any:
    alarm = _Alarm(sys._getframe())
    started = time.monotonic()
    former_handler = signal.signal(signal.SIGALRM, alarm)
    former_delay, former_interval = signal.setitimer(signal.ITIMER_REAL, seconds, INSIST_EVERY)
    try:
        return function()
    finally:
        alarm.done = True
        sys.settrace(alarm.former_trace)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former_handler)
        if former_delay:
            left = former_delay - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), former_interval)


class _Alarm:
    """The signal handler: raise, and if that is swallowed again and again, raise at every line."""

    def __init__(self, owner: FrameType) -> None:
        self.owner, self.rings, self.done = owner, 0, False
        self.former_trace = sys.gettrace()

    def __call__(self, _number: int, frame: FrameType | None) -> None:
        if self.done:
            return
        self.rings += 1
        if self.rings > INSIST_SOFTLY:
            sys.settrace(self._refuse)
            while frame is not None and frame is not self.owner:
                frame.f_trace = self._refuse
                frame = frame.f_back
        raise TimeUp

    def _refuse(self, _frame: FrameType, event: str, _argument: object) -> Callable | None:
        if event == "line" and not self.done:
            raise TimeUp
        return self._refuse


def _in_thread(seconds: float, function: Callable[[], Any]) -> Any:
    outcome: dict[str, Any] = {}
    context = copy_context()

    def run() -> None:
        try:
            outcome["value"] = context.run(function)
        except BaseException as error:  # handed to the waiting thread
            outcome["error"] = error

    worker = threading.Thread(target=run, name="workbook-check", daemon=True)
    worker.start()
    worker.join(seconds)
    for _ in range(INSIST_SOFTLY):
        if not worker.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(worker.ident), ctypes.py_object(TimeUp)
        )
        worker.join(INSIST_EVERY)
    if "error" in outcome:
        raise outcome["error"]
    if "value" not in outcome:
        raise TimeUp
    return outcome["value"]
