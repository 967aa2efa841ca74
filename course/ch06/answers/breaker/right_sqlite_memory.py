import sqlite3


class Breaker:
    """Refuse les appels à un service qui va mal, et l’essaie de temps en temps."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.turn = threading.Condition()
        self.db = sqlite3.connect(
            ":memory:", check_same_thread=False, isolation_level=None
        )
        self.db.executescript(
            """
            CREATE TABLE calls (n INTEGER PRIMARY KEY, failed INTEGER);
            CREATE TABLE circuit (epoch INTEGER, opened REAL, trial INTEGER);
            INSERT INTO circuit VALUES (0, NULL, 0);
            """
        )

    def _sql(self, text, *values):
        return self.db.execute(text, values).fetchone()

    def _change(self, opened):
        self._sql("DELETE FROM calls")
        self._sql("UPDATE circuit SET epoch = epoch + 1, opened = ?, trial = 0", opened)

    def _admit(self):
        with self.turn:
            epoch, opened, trial = self._sql("SELECT epoch, opened, trial FROM circuit")
            if opened is not None:
                if trial or self.clock() - opened < 5:
                    raise CircuitOpen
                self._sql("UPDATE circuit SET trial = 1")
            return epoch

    def _record(self, epoch, failed):
        with self.turn:
            now, _, trial = self._sql("SELECT epoch, opened, trial FROM circuit")
            if now != epoch:
                return
            if trial:
                self._change(self.clock() if failed else None)
                return
            self._sql("INSERT INTO calls (failed) VALUES (?)", int(failed))
            (failures,) = self._sql(
                "SELECT SUM(failed) FROM (SELECT failed FROM calls ORDER BY n DESC LIMIT 10)"
            )
            if failures >= 5:
                self._change(self.clock())

    def call(self, function):
        """Ce que rend function(), ou CircuitOpen si elle n’a pas été appelée."""
        epoch = self._admit()
        try:
            result = function()
        except BaseException:
            self._record(epoch, True)
            raise
        else:
            self._record(epoch, False)
        return result
