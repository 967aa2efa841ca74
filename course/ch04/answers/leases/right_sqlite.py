import sqlite3


class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE TABLE lease (service, url, until, PRIMARY KEY (service, url))")

    def register(self, service, url):
        row = (service, url, self.clock() + 3)
        self.db.execute("INSERT OR REPLACE INTO lease VALUES (?, ?, ?)", row)

    def heartbeat(self, service, url):
        now = self.clock()
        done = self.db.execute(
            "UPDATE lease SET until = ? WHERE service = ? AND url = ? AND until > ?",
            (now + 3, service, url, now),
        )
        return done.rowcount == 1

    def deregister(self, service, url):
        self.db.execute("DELETE FROM lease WHERE service = ? AND url = ?", (service, url))

    def lookup(self, service):
        query = "SELECT url FROM lease WHERE service = ? AND until > ?"
        return [url for (url,) in self.db.execute(query, (service, self.clock()))]
