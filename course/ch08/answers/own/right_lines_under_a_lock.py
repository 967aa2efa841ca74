from dataclasses import dataclass
from threading import RLock


@dataclass(frozen=True)
class Line:
    name: str
    version: int


class OwnReader:
    """Lit la copie, ou demande à carnet si elle est trop vieille."""

    def __init__(self, ask):
        self._ask = ask
        self._lines: dict[str, Line] = {}
        self._lock = RLock()

    def on_event(self, event):
        line = Line(event["name"], int(event["version"]))
        with self._lock:
            known = self._lines.get(event["customer"])
            if known is None or known.version < line.version:
                self._lines[event["customer"]] = line

    def read(self, customer, written):
        """Le nom du client, à la version que j’ai écrite au moins."""
        needed = 0
        if written is not None and written["customer"] == customer:
            needed = int(written["version"])
        with self._lock:
            known = self._lines.get(customer)
        if known is not None and known.version >= needed:
            return known.name
        return self._ask(customer)["name"]
