"""Tells the learner's code from ours, in a traceback or in a service's log.

A notebook's cells run in `__main__`: the last frame of that module is the learner's line. A plain
function handed to `check()` is also marked when called, so that a wrong signature is the learner's
error although no line of theirs was reached.
"""

from __future__ import annotations

import functools
import inspect
import json
import linecache
import re
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from workbook.checks.outcome import Finding

MARK = "_raised_by_learner"
LOG_LINES = 8
ERROR_LINE = re.compile(r"^([A-Za-z_][\w.]*)(?:: (.*))?$")


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
    text = "\n".join(_exception_text(line) for line in lines)
    error = _last_error(text)
    if error is None:
        return None
    places = re.findall(rf'File "{re.escape(path)}", line (\d+)(?:, in (\S+))?', text)
    if not places:
        return Finding(seen=error)
    number, function = int(places[-1][0]), places[-1][1]
    return Finding(seen=error, code=_line(number, function, _source(path, number)))


def readable(lines: Iterable[str]) -> tuple[str, ...]:
    """The last log lines, spans left out, JSON records reduced to their message."""
    texts = [text for line in lines if (text := _message(line))]
    return tuple("\n".join(texts).splitlines()[-LOG_LINES:])


def _line(number: int, function: str, source: str) -> str:
    where = "" if function in ("", "<module>") else f", dans {function}"
    return f"ligne {number}{where} : {source.strip()}"


def _source(path: str, number: int) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()[number - 1]
    except (OSError, IndexError):
        return ""


def _last_error(text: str) -> str | None:
    """`KeyError : 'sku'` from the last line of the last traceback, None without a traceback."""
    _, found, last = text.rpartition("Traceback (most recent call last):")
    if not found:
        last = text
    for line in last.splitlines():
        match = ERROR_LINE.match(line)
        if match and (found or match[1].endswith("Error")):
            name = match[1].rpartition(".")[2]
            return f"{name} : {match[2]}" if match[2] else name
    return None


def _record(line: str) -> dict:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _exception_text(line: str) -> str:
    record = _record(line)
    return str(record.get("exception") or "") if record else line


def _message(line: str) -> str:
    record = _record(line)
    if not record:
        return line
    if record.get("kind") != "log":
        return ""
    parts = (record.get("message"), record.get("exception"))
    return "\n".join(str(part) for part in parts if part)
