import sqlite3


class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.db = sqlite3.connect(":memory:", check_same_thread=False)
        self.db.execute(
            "CREATE TABLE lease (service TEXT, url TEXT, until REAL, PRIMARY KEY (service, url))"
        )

    def register(self, service, url):
        self.db.execute(
            "INSERT OR REPLACE INTO lease VALUES (?, ?, ?)", (service, url, self.clock() + 3)
        )

    def heartbeat(self, service, url):
        now = self.clock()
        cursor = self.db.execute(
            "UPDATE lease SET until = ? WHERE service = ? AND url = ? AND until > ?",
            (now + 3, service, url, now),
        )
        return cursor.rowcount == 1

    def deregister(self, service, url):
        self.db.execute("DELETE FROM lease WHERE service = ? AND url = ?", (service, url))

    def lookup(self, service):
        rows = self.db.execute(
            "SELECT url FROM lease WHERE service = ? AND until > ? ORDER BY url DESC",
            (service, self.clock()),
        )
        return [url for (url,) in rows]
