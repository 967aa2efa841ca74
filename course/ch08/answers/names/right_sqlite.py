import sqlite3


class Copy:
    """Les noms des clients, dans une base SQLite en mémoire."""

    def __init__(self):
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE TABLE names (customer TEXT PRIMARY KEY, version INTEGER, name TEXT)")

    def on_event(self, event):
        name = event["name"] if event["type"] == "CUSTOMER_CHANGED" else None
        with self.db:
            self.db.execute(
                """INSERT INTO names VALUES (?, ?, ?)
                ON CONFLICT (customer) DO UPDATE
                SET version = excluded.version, name = excluded.name
                WHERE excluded.version > names.version""",
                (event["customer"], event["version"], name),
            )

    def name(self, customer):
        """Le nom du client, ou None."""
        row = self.db.execute("SELECT name FROM names WHERE customer = ?", (customer,)).fetchone()
        return row[0] if row else None
