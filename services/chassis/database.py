"""Database: one of its own for each service (microservices.io, "Database per service").

SQLite by default, PostgreSQL by DATABASE_URL, both through SQLAlchemy. Nothing is opened before
the service starts or asks for its first transaction.
"""

import functools
import sqlite3
import threading
import time
from contextlib import contextmanager

from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from services.chassis import settings
from services.chassis.faults import sleep_without
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem, translates

BUSY_MILLISECONDS = 5000
CREATION_LOCK = 7239
INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Database:
    """The tables of `base`, a SQLAlchemy declarative base, in this service's own database."""

    def __init__(self, base):
        self._schemas = [base.metadata]
        self._preparing, self._writing = threading.Lock(), threading.Lock()
        self._ready = False
        sleep_without(self._turn)
        lifecycle.on_start(self.prepare)
        lifecycle.on_stop(self.close)
        lifecycle.readiness(self.check, "database")

    def include(self, base):
        """Keep the tables of another base in the same database: outbox, inbox."""
        self._schemas.append(base.metadata)

    @functools.cached_property
    def engine(self):
        url = make_url(settings.database_url())
        return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)

    @functools.cached_property
    def _reader(self):
        return self.engine.execution_options(read_only=True, postgresql_readonly=True)

    @contextmanager
    def transaction(self):
        """A session that commits at the end of the block, and rolls back if an exception leaves it.

        On SQLite it holds the write lock from its first line (BEGIN IMMEDIATE), so that what it
        reads cannot change before it writes.
        """
        self.prepare()
        with (
            self._turn(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
        for function in session.info.get("after_commit", ()):
            function()

    def after_commit(self, session, function):
        """Call `function()` once the transaction of `session` has committed."""
        session.info.setdefault("after_commit", []).append(function)

    @contextmanager
    def reading(self):
        """A session that only reads, from one instant's state; it never waits for writers."""
        self.prepare()
        with Session(self._reader, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _turn(self):
        """One writer of this process at a time, where the database takes only one anyway.

        SQLite's own waiters sleep and look again, less and less often, whoever came first: under
        load an order in twenty waited five times longer than the others. Writers of other
        processes are met at BEGIN IMMEDIATE, and wait as long.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self._writing.acquire(timeout=BUSY_MILLISECONDS / 1000):
            locked = sqlite3.OperationalError("database is locked")
            raise OperationalError("BEGIN IMMEDIATE", None, locked)
        try:
            yield
        finally:
            self._writing.release()

    def insert_once(self, session, model, **row):
        """Insert a row unless one with its key is there; whether it was inserted."""
        insert = INSERT[self.engine.dialect.name](model).values(row).on_conflict_do_nothing()
        # What comes back says it; the row count does not, PostgreSQL's driver leaves it at -1.
        return session.execute(insert.returning(*model.__table__.primary_key)).first() is not None

    def claim(self, session, model, **key):
        """The row with that key, made if there is none, and locked until the transaction ends.

        Whoever comes second waits for the first, and then sees what the first has made of it.
        """
        self.insert_once(session, model, **key)
        return session.get(model, key, with_for_update=True)

    def prepare(self):
        """Create the missing tables; two instances may do so at once: the second one waits."""
        if self._ready:
            return
        with self._preparing, self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({CREATION_LOCK})"))
            for schema in self._schemas:
                schema.create_all(connection)
            self._ready = True

    def check(self):
        """Raise if the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self):
        self.engine.dispose()


def _sqlite(url):
    engine = create_engine(url, pool_size=10, max_overflow=20)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection, record):
    """WAL: readers beside one writer. busy_timeout: a second writer waits for its turn."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    _change_to_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")


def _change_to_wal(connection):
    """Heedless of busy_timeout, this fails at once where two processes do it together."""
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_locked = error.sqlite_errorname.startswith("SQLITE_BUSY")
            if not is_locked or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _begin(connection):
    reads = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {reads:d}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url):
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 3})


@translates(DBAPIError)
def _database_failed(error):
    if "disk is full" in str(error.orig) or "No space left" in str(error.orig):
        return Problem(507)
    if isinstance(error, OperationalError):
        return Problem(503, "La base de données ne répond pas.", {"Retry-After": "1"})
    return None
