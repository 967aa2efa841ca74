"""Client-side discovery: caching, turns, and living on without the registry."""

import logging

import pytest
from basics import eventually

from services.chassis.discovery import (
    CACHE_SECONDS,
    GRACE_SECONDS,
    SUSPECT_SECONDS,
    Addresses,
    RegistryUnavailable,
)
from services.chassis.outage import Outage

REGISTRY = """
    from pathlib import Path
    from flask import Flask, request

    app = Flask(__name__)


    @app.route("/instances/<path:rest>", methods=["GET", "PUT", "DELETE"])
    def instances(rest):
        if request.method == "PUT":
            with Path("heartbeats").open("a") as heartbeats:
                heartbeats.write("one more\\n")
            return {"lease": 7}
        return {"instances" if Path("mended").exists() else "services": []}
"""
SHOP = """
    from flask import Flask
    from services.chassis.calls import service

    app = Flask(__name__)


    @app.get("/call")
    def call():
        return service("orders").get("/").text
"""


class Registry:
    """What the registry answers, and the clock."""

    def __init__(self):
        self.answer, self.now, self.asked = ["http://a", "http://b", "http://c"], 100.0, 0

    def fetch(self, service):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def addresses(registry):
    return Addresses("orders", registry.fetch, clock=lambda: registry.now)


def test_takes_turns(addresses):
    """Successive calls begin at successive instances."""
    firsts = [addresses.in_turn()[0] for _ in range(6)]

    assert firsts == ["http://a", "http://b", "http://c"] * 2


def test_asks_once_a_second(addresses, registry):
    for _ in range(5):
        addresses.in_turn()
    assert registry.asked == 1

    registry.now += CACHE_SECONDS
    addresses.in_turn()

    assert registry.asked == 2


def test_survives_a_silent_registry(addresses, registry):
    """Last known addresses serve for as long as nobody says otherwise."""
    addresses.in_turn()
    registry.answer = RegistryUnavailable()
    registry.now += 10 * GRACE_SECONDS

    assert len(addresses.in_turn()) == 3


def test_survives_a_newborn_registry(addresses, registry):
    """A registry that has just restarted knows nobody until the next heartbeats."""
    addresses.in_turn()
    registry.answer = []
    registry.now += 2

    assert len(addresses.in_turn()) == 3


def test_believes_in_the_end(addresses, registry):
    """Nobody for that long is really nobody."""
    addresses.in_turn()
    registry.answer = []
    registry.now += GRACE_SECONDS + 1

    assert addresses.in_turn() == []


def test_nobody_yet_is_asked_again(addresses, registry):
    """Services start together: the first call may come before the other has registered."""
    registry.answer = []
    assert addresses.in_turn() == []
    registry.answer = ["http://a"]

    assert addresses.in_turn() == ["http://a"]


def test_suspects_come_last(addresses, registry):
    """Who refused a call is not the first to get the next one, but still the last resort."""
    addresses.in_turn()
    addresses.suspect("http://b")

    assert {addresses.in_turn()[-1] for _ in range(6)} == {"http://b"}
    assert registry.asked == 2

    registry.now += SUSPECT_SECONDS + 0.1

    assert {addresses.in_turn()[0] for _ in range(3)} == {"http://a", "http://b", "http://c"}


class TestOutage:
    def test_is_logged_at_its_ends(self, caplog):
        """Two lines an outage, however many calls fail meanwhile; the next outage has its own."""
        outage = Outage("Le registre", logging.getLogger("outage"))

        with caplog.at_level(logging.INFO):
            outage.ends()
            for _ in range(2):
                for _ in range(3):
                    outage.begins("connection refused")
                for _ in range(3):
                    outage.ends()

        assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"] * 2
        assert "connection refused" in caplog.text

    def test_says_why_nobody_is_known(self, start):
        """A registry that answers nonsense: the caller reads that nobody is known, the log why.

        Once, although the same registry goes on taking note of registrations in between.
        """
        registry = start.script("registry", REGISTRY)
        shop = start.script("shop", SHOP, REGISTRY_URL=registry.url)
        assert {shop.get("/call").status_code for _ in range(3)} == {503}
        said = {"level": "WARNING", "logger": "services.chassis.discovery"}
        warning = shop.wait_for("log", **said)
        heartbeats = start.folder / "heartbeats"
        eventually(lambda: heartbeats.exists() and heartbeats.read_text().count("more") >= 2)
        assert {shop.get("/call").status_code for _ in range(3)} == {503}
        assert len(shop.of_kind("log", **said)) == 1
        assert "KeyError('instances')" in warning["message"]

        (start.folder / "mended").touch()

        eventually(lambda: shop.get("/call").status_code == 503)
        shop.wait_for("log", level="INFO", logger="services.chassis.discovery")


def test_what_is_asked_of_it_is_seen(start):
    """Heartbeats and lookups have client spans, of no request's trace: its list is shared."""
    registry = start.script("registry", REGISTRY)
    (start.folder / "mended").touch()
    shop = start.script("shop", SHOP, REGISTRY_URL=registry.url)
    shop.get("/call", headers={"X-Correlation-ID": "story-4"})

    for name in ("PUT registry", "GET registry"):
        asked = shop.wait_for("span", name=name)
        served = registry.wait_for("span", trace_id=asked["trace_id"])

        assert asked["attributes"]["peer.service"] == "registry"
        assert asked["parent_id"] is None
        assert asked["correlation_id"] != "story-4"
        assert served["parent_id"] == asked["span_id"]
