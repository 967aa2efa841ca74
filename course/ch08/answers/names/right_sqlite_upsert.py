import sqlite3


class Copy:
    """Une table, et une écriture qui ne remplace que du plus vieux."""

    def __init__(self):
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE TABLE names (customer TEXT PRIMARY KEY, version INTEGER, name TEXT)")

    def on_event(self, event):
        self.db.execute(
            "INSERT INTO names VALUES (?, ?, ?) ON CONFLICT (customer) DO UPDATE "
            "SET version = excluded.version, name = excluded.name "
            "WHERE excluded.version > names.version",
            (event["customer"], event["version"], event.get("name")),
        )

    def name(self, customer):
        row = self.db.execute("SELECT name FROM names WHERE customer = ?", [customer]).fetchone()
        return row[0] if row else None
