"""History: what clients asked and what they heard, with times, in the vocabulary of Jepsen.

    invoke   a client sends a request
    ok       it heard yes: the order is taken (2xx)
    fail     it heard no: nothing was bought (a final 4xx, or an order that ended otherwise)
    info     it does not know: the connection broke, or the answer was a 5xx without an order

Source: Jepsen, "History"; the outcome of an `info` is only known afterwards, from the books.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

ORDER = "POST /orders"


@dataclass(frozen=True)
class Record:
    """One line of a history; an invocation and its completion have the same number."""

    type: str
    number: int
    operation: str
    key: str | None
    time: float  # epoch seconds
    value: dict[str, Any] = field(default_factory=dict)


class History:
    """The records of one run, from any number of client threads."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.records = list(records)
        self._numbers = itertools.count(len(self.records))
        self._writing = threading.Lock()

    def invoke(self, operation: str, key: str | None = None, **value: object) -> int:
        """Write an invocation; returns its number, for `complete`."""
        with self._writing:
            number = next(self._numbers)
            self._write("invoke", number, operation, key, value)
        return number

    def complete(
        self, type: str, number: int, operation: str, key: str | None = None, **value: object
    ) -> None:
        """Write how the invocation of that number ended."""
        with self._writing:
            self._write(type, number, operation, key, value)

    def _write(
        self, type: str, number: int, operation: str, key: str | None, value: dict[str, Any]
    ) -> None:
        self.records.append(Record(type, number, operation, key, time.time(), value))

    def of(self, *types: str, operation: str = ORDER) -> list[Record]:
        """The records of these types about one operation."""
        return [r for r in self.records if r.type in types and r.operation == operation]

    def keys(self) -> set[tuple[str, str]]:
        """The Idempotency-Keys that clients used to place orders, each with its user."""
        return {(record.value["user"], record.key) for record in self.of("invoke") if record.key}

    def answers(self) -> list[Record]:
        """The completions that carry an order: what clients were promised."""
        return [record for record in self.of("ok", "fail") if record.value.get("order")]


def completion(status: int, order: Mapping | None) -> str:
    """How a response completes an order's invocation."""
    if 200 <= status < 300:
        return "ok"
    return "fail" if 400 <= status < 500 or order else "info"
