"""What a service is started with: what its machine says, what the run decides, nothing else."""

import subprocess
import sys

import pytest
import zoo

from workbook import settings
from workbook.shop.environment import chosen_settings, service_environment

# What people have in their shells for other programs, each of which once broke the shop.
FOREIGN = {
    "LOG_LEVEL": "trace",
    "PROMETHEUS_MULTIPROC_DIR": "/nowhere/metrics",
    "THREADS": "auto",
    "TOKEN_LIFETIME": "15m",
    "INSTANCE_TTL": "30s",
    "RATE_LIMIT": "none",
    "PORT": "80",
    "FAULT": "everything",
    "REGISTRY_URL": "http://127.0.0.1:9",
    "DATABASE_URL": "postgresql://elsewhere/prod",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    "OTEL_TRACES_SAMPLER": "always_off",
    "OTEL_SDK_DISABLED": "true",
    "http_proxy": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "socks5h://127.0.0.1:9",
    "all_proxy": "socks5h://127.0.0.1:9",
}
ASKING = """
import requests, urllib.request
from flask import Flask
app = Flask(__name__)

@app.get("/through")
def through():
    with urllib.request.urlopen(ADDRESS) as answer:
        return [requests.get(ADDRESS).status_code, answer.status]
"""
SESSION = f"""
import requests, urllib.request
from workbook import Shop
shop = Shop.start("gateway", "auth", "products", broker=False)
shop.slow("products", 0.01)
answer = shop.get("/products/LAMP")
address = shop["products"].url + "/products/LAMP"
with urllib.request.urlopen(address) as read:
    print(answer.status_code, requests.get(address).status_code, read.status)
print(len(shop.spans(answer)) > 2)
shop.serve("asking", f"ADDRESS = {{address!r}}\\n" + {ASKING!r})
print(*shop["asking"].get("/through").json())
shop.stop()
"""


def made(**variables):
    return service_environment(
        "orders", system={"PATH": "/bin"}, database_url="sqlite://", **variables
    )


class TestServiceEnvironment:
    def test_says_who_and_where(self):
        """Name, instance, address and database: what the chassis reads."""
        environment = made(PEERS="{}")

        assert environment["INSTANCE"] == "orders-1"
        assert environment["HOST"] == "127.0.0.1"
        assert environment["PORT"] == "0"
        assert environment["DATABASE_URL"] == "sqlite://"
        assert environment["PEERS"] == "{}"

    def test_keeps_this_machine_out_of_any_proxy(self):
        """A learner's service reaches its peers whatever the two spellings say."""
        assert "127.0.0.1" in made()["no_proxy"].split(",")
        assert made()["no_proxy"] == made()["NO_PROXY"]

    def test_takes_of_the_machine_what_is_listed(self, monkeypatch):
        """Names that configure a program are none of the system's."""
        for name, value in FOREIGN.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("LC_TIME", "fr_FR.UTF-8")

        system = settings.of_the_system()

        assert not FOREIGN.keys() & system.keys()
        assert system["LC_TIME"] == "fr_FR.UTF-8"
        assert {"PATH", "HOME"} <= system.keys()


class TestChosenSettings:
    def test_what_a_notebook_sets_counts(self, monkeypatch):
        """A chapter that shortens tokens, or chooses its saga, is obeyed."""
        monkeypatch.setenv("TOKEN_LIFETIME", "2")
        monkeypatch.setenv("SAGA", "choreography")

        assert chosen_settings() == {"TOKEN_LIFETIME": "2", "SAGA": "choreography"}

    def test_what_came_with_the_process_does_not(self, monkeypatch):
        """The same name, in the shell that started the kernel, was meant for another program."""
        monkeypatch.setenv("TOKEN_LIFETIME", "15m")
        monkeypatch.setitem(settings.GIVEN, "TOKEN_LIFETIME", "15m")

        assert chosen_settings() == {}

    def test_a_collector_is_asked_for_by_name(self, monkeypatch):
        """Spans leave this machine because the course was told to send them, and only then."""
        pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
        assert chosen_settings() == {}

        monkeypatch.setenv("WORKBOOK_OTLP", "http://127.0.0.1:2")
        assert chosen_settings() == {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:2"}


class TestPastAnyProxy:
    @pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
    def test_adds_to_what_is_there(self, name):
        """What a company lists stays listed."""
        listed = settings.past_any_proxy({name: "intranet, .local"})["no_proxy"].split(",")

        assert listed[:2] == ["intranet", ".local"]
        assert set(settings.THIS_MACHINE) <= set(listed)

    def test_leaves_everything_as_it_is(self):
        """`*` already means everything."""
        assert settings.past_any_proxy({"no_proxy": "*"}) == {"no_proxy": "*", "NO_PROXY": "*"}


def test_foreign_variables_change_nothing():
    """A shop opened from a shell full of others' settings: open, seen, slowed, reached plainly."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION],
        env=zoo.python_environment(**FOREIGN), capture_output=True, text=True, timeout=100,
    )  # fmt: skip

    assert done.stdout.splitlines() == ["200 200 200", "True", "200 200"], done.stderr
