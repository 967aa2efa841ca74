"""Prometheus reads the shop: its own tool accepts every /metrics, its own language answers RED."""

import re
import subprocess
import uuid
from pathlib import Path

import programs
import pytest
import requests
from basics import eventually
from order_shop import SECONDS
from ports import free_port
from whole_shop import WholeShop

pytestmark = pytest.mark.needs("prometheus", "rabbitmq")
CONFIGURATION = """
global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}
scrape_configs:
  - job_name: shop
    static_configs:
{targets}
"""
TARGET = "      - {{targets: ['127.0.0.1:{port}'], labels: {{service: {name}}}}}"
SHOW_ORDER = "method='GET', route='/orders/<order_id>'"
MISSED = 100


@pytest.fixture(scope="module")
def shop(broker):
    shop = WholeShop(RABBITMQ_URL=broker.url).start()
    shop.ports["monolith"] = free_port()
    shop.start("monolith")
    for card in ("tok_visa", "tok_visa", "tok_visa", "tok_declined"):
        shop.order(card=card)
    for _ in range(MISSED):
        shop.call("orders", "GET", f"/orders/{uuid.uuid4()}", "alice")
    for path in ("/products", "/products/MUG", "/stock/MUG", "/users/me", "/notifications"):
        shop.call("gateway", "GET", path, "alice")
        shop.call("monolith", "GET", path)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def prometheus(shop, tmp_path_factory):
    server = Prometheus(tmp_path_factory.mktemp("prometheus"), shop.ports)
    yield server
    server.close()


class Prometheus:
    """A server of our own, that scrapes the services five times a second."""

    def __init__(self, folder, ports):
        targets = "\n".join(TARGET.format(name=name, port=port) for name, port in ports.items())
        configuration = folder / "prometheus.yml"
        configuration.write_text(CONFIGURATION.format(targets=targets))
        port = free_port()
        self.url, self.log = f"http://127.0.0.1:{port}", (folder / "log").open("w+")
        command = [programs.find("prometheus"), f"--config.file={configuration}"]
        command += [f"--storage.tsdb.path={folder / 'data'}"]
        command += [f"--web.listen-address=127.0.0.1:{port}"]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=self.log, stderr=self.log, start_new_session=True
        )
        eventually(self.is_ready, what="Prometheus")

    def is_ready(self):
        if self.process.poll() is not None:
            self.log.seek(0)
            pytest.fail(f"Prometheus ended:\n{self.log.read()}")
        try:
            return requests.get(f"{self.url}/-/ready", timeout=1).ok
        except requests.ConnectionError:
            return False

    def close(self):
        self.process.kill()
        self.process.wait(SECONDS)
        self.log.close()

    def get(self, path, **params):
        return requests.get(f"{self.url}/api/v1/{path}", params=params, timeout=SECONDS).json()[
            "data"
        ]

    def query(self, promql):
        """The instant vector: [(labels, value)]."""
        result = self.get("query", query=promql)["result"]
        return [(sample["metric"], float(sample["value"][1])) for sample in result]


def test_promtool_accepts_every_service(shop):
    """All ten, after traffic: names, units, types and labels by Prometheus's own rules."""
    promtool = Path(programs.find("prometheus")).with_name("promtool")

    assert len(shop.ports) == 10
    for name in shop.ports:
        page = shop.call(name, "GET", "/metrics").content
        check = subprocess.run([promtool, "check", "metrics"], input=page, capture_output=True)
        assert (check.returncode, check.stdout + check.stderr) == (0, b""), name


def test_every_service_is_scraped(prometheus, shop):
    def up():
        return {labels["service"] for labels, value in prometheus.query("up == 1")}

    assert eventually(lambda: up() == set(shop.ports) and up(), what="every target up")


def test_rate_errors_duration(prometheus, shop):
    """The RED method in PromQL: requests, the share refused and the 95th percentile of a route."""
    labels = "{service='orders', method='POST', route='/orders'}"
    window = f"{labels}[1m]"
    name = "http_server_request_duration_seconds"
    keep_asking(shop, prometheus, f"increase({name}_count{window}) > 0")
    refused = window.replace("'}", "', status='402'}")
    share = f"sum(rate({name}_count{refused})) / sum(rate({name}_count{window}))"
    p95 = f"histogram_quantile(0.95, sum by (le, route) (rate({name}_bucket{window})))"

    [(_, rate)] = prometheus.query(f"sum(rate({name}_count{window}))")
    assert rate > 0
    [(_, errors)] = prometheus.query(share)
    assert 0 < errors < 1
    [(of, seconds)] = prometheus.query(p95)
    assert (of, 0 < seconds < SECONDS) == ({"route": "/orders"}, True)


def keep_asking(shop, prometheus, promql):
    """Rates need two scrapes with orders, good and bad, between them."""

    def asked():
        for card in ("tok_visa", "tok_declined"):
            shop.order(card=card)
        return {"201", "402"} <= {labels["status"] for labels, _ in prometheus.query(promql)}

    eventually(asked, what=promql)


def test_one_series_for_a_hundred_orders(prometheus):
    """A label that held the order's id would make a hundred: cardinality."""
    selector = f"http_server_request_duration_seconds_count{{{SHOW_ORDER}, service='orders'}}"
    eventually(lambda: prometheus.query(f"{selector} >= {MISSED}"), what="a hundred requests")

    [(labels, count)] = prometheus.query(selector)
    assert (labels["status"], count) == ("404", MISSED)
    assert labels.keys() == {"__name__", "instance", "job", "service", "method", "route", "status"}


def test_no_label_holds_an_id(prometheus, shop):
    """Nor a user, nor a SKU, nor anything else that grows with the business."""
    series = prometheus.get("series", **{"match[]": '{job="shop"}'})
    values = {value for labels in series for value in labels.values()}

    assert len(values) > 50
    unbounded = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{16}|\balice\b|\bMUG\b|tok_")
    assert [value for value in values if unbounded.search(value)] == []
