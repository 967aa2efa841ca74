"""Books: the databases of one shop, read from outside, as an auditor reads them."""

import contextlib
import json
import sqlite3

from .plans import TRIED

JSON_COLUMNS = {"items", "trace", "quantities", "answer"}
# Which service keeps each table that is judged.
KEPT_BY = {
    "orders": "orders",
    "idempotency_keys": "orders",
    "sagas": "orders",
    "saga_log": "orders",
    "ledger": "payments",
    "stock": "inventory",
    "notifications": "notifications",
}


class Books:
    """The SQLite files of a folder, one for each service.

    Nothing is held open: the death of a file's owner must be a real one. While it is dead, its
    file may refuse to be read: sqlite3.OperationalError.
    """

    def __init__(self, folder):
        self.folder = folder

    def read(self, service, query):
        """What a query finds; nothing, for a service that has not been born."""
        file = self.folder / f"{service}.db"
        if not file.exists():
            return []
        with contextlib.closing(
            sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
        ) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()

    def rows(self, service, table):
        """A table, as a list of dicts."""
        return [decoded(row) for row in self.read(service, f"SELECT * FROM {table}")]

    def tables(self):
        """Every table that is judged, and the outbox and inbox of each service."""
        return {
            **{table: self.rows(service, table) for table, service in KEPT_BY.items()},
            "outbox": {name: self.rows(name, "outbox") for name in TRIED},
            "inbox": {name: self.rows(name, "inbox") for name in TRIED},
        }

    def unfinished(self):
        """What the services still have to do, in words; None when there is nothing."""
        if self.read("orders", "SELECT 1 FROM orders WHERE status = 'PENDING' LIMIT 1"):
            return "des commandes attendent"
        unsaid = "SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1"
        if any(self.read(name, unsaid) for name in TRIED):
            return "des événements ne sont pas publiés"
        return None

    def unheard(self, bindings):
        """The queues, of these (queue, routing key), that have not had all they subscribed to."""
        told = "SELECT message_id, routing_key FROM outbox"
        heard = "SELECT consumer, message_id FROM inbox"
        events = [tuple(row) for name in TRIED for row in self.read(name, told)]
        inbox = {tuple(row) for name in TRIED for row in self.read(name, heard)}
        return {
            queue
            for message_id, routing_key in events
            for queue, key in bindings
            if key == routing_key and (queue, message_id) not in inbox
        }

    def out_of_time(self):
        """Whether every order has run out of time."""
        in_time = """
            SELECT 1 FROM orders WHERE id NOT IN (
                SELECT order_id FROM saga_log WHERE command = 'saga' AND outcome = 'timed out'
            ) LIMIT 1
        """
        with contextlib.suppress(sqlite3.OperationalError):
            return not self.read("orders", in_time)
        return False


def decoded(row):
    return {
        name: json.loads(row[name]) if name in JSON_COLUMNS and row[name] else row[name]
        for name in row.keys()  # noqa: SIM118 - a sqlite3.Row iterates over its values
    }
