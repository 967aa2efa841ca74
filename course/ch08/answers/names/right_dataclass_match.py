from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Record:
    version: float = float("-inf")
    name: str | None = None

    def newer(self, version, name):
        if version <= self.version:
            return self
        return replace(self, version=version, name=name)


class Copy:
    """Les noms des clients, tels que leurs événements les disent."""

    def __init__(self):
        self.records: dict[str, Record] = {}

    def _put(self, customer, version, name):
        self.records[customer] = self.records.get(customer, Record()).newer(version, name)

    def on_event(self, event):
        match event:
            case {"type": "CUSTOMER_CHANGED", "customer": customer, "version": version, "name": name}:
                self._put(customer, version, name)
            case {"type": "CUSTOMER_DELETED", "customer": customer, "version": version}:
                self._put(customer, version, None)

    def name(self, customer):
        """Le nom du client, ou None."""
        record = self.records.get(customer)
        return record.name if record else None
