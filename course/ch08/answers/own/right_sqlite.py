import sqlite3


class OwnReader:
    """La copie est une table, la question une requête."""

    def __init__(self, ask):
        self.ask = ask
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE TABLE names (customer TEXT PRIMARY KEY, version INTEGER, name TEXT)")

    def on_event(self, event):
        row = {key: event[key] for key in ("customer", "version", "name")}
        self.db.execute("REPLACE INTO names VALUES (:customer, :version, :name)", row)

    def read(self, customer, written):
        least = -1 if written is None else written["version"]
        row = self.db.execute(
            "SELECT name FROM names WHERE customer = ? AND version >= ?", [customer, least]
        ).fetchone()
        return row[0] if row else self.ask(customer)["name"]
