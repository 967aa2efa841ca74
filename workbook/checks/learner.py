"""Tells the learner's code from ours, in a traceback or in a service's log.

A notebook's cells run in `__main__`: the last frame of that module is the learner's line. A plain
function handed to `check()` is also marked when called, so that a wrong signature is the learner's
error although no line of theirs was reached.
"""

from __future__ import annotations

import functools
import inspect
import linecache
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from workbook.checks.outcome import Finding
from workbook.telemetry.journal import last_mishap, line_of, records_of

MARK = "_raised_by_learner"
LOG_LINES = 8


def marked(answer: Any) -> Any:
    """`answer`, where what a plain function raises is known to be the learner's."""
    if not inspect.isroutine(answer):
        return answer

    @functools.wraps(answer)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return answer(*arguments, **named)
        except BaseException as error:
            if hasattr(error, "__dict__"):
                setattr(error, MARK, True)
            raise

    return call


def is_learners(error: BaseException) -> bool:
    """Whether the learner's code was running when `error` was raised."""
    return getattr(error, MARK, False) or learner_line(error.__traceback__) is not None


def finding_of(error: BaseException) -> Finding:
    """Type, message and the learner's line of an exception."""
    message = str(error).strip()
    name = type(error).__name__
    line = learner_line(error.__traceback__)
    return Finding(seen=f"{name} : {message}" if message else name, code=line or "")


def learner_line(traceback: TracebackType | None) -> str | None:
    """`ligne 3, dans publish : …` for the last frame of the learner's, None without one."""
    place = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals.get("__name__") == "__main__":
            place = (frame.f_code.co_filename, traceback.tb_lineno, frame.f_code.co_name)
        traceback = traceback.tb_next
    if place is None:
        return None
    filename, number, function = place
    return _line(number, function, linecache.getline(filename, number))


def finding_in_log(lines: Iterable[str], path: str) -> Finding | None:
    """The last exception in a service's log, with its last line in the learner's file `path`."""
    mishap = last_mishap(lines, path)
    if mishap is None:
        return None
    code = _line(mishap.line, mishap.function, mishap.source) if mishap.line else ""
    return Finding(seen=mishap.error, code=code)


def readable(lines: Iterable[str]) -> tuple[str, ...]:
    """The last lines of a service's log, as a reader wants them."""
    text = "\n".join(map(line_of, records_of(lines)))
    return tuple(text.splitlines()[-LOG_LINES:])


def _line(number: int, function: str, source: str) -> str:
    where = "" if function in ("", "<module>") else f", dans {function}"
    return f"ligne {number}{where} : {source.strip()}"
