"""Books: the databases of some services, read from outside, as an auditor reads them."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

JSON_COLUMNS = {"items", "trace", "quantities", "answer"}
EVERYBODYS = {"outbox", "inbox", "lease"}  # the chassis's: each service has its own
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


class Books:
    """The SQLite files of a folder, one for each of these services.

    Nothing is held open: the death of a file's owner must be a real one. While it is dead, its
    file may refuse to be read: sqlite3.OperationalError.
    """

    def __init__(self, folder: Path, services: Iterable[str]) -> None:
        self.folder, self.services = folder, tuple(services)

    def read(self, service: str, query: str) -> list[sqlite3.Row]:
        """What a query finds; nothing, for a service that has not been born."""
        file = self.folder / f"{service}.db"
        if not file.exists():
            return []
        with contextlib.closing(
            sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
        ) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()

    def rows(self, service: str, table: str) -> list[dict[str, Any]]:
        """A table, as a list of dicts."""
        return [decoded(row) for row in self.read(service, f"SELECT * FROM {table}")]

    def tables(self) -> dict[str, Any]:
        """Every table of every service; of the chassis's, one for each service."""
        found: dict[str, Any] = {
            table: {name: [] for name in self.services} for table in EVERYBODYS
        }
        for service in self.services:
            for (table,) in self.read(service, TABLES):
                rows = self.rows(service, table)
                if table in EVERYBODYS:
                    found[table][service] = rows
                else:
                    found[table] = rows
        return found


def decoded(row: sqlite3.Row) -> dict[str, Any]:
    """A row as a dict, its JSON read."""
    return {
        name: json.loads(row[name]) if name in JSON_COLUMNS and row[name] else row[name]
        for name in row.keys()  # noqa: SIM118 - a sqlite3.Row iterates over its values
    }
