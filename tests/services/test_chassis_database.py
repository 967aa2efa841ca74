"""The database, on SQLite and on a real PostgreSQL."""

import sqlite3
import threading

import pytest
from basics import eventually

COUNTER = """
    from sqlalchemy import text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    from flask import request
    from services.chassis import create_service
    from services.chassis.database import Database

    app = create_service("counter")


    class Base(DeclarativeBase):
        pass


    class Counter(Base):
        __tablename__ = "counters"

        name: Mapped[str] = mapped_column(primary_key=True)
        value: Mapped[int] = mapped_column(default=0)


    database = Database(Base)


    @app.post("/counters/<name>")
    def increment(name):
        with database.transaction() as session:
            counter = database.claim(session, Counter, name=name)
            counter.value = (counter.value or 0) + 1
            if request.args.get("fail"):
                raise RuntimeError
        return {"value": counter.value}


    @app.get("/counters/<name>")
    def show(name):
        with database.reading() as session:
            counter = session.get(Counter, name)
        return {"value": counter.value if counter else None}


    @app.post("/cheat")
    def cheat():
        with database.reading() as session:
            session.add(Counter(name="cheat", value=1))
        return {}


    @app.post("/twice")
    def twice():
        with database.transaction(), database.transaction():
            return {}


    @app.post("/fill")
    def fill():
        with database.transaction() as session:
            for number in range(5000):
                session.add(Counter(name=f"{number}-" + "x" * 500, value=0))
        return {}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path}/counter.db"


def increment(service, times, name="visits"):
    for _ in range(times):
        assert service.post(f"/counters/{name}").status_code == 200


class TestBoth:
    def test_two_instances_start_at_once(self, start, url):
        """Both find no tables; both may create them."""
        pair = [
            start.script(
                "counter", COUNTER, instance=f"counter-{number}", wait=False, DATABASE_URL=url
            )
            for number in range(3)
        ]
        for service in pair:
            service.wait_for("event", event="ready")

        assert {service.post("/counters/a").status_code for service in pair} == {200}
        assert [line for service in pair for line in service.of_kind("log", level="ERROR")] == []

    def test_loses_no_increment(self, start, url):
        """Two instances, eight clients, one row: every increment counts."""
        pair = [
            start.script("counter", COUNTER, instance=f"counter-{number}", DATABASE_URL=url)
            for number in range(2)
        ]
        clients = [
            threading.Thread(target=increment, args=(pair[number % 2], 10)) for number in range(8)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()

        assert pair[0].get("/counters/visits").json() == {"value": 80}

    def test_an_exception_undoes_the_transaction(self, start, url):
        service = start.script("counter", COUNTER, DATABASE_URL=url)
        increment(service, 1)

        assert service.post("/counters/visits?fail=1").status_code == 500
        assert service.get("/counters/visits").json() == {"value": 1}

    def test_reading_cannot_write(self, start, url):
        """A mistake is loud, not a lock."""
        service = start.script("counter", COUNTER, DATABASE_URL=url)

        assert service.post("/cheat").status_code >= 500
        assert service.get("/counters/cheat").json() == {"value": None}

    def test_what_is_committed_survives_a_kill(self, start, url):
        service = start.script("counter", COUNTER, DATABASE_URL=url)
        increment(service, 5)
        service.kill()

        again = start.script("counter", COUNTER, DATABASE_URL=url)

        assert again.get("/counters/visits").json() == {"value": 5}


class TestSqlite:
    def test_readers_do_not_wait_for_a_writer(self, start, tmp_path):
        service = start.script("counter", COUNTER)
        increment(service, 1)
        with sqlite3.connect(tmp_path / "counter.db", isolation_level=None) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE counters SET value = 100")

            assert service.get("/counters/visits", timeout=20).json() == {"value": 1}
            writer.execute("ROLLBACK")
        writer.close()

    def test_a_writer_that_waits_for_itself_is_refused(self, start, tmp_path):
        """A transaction inside another has an end, and those behind it get their turn."""
        service = start.script("counter", COUNTER, DATABASE_URL=f"sqlite:///{tmp_path}/counter.db")
        assert service.post("/twice").status_code == 503

        increment(service, 1)

    def test_says_why_a_file_is_no_database(self, start, tmp_path):
        """Only a locked database is waited for: any other cause is told, not hidden behind it."""
        (tmp_path / "counter.db").write_text("Ceci n’est pas une base de données. " * 100)
        service = start.script("counter", COUNTER, wait=False)
        log = service.wait_for("log", level="ERROR")

        assert "file is not a database" in log["exception"]
        assert "database is locked" not in service.text()

    def test_a_full_disk_is_507(self, start, tmp_path):
        """The customer is told that nothing was stored, in words; then life goes on."""
        service = start.script("counter", COUNTER)
        increment(service, 1)
        source = COUNTER.replace(
            '    @app.post("/fill")',
            "    from services.chassis import lifecycle\n\n\n"
            "    @lifecycle.on_start\n    def limit():\n        from sqlalchemy import event\n"
            "        event.listen(database.engine, 'connect', lambda connection, record: "
            "connection.execute('PRAGMA max_page_count = 50'))\n"
            '        database.engine.dispose()\n\n\n    @app.post("/fill")',
        )
        small = start.script("counter", source, instance="counter-2")

        response = small.post("/fill")

        assert response.status_code == 507
        assert "disque est plein" in response.json()["detail"]
        assert small.get("/counters/visits").json() == {"value": 1}


class TestPostgresql:
    def test_not_ready_while_it_is_away(self, start, postgresql, postgresql_url):
        """Ready depends on the database; alive does not; requests say 503 and work again after."""
        service = start.script("counter", COUNTER, DATABASE_URL=postgresql_url)
        postgresql.stop()
        try:
            assert service.get("/health/ready").status_code == 503
            assert service.get("/health/live").status_code == 200
            assert service.get("/counters/visits").status_code == 503
        finally:
            postgresql.start()

        eventually(lambda: service.get("/health/ready").status_code == 200)
        increment(service, 1)
