"""What is used through the proxy of a Jupyter server with a base URL, as on JupyterHub."""

import os
import secrets
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pika
import pytest
import zoo
from basics import ROOT, eventually
from conftest import started, stop

from workbook.broker import Broker
from workbook.editions import solved_text, sources

pytestmark = pytest.mark.needs("chromium")

BASE = "/user/ada-lovelace/"
EXERCISE = "lab2.openapi"
LISTENS_WITHIN = 60  # seconds
ANSWERS_WITHIN = 20


def run(folder, *arguments, **environment):
    """A Python of ours that ends with its whole family."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=(folder / "output.log").open("a"),
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.fixture
def service(tmp_path):
    """The lab's own solution, served as a learner's cell is; its port."""
    source = next(s for s in sources(ROOT) if EXERCISE in s.exercises)
    solution = solved_text(zoo.cell_of(source, "answer", EXERCISE))
    (tmp_path / "products.py").write_text(solution.partition("\n")[2], encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = run(tmp_path, "-m", "services.chassis", "products.py", PORT=str(port))
    eventually(lambda: answers(port), LISTENS_WITHIN, "the service listens")
    yield port
    stop(process)


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """A Jupyter server under a base URL, with its proxy; its address and token."""
    folder = tmp_path_factory.mktemp("jupyter")
    token = secrets.token_hex(8)
    process = run(
        folder,
        *("-m", "jupyter_server", "--allow-root", "--no-browser", "-y", "--port=0"),
        *(f"--ServerApp.base_url={BASE}", f"--IdentityProvider.token={token}"),
        HOME=str(folder),
        JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
    )
    server = eventually(lambda: started(folder / "runtime"), LISTENS_WITHIN, "Jupyter listens")
    yield server["url"], token
    stop(process)


@pytest.fixture
def broker(tmp_path):
    opened = Broker.start(run_folder=tmp_path)
    yield opened
    opened.close()


def test_try_it_out_reaches_the_learners_service(service, jupyter, page):
    """Not Jupyter's own root, whose answer is 404."""
    url, token = jupyter
    page.goto(f"{url}proxy/{service}/openapi/swagger?token={token}")
    operation = page.locator(".opblock-get").filter(has_text="/products").first
    operation.locator("button.opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()

    with page.expect_response("**/products", timeout=ANSWERS_WITHIN * 1000) as answered:
        operation.get_by_role("button", name="Execute").click()

    assert answered.value.status == 200
    assert answered.value.json() == {"products": []}
    assert answered.value.url == f"{url}proxy/{service}/products"


@pytest.mark.needs("rabbitmq")
def test_broker_pages_are_used(broker, jupyter, page, screenshot):
    """Also the second time the browser asks, with the `Etag` that the proxy gave it."""
    url, token = jupyter
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        connection.channel().queue_declare("courrier.commandes", durable=True)
    refused = []
    page.on("response", lambda response: response.status >= 400 and refused.append(response))
    door = f"{url}proxy/{urlsplit(broker.pages()).port}/"

    page.goto(f"{door}?token={token}")
    page.get_by_label("Username").or_(page.locator("input[name=username]")).first.fill(broker.user)
    page.locator("input[name=password]").fill(broker.password)
    page.locator("input[type=submit]").click()
    page.locator("#menu a[href='#/queues']").click()
    row = page.locator("table.list tr", has_text="courrier.commandes")
    row.wait_for(timeout=ANSWERS_WITHIN * 1000)
    page.reload()
    row.wait_for(timeout=ANSWERS_WITHIN * 1000)
    screenshot(page, "broker_pages")
    row.locator("a").first.click()
    page.get_by_role("heading", name="courrier.commandes").wait_for(timeout=ANSWERS_WITHIN * 1000)

    assert [f"{r.status} {r.url}" for r in refused] == []
