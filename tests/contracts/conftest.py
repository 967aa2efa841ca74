"""The contracts' tests stand on the same processes as the services' own."""

import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import programs
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))


@pytest.fixture(scope="session")
def broker():
    """A RabbitMQ of this test session."""
    if programs.missing(["rabbitmq"]):
        pytest.skip("il manque rabbitmq")
    from workbook.broker import Broker

    folder = tempfile.mkdtemp(prefix="workbook-")
    Path(folder).chmod(0o755)
    broker = Broker.start(run_folder=Path(folder))
    yield broker
    broker.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def virtual_host(broker):
    """A function that makes a virtual host and returns its URL; deleted after the module."""
    base = broker.url.rpartition("/")[0]
    user = base.partition("://")[2].partition(":")[0]
    made = []

    def make():
        made.append(f"contracts-{secrets.token_hex(4)}")
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        broker.api("PUT", f"/vhosts/{made[-1]}")
        broker.api("PUT", f"/permissions/{made[-1]}/{user}", json=everything)
        return f"{base}/{made[-1]}"

    yield make
    for name in made:
        broker.api("DELETE", f"/vhosts/{name}")
