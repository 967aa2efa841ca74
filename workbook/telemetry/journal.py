"""What a service wrote, made readable: its log lines, and the last thing that went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.telemetry.spans import parse

IDENTITIES = {"kind", "timestamp", "level", "service", "instance", "message", "exception", "logger"}
TRACE_IDS = {"trace_id", "span_id", "correlation_id"}
ERROR_LINE = re.compile(r"^([A-Za-z_][\w.]*)(?:: (.*))?$")


class Journal(Sequence):
    """Log records, oldest first: dictionaries to look into, lines when displayed.

    `named` says before each line which service wrote it.
    """

    def __init__(self, records: Iterable[dict], named: bool = False) -> None:
        self._records, self._named = list(records), named

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, index: int | slice) -> dict | Journal:
        found = self._records[index]
        return Journal(found, self._named) if isinstance(index, slice) else found

    def __repr__(self) -> str:
        return "\n".join(map(self._line, self._records)) or "Journal vide."

    def _line(self, record: dict) -> str:
        author = f"{record.get('service', ''):<13} " if self._named else ""
        return f"{author}{line_of(record)}"


def records_of(lines: Iterable[str]) -> list[dict]:
    """Return the log records among output lines, spans and events left out."""
    # A copy, made at once: the process may be writing to the very deque that keeps its lines.
    return [record for record in map(parse, list(lines)) if record["kind"] == "log"]


def line_of(record: dict) -> str:
    """One record as one line (more with an exception): time, level, message, fields."""
    if record.get("level") is None:
        return record["message"]
    clock = str(record.get("timestamp", ""))[11:19]
    fields = {k: v for k, v in record.items() if k not in IDENTITIES | TRACE_IDS and v is not None}
    words = [clock, f"{record['level']:<7}", str(record.get("message", ""))]
    line = " ".join([*words, *(f"{key}={value}" for key, value in fields.items())])
    return "\n".join([line, str(record["exception"]).rstrip()]) if record.get("exception") else line


@dataclass(frozen=True, slots=True)
class Mishap:
    """The last exception of a journal: its type, and with its message as `error`.

    `line` is the number in the learner's file, if one is.
    """

    kind: str
    error: str
    line: int | None = None
    function: str = ""
    source: str = ""

    @property
    def not_written(self) -> bool:
        """Whether it is what a stub raises."""
        return self.kind == NotImplementedError.__name__


def last_mishap(lines: Iterable[str], path: str) -> Mishap | None:
    """Find the last traceback in output lines, and the last line of `path` in it."""
    text = "\n".join(_exception(record) for record in records_of(lines))
    found = _last_error(text)
    if found is None:
        return None
    kind, error = found
    places = re.findall(rf'File "{re.escape(path)}", line (\d+)(?:, in (\S+))?', text)
    if not places:
        return Mishap(kind, error)
    number, function = int(places[-1][0]), places[-1][1]
    return Mishap(kind, error, number, function.removeprefix("<module>"), _source(path, number))


def _exception(record: dict) -> str:
    return str(record.get("exception") or "") if record.get("level") else record["message"]


def _last_error(text: str) -> tuple[str, str] | None:
    """`KeyError`, `KeyError : 'sku'` from the last line of the last traceback, None without one."""
    _, found, last = text.rpartition("Traceback (most recent call last):")
    for line in (last if found else text).splitlines():
        match = ERROR_LINE.match(line)
        if match and (found or match[1].endswith("Error")):
            name = match[1].rpartition(".")[2]
            return name, f"{name} : {match[2]}" if match[2] else name
    return None


def _source(path: str, number: int) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()[number - 1].strip()
    except (OSError, IndexError):
        return ""
