import sqlite3


class Shelf:
    """Une vraie base, dont le contenu est rangé dans rows."""

    def __init__(self, rows):
        self.rows = rows
        self.base = sqlite3.connect(":memory:")
        self.base.execute("CREATE TABLE shelf (sku TEXT PRIMARY KEY, price, token)")
        self.base.executemany("INSERT INTO shelf VALUES (?, ?, ?)", rows.get("shelf", []))

    def write(self, sku, price, token):
        done = self.base.execute(
            "INSERT INTO shelf VALUES (?, ?, ?) ON CONFLICT (sku) DO UPDATE "
            "SET price = excluded.price, token = excluded.token WHERE token <= excluded.token",
            [sku, price, token],
        )
        self.rows["shelf"] = self.base.execute("SELECT * FROM shelf").fetchall()
        return done.rowcount == 1

    def read(self, sku):
        row = self.base.execute("SELECT price FROM shelf WHERE sku = ?", [sku]).fetchone()
        return row and row[0]
