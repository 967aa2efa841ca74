"""A service's output: cut into lines, read no faster than its budget."""

from __future__ import annotations

import time

from workbook.processes.process import Process

LONGEST_LINE = 64 * 1024  # bytes; a longer one is kept in pieces
LINES_PER_SECOND = 5000  # what one service may make the kernel read, on average
BYTES_PER_SECOND = 4_000_000
BURST = 0.5  # seconds of that budget that may be spent at once
RECORD = b'{"kind": "'  # how a service's own records begin; inside JSON text quotes are escaped


class Output:
    """Gives a process its lines.

    Past the budget the pipe is left full, so that a flooding service is slowed by its own writes.
    """

    def __init__(self, process: Process):
        self.process = process
        self._rest = b""
        self._paid_until = 0.0

    def hear(self, data: bytes, keep: int | None = None) -> float:
        """Give the lines in `data` to the process; return the time to read again.

        With `keep`, only that many last lines are given; the others count as dropped.
        """
        lines = self._split(data)
        if keep is not None and len(lines) > keep:
            self.process.dropped += len(lines) - keep
            lines = lines[-keep:]
        for line in lines:
            self.process.hear(line.decode("utf-8", "replace"))
        cost = max(len(lines) / LINES_PER_SECOND, len(data) / BYTES_PER_SECOND)
        self._paid_until = max(self._paid_until, time.monotonic() - BURST) + cost
        return self._paid_until

    def finish(self) -> None:
        """Give the last line, even unfinished."""
        if self._rest:
            self.hear(b"\n")

    def _split(self, data: bytes) -> list[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        pieces = [piece for line in lines for part in _parted(line) for piece in _pieces(part)]
        if len(self._rest) > LONGEST_LINE:
            *cut, self._rest = _pieces(self._rest)
            pieces += cut
        return pieces


def _parted(line: bytes) -> list[bytes]:
    """A progress bar ends no line: the record written after it is one of its own all the same."""
    at = line.find(RECORD)
    return [line[:at], line[at:]] if at > 0 and line.endswith(b"}") else [line]


def _pieces(line: bytes) -> list[bytes]:
    if len(line) <= LONGEST_LINE:
        return [line]
    return [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)]
