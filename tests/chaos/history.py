"""History: what clients asked and what they heard, with times, in the vocabulary of Jepsen.

    invoke   a client sends a request
    ok       it heard yes: the order is taken (2xx)
    fail     it heard no: nothing was bought (a final 4xx, or an order that ended otherwise)
    info     it does not know: the connection broke, or the answer was a 5xx without an order

Source: Jepsen, "History"; the outcome of an `info` is only known afterwards, from the books.
"""

import itertools
import threading
import time
from dataclasses import dataclass, field

ORDER = "POST /orders"


@dataclass(frozen=True)
class Record:
    """One line of a history; an invocation and its completion have the same number."""

    type: str
    number: int
    operation: str
    key: str | None
    time: float  # epoch seconds
    value: dict = field(default_factory=dict)


class History:
    """The records of one run, from any number of client threads."""

    def __init__(self, records=()):
        self.records = list(records)
        self._numbers = itertools.count(len(self.records))
        self._writing = threading.Lock()

    def invoke(self, operation, key=None, **value):
        """Write an invocation; returns its number, for `complete`."""
        with self._writing:
            number = next(self._numbers)
            self._write("invoke", number, operation, key, value)
        return number

    def complete(self, type, number, operation, key=None, **value):
        with self._writing:
            self._write(type, number, operation, key, value)

    def _write(self, type, number, operation, key, value):
        self.records.append(Record(type, number, operation, key, time.time(), value))

    def of(self, *types, operation=ORDER):
        return [r for r in self.records if r.type in types and r.operation == operation]

    def keys(self):
        """The Idempotency-Keys that clients used to place orders."""
        return {record.key for record in self.of("invoke") if record.key}

    def answers(self):
        """The completions that carry an order: what clients were promised."""
        return [record for record in self.of("ok", "fail") if record.value.get("order")]


def completion(status, order):
    """How a response completes an order's invocation."""
    if 200 <= status < 300:
        return "ok"
    return "fail" if 400 <= status < 500 or order else "info"
