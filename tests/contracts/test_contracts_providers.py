"""Every provider keeps every contract, and no call of the shop goes without one."""

import re

import pytest
from basics import eventually
from listening import Ear
from order_shop import lines
from states import STATES
from stub import pattern
from verifier import load, name_of, verify_call, verify_event
from whole_shop import WholeShop

from workbook.processes.credential import HEADER

pytestmark = pytest.mark.needs("rabbitmq")
CONTRACTS = load()
REGISTRY = "every_service"


@pytest.fixture(scope="module")
def worlds(virtual_host):
    """The shop, orchestrated and choreographed; each with an ear on its events."""
    worlds = {}
    for saga in ("orchestration", "choreography"):
        url = virtual_host()
        worlds[saga] = WholeShop(RABBITMQ_URL=url, SAGA=saga)
        worlds[saga].ear = Ear(url)
        worlds[saga].start()
    yield worlds
    for world in worlds.values():
        world.ear.close()
        world.close()


@pytest.fixture(scope="module")
def evenings(worlds):
    return {saga: an_evening(world) for saga, world in worlds.items()}


def world_of(interaction, worlds):
    return worlds[interaction.get("saga", "orchestration")]


@pytest.mark.parametrize("interaction", [i for i in CONTRACTS if "request" in i], ids=name_of)
def test_answers_as_agreed(worlds, interaction):
    """The real provider gives the consumer all that it uses."""
    world = world_of(interaction, worlds)
    proof = world.credential.shown_to(interaction["provider"])
    values = {"credential": proof[HEADER], **STATES[interaction["state"]](world)}

    assert verify_call(world.url(interaction["provider"]), interaction, values) == []


@pytest.mark.parametrize("interaction", [i for i in CONTRACTS if "message" in i], ids=name_of)
def test_tells_as_agreed(worlds, interaction):
    """The real provider publishes events that the consumer can work with."""
    world = world_of(interaction, worlds)
    values = STATES[interaction["state"]](world)
    events = world.ear.of(values["order_id"], interaction["message"]["routing_key"])

    assert verify_event(interaction, events) == []


class TestNoCallWithoutContract:
    @pytest.mark.parametrize("saga", ["orchestration", "choreography"])
    def test_in_an_evening(self, evenings, saga):
        assert uncovered(evenings[saga], CONTRACTS) == set()

    @pytest.mark.parametrize(
        ("saga", "call"),
        [
            ("orchestration", ("orders", "products", "GET /products/MUG")),
            ("orchestration", ("notifications", "orders", "order.confirmed")),
            ("choreography", ("inventory", "orders", "order.created")),
        ],
    )
    def test_sees_a_missing_contract(self, evenings, saga, call):
        """Take one contract away, and what it was about is reported."""
        others = [i for i in CONTRACTS if (i["consumer"], i["provider"]) != call[:2]]

        assert call in uncovered(evenings[saga], others)


def an_evening(shop):
    """A visit of every public page and orders that end well and badly; the spans of it all."""
    asked = [
        ("GET", "/products"),
        ("GET", "/products/MUG"),
        ("GET", "/stock"),
        ("GET", "/stock/MUG"),
    ]
    asked += [("GET", "/orders"), ("GET", "/users/me"), ("GET", "/notifications")]
    credentials = {"username": "alice", "password": shop.password}
    shop.call("gateway", "POST", "/auth/login", json=credentials)
    for card in ("tok_visa", "tok_declined"):
        order = {"items": [{"sku": "MUG", "quantity": 1}], "card": card}
        answer = shop.call("gateway", "POST", "/orders", "alice", json=order).json()
        order_id = answer.get("order", answer)["id"]
        asked += [("GET", f"/orders/{order_id}{more}") for more in ("", "/saga", "/summary")]
        shop.settle()
        shop.ear.of(order_id, "email.sent")
    for method, path in asked:
        shop.call("gateway", method, path, "alice")
    last = asked[-1][1].split("/")[2]
    eventually(
        lambda: [
            s for s in spans(shop) if last in str(s["attributes"]) and s["name"] == "GET payments"
        ],
        what="the last call's span",
    )
    return spans(shop)


def spans(shop):
    return [
        line
        for process in shop.processes.values()
        for line in lines(process)
        if line["kind"] == "span"
    ]


def uncovered(spans, contracts):
    """(consumer, provider, what) of each call and each handled event without a contract."""
    authors = {span["span_id"]: span["service"] for span in spans}
    seen = {
        (span["service"], span["attributes"]["peer.service"], request_of(span))
        for span in spans
        if span["span_kind"] == "client"
    } | {
        (span["service"], authors[span["parent_id"]], routing_key_of(span))
        for span in spans
        if span["span_kind"] == "consumer" and span["parent_id"] in authors
    }
    return {call for call in seen if not any(covers(i, *call) for i in contracts)}


def covers(interaction, consumer, provider, what):
    if interaction["provider"] != provider:
        return False
    if interaction["consumer"] not in (consumer, "every_service"):
        return False
    if "message" in interaction:
        return interaction["message"]["routing_key"] == what
    request = interaction["request"]
    path = request["path"].partition("?")[0]
    return bool(re.fullmatch(f"{request['method']} {pattern(path)}", what))


def request_of(span):
    path = span["attributes"]["url.path"].partition("?")[0]
    return f"{span['attributes']['http.request.method']} {path}"


def routing_key_of(span):
    return span["attributes"]["messaging.rabbitmq.destination.routing_key"]
