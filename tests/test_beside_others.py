"""On a machine that several people share, a run is its owner's alone (deploy/menaces.md)."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
import requests

from workbook.processes.credential import HEADER, Credential
from workbook.shop import Shop

pytestmark = pytest.mark.needs("rabbitmq")
NOBODY = "65534"
DROP = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
BUY = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}

REDIRECTING = """
from flask import Flask, redirect
app = Flask(__name__)

@app.get("/away")
def away():
    return redirect("{url}/there")
"""


@pytest.fixture(scope="module")
def shop():
    shop = Shop.start()
    shop.sign_in("alice")
    yield shop
    shop.stop()


@pytest.fixture(scope="module")
def before(shop):
    return state(shop)


@pytest.fixture(scope="module")
def answers(shop, before):
    """What the other user got, by what they tried."""
    if os.name != "posix" or os.getuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become another user, with setpriv")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        script = shutil.copy(Path(__file__).with_name("stranger.py"), folder)
        python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
        urls = json.dumps({name: service.url for name, service in shop.services.items()})
        pids = [str(i.process.pid) for service in shop.services.values() for i in service.running]
        command = [*DROP, python, "-I", script, urls, str(shop.run_folder), *pids]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def elsewhere():
    """A server that is not of the run; `seen` is [(path, {header: value})]."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            """Quiet."""

    seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url, server.seen = f"http://127.0.0.1:{server.server_port}", seen
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def state(shop):
    """What a stranger would want to change: who is registered, the stock, the prices."""
    listed = shop["registry"].get("/instances").json()["instances"]
    return {
        "instances": {(item["instance"], item["url"]) for item in listed},
        "stock": shop["inventory"].get("/stock").json(),
        "products": shop["products"].get("/products").json(),
        "faults": [shop[name].get("/internal/faults").json() for name in shop.services],
    }


class TestAnotherUser:
    def test_opens_nothing(self, answers):
        """Register, charge, refund, set the stock, slow down, read: refused, and as a 4xx."""
        statuses = {what: got for what, got in answers.items() if isinstance(got, int | str)}
        opened = {what: got for what, got in statuses.items() if got not in range(400, 500)}

        assert len(statuses) > 90
        assert opened == {}

    def test_reads_neither_environments_nor_databases(self, answers):
        assert answers["files"] == []

    def test_sees_no_secret_in_the_list_of_processes(self, shop):
        """What `ps` shows is shown to everybody."""
        processes = psutil.process_iter(["cmdline"])
        secret = shop.env("orders")["RUN_CREDENTIAL"]

        assert not [p for p in processes if any(secret in word for word in p.info["cmdline"] or ())]

    def test_changes_nothing(self, shop, before, answers):
        assert state(shop) == before

    def test_costs_customers_nothing(self, shop, answers):
        assert shop.post("/orders", BUY).status_code == 201


class TestTheOwner:
    """Whose notebook it is has every door open."""

    def test_writes_directly(self, shop):
        """`shop["inventory"]` shows the credential by itself."""
        level = shop["inventory"].get("/stock/DESK").json()["available"]

        assert shop["inventory"].put("/stock/DESK", {"available": level}).status_code == 200
        assert shop["payments"].put("/refunds/never-charged").status_code == 200

    def test_is_not_told_apart_at_the_gateway(self, shop):
        """A customer's door opens for nobody what customers may not do."""
        assert shop.put("/stock/LAMP", {"available": 1}).status_code == 405
        assert shop.put("/refunds/never-charged").status_code == 404

    def test_slows_a_service(self, shop):
        shop.slow("users", 0.1)
        shop.slow("users", 0)

        assert shop["users"].get("/internal/faults").json() == {}

    def test_a_learners_service_has_the_credential(self, shop):
        """In its environment, and the chassis shows it for them."""
        assert shop.env("products")["RUN_CREDENTIAL"].startswith("run_")


class TestTheCredential:
    def test_opens_one_service(self, shop):
        """What payments is shown opens neither inventory nor the registry."""
        shown = shop["payments"].get("/charges/nobody").request.headers[HEADER]
        headers = {HEADER: shown}

        stock = requests.put(
            f"{shop['inventory'].url}/stock/LAMP",
            json={"available": 0},
            headers=headers,
            timeout=20,
        )
        rogue = requests.put(
            f"{shop['registry'].url}/instances/auth/rogue",
            json={"url": "http://127.0.0.1:9"},
            headers=headers,
            timeout=20,
        )

        assert (stock.status_code, rogue.status_code) == (403, 403)

    def test_does_not_follow_a_redirection(self, shop, elsewhere):
        """Nor a host that hides in the path: only the service itself is shown it."""
        shop.serve("astray", REDIRECTING.format(url=elsewhere.url))

        shop["astray"].get("/away")
        shop["astray"].get(f"@{elsewhere.url.removeprefix('http://')}/hidden")

        assert [path for path, _ in elsewhere.seen] == ["/there", "/hidden"]
        assert all(HEADER.lower() not in headers for _, headers in elsewhere.seen)

    def test_is_never_the_same_twice(self):
        assert Credential().secret != Credential().secret
