"""Real surroundings for the services' tests: processes, RabbitMQ, PostgreSQL, all of them private.

start("inventory")                        services.inventory.app as a process, listening
start(path, PORT="0", THREADS="2")        any file, any environment
start.together("orders", "inventory")     several that know each other by PEERS, no registry
rabbitmq_url, postgresql_url              a virtual host, a database, of this test alone
"""

import contextlib
import secrets
import shutil
import tempfile
from pathlib import Path

import pika
import programs
import pytest
from basics import eventually
from eventing import CONSUMER, PUBLISHER, Queues, is_consumed
from surroundings import PostgreSQL, Starter


@pytest.fixture(scope="session")
def run_folder():
    folder = tempfile.mkdtemp(prefix="workbook-")
    Path(folder).chmod(0o755)
    yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(tmp_path):
    starter = Starter(tmp_path)
    yield starter
    starter.close()


@pytest.fixture(scope="module")
def start_shared(tmp_path_factory):
    """As `start`, for services that all the tests of a file share."""
    starter = Starter(tmp_path_factory.mktemp("shared"))
    yield starter
    starter.close()


@pytest.fixture(scope="session")
def broker(run_folder):
    """A RabbitMQ of this test session."""
    if programs.missing(["rabbitmq"]):
        pytest.skip("il manque rabbitmq")
    from workbook.broker import Broker

    broker = Broker.start(run_folder=run_folder)
    yield broker
    broker.close()


@pytest.fixture
def rabbitmq_url(broker):
    """The URL of a fresh virtual host, deleted after the test."""
    name = f"test-{secrets.token_hex(4)}"
    base, _, _ = broker.url.rpartition("/")
    user = base.partition("://")[2].partition(":")[0]
    broker.api("PUT", f"/vhosts/{name}")
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    broker.api("PUT", f"/permissions/{name}/{user}", json=everything)
    yield f"{base}/{name}"
    broker.api("DELETE", f"/vhosts/{name}")


@pytest.fixture
def queues(rabbitmq_url):
    """The test's own hands at the broker."""
    queues = Queues(rabbitmq_url)
    yield queues
    with contextlib.suppress(pika.exceptions.AMQPError):
        queues.connection.close()


@pytest.fixture
def publisher(start, rabbitmq_url):
    """A service called orders that records events."""
    return start.script("orders", PUBLISHER, RABBITMQ_URL=rabbitmq_url)


@pytest.fixture
def consumer(start, rabbitmq_url, queues):
    """A service called notifications that handles them, its queue bound."""
    service = start.script("notifications", CONSUMER, RABBITMQ_URL=rabbitmq_url)
    eventually(lambda: is_consumed(queues, "notifications.orders"))
    return service


@pytest.fixture(scope="session")
def postgresql(run_folder):
    """A PostgreSQL of this test session, run by an ordinary user; its URL without a database."""
    initdb = programs.find("postgresql")
    if not initdb:
        pytest.skip("il manque postgresql")
    server = PostgreSQL(Path(initdb).parent, run_folder / "postgresql")
    yield server
    server.stop()


@pytest.fixture
def postgresql_url(postgresql):
    """The DATABASE_URL of a fresh database."""
    return postgresql.create_database(f"test_{secrets.token_hex(4)}")
