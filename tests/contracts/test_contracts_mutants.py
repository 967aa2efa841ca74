"""The proof of the proof: contracts break when a provider breaks its consumers, and only then.

Each mutant is the real service with one change that somebody might make on a Tuesday.
"""

import contextlib
import json
import sqlite3
import uuid

import pytest
from house import House, interactions
from stub import mismatch
from verifier import differences, example, fill, verify_call, verify_event

from workbook.processes.credential import HEADER

MUTANT = """
import json

from services.{name}.app import app


@app.after_request
def mutate(response):
    body = response.get_json(silent=True)
    {change}
    response.set_data(json.dumps(body))
    return response
"""
HARMLESS = {
    "a member more": "body['currency'] = 'EUR'",
    "another order": "body = dict(reversed(body.items()))",
    "other values": "body.update(name='Lampe', price_cents=4990)",
    "without a member that orders does not use": "del body['description']",
}
BREAKING = {
    "renamed": "body['unit_price'] = body.pop('price_cents')",
    "removed": "del body['name']",
    "a number as text": "body['price_cents'] = str(body['price_cents'])",
    "euros for cents": "body['price_cents'] /= 100",
    "null": "body['name'] = None",
    "wrapped": "body = {'data': body}",
    "another status": "response.status_code = 203",
}
STATUSES = {
    "inventory says no with 200": ("inventory", "reserve what is not there", 409, 200),
    "inventory says no with 422": ("inventory", "reserve what is not there", 409, 422),
    "payments says no with 400": ("payments", "charge a refused card", 402, 400),
    "products answers 200 for nothing": ("products", "a product that does not exist", 404, 200),
}
EVENTS = {
    "no user_id": ("del data['user_id']", ["user_id"]),
    "total renamed": ("data['total'] = data.pop('total_cents')", ["total_cents"]),
    "another word for the status": ("data['status'] = 'DONE'", ["status"]),
    "a member more": ("data['currency'] = 'EUR'", []),
    "without the items, which notifications does not use": ("del data['items']", []),
}


@pytest.fixture(scope="module")
def house():
    house = House()
    yield house
    house.close()


@pytest.fixture
def mutant(house, tmp_path):
    """A function: start `source` as the service called `name`."""
    started = []

    def start(name, source):
        path = tmp_path / "mutant.py"
        path.write_text(source)
        instance = f"{name}-{uuid.uuid4().hex[:6]}"
        own = {"SERVICE_NAME": name, "INSTANCE": instance, "PORT": "0"}
        own["DATABASE_URL"] = f"sqlite:///{tmp_path / name}.db"
        process = house.launcher.spawn(instance, str(path), {**house.env, **own})
        started.append(process)
        house.await_line(process, event="ready")
        house.ports[name] = house.await_line(process, event="listening")["port"]
        return house.url(name)

    yield start
    for process in started:
        process.kill()
        process.wait(20)


@pytest.fixture
def broken(house):
    """A function: what a provider at `url` does not keep of the contract orders has with it."""

    def verify(url, provider, description, **values):
        [interaction] = interactions("orders", provider, [description])
        proof = house.credential.shown_to(provider)[HEADER]
        known = {"order_id": str(uuid.uuid4()), "credential": proof, **values}
        return verify_call(url, interaction, known)

    return verify


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_providers_may_change(mutant, broken, change):
    url = mutant("products", MUTANT.format(name="products", change=change))

    assert broken(url, "products", "a product that is sold", sku="LAMP") == []


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_consumers_are_protected(mutant, broken, change):
    url = mutant("products", MUTANT.format(name="products", change=change))

    assert broken(url, "products", "a product that is sold", sku="LAMP")


@pytest.mark.parametrize("case", STATUSES.values(), ids=STATUSES)
def test_statuses_are_agreed(mutant, broken, case):
    provider, description, agreed, said = case
    change = f"if response.status_code == {agreed}: response.status_code = {said}"
    url = mutant(provider, MUTANT.format(name=provider, change=change))

    assert broken(url, provider, description, sku="NONE") == [f"status is {said}, not {agreed}"]


def test_requests_are_agreed(mutant, broken):
    """A member that inventory suddenly insists on, and orders does not send."""
    source = """
from services.inventory import schemas

schemas.Line.model_fields["quantity"].validation_alias = "units"
schemas.Line.model_rebuild(force=True)
schemas.Wanted.model_rebuild(force=True)
from services.inventory.app import app
"""
    url = mutant("inventory", source)

    found = broken(url, "inventory", "reserve what is there", sku="MUG")
    assert found == ["status is 422, not 201"]


@pytest.mark.parametrize("case", EVENTS.values(), ids=EVENTS)
def test_events_are_agreed(house, mutant, tmp_path, case):
    change, missed = case
    mutant("orders", EVENT_MUTANT.format(change=change))
    agreement = {
        "products": ["a product that is sold"],
        "inventory": ["reserve what is there", "confirm a reservation"],
        "payments": ["charge a good card"],
    }
    house.agree("orders", **agreement)
    order = {"items": [{"sku": "MUG", "quantity": 2}], "card": "tok_visa"}
    assert house.ask("orders", "POST", "/orders", json=order).status_code == 201
    [interaction] = interactions("notifications", "orders", ["order confirmed"])

    found = verify_event(interaction, outbox(tmp_path / "orders.db"))
    assert [sentence.split()[0] for sentence in found] == [f"body.data.{name}" for name in missed]


EVENT_MUTANT = """
from services.orders import endings, placing

payload = endings.payload


def mutated(order):
    data = payload(order)
    {change}
    return data


endings.payload = placing.payload = mutated
from services.orders.app import app
"""


def outbox(path):
    """The events that wait to be published, as they will be."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT routing_key, body FROM outbox ORDER BY id").fetchall()
    return [{"routing_key": routing_key, "body": json.loads(body)} for routing_key, body in rows]


@pytest.mark.parametrize("member", ["name", "price_cents"])
def test_consumers_use_what_they_ask_for(house, member):
    """A contract may not ask for more than is used: without it orders must be at a loss."""
    house.start("orders")
    house.agree("orders")
    [sold] = interactions("orders", "products", ["a product that is sold"])
    body = {name: value for name, value in sold["response"]["body"].items() if name != member}
    house.stubs["products"].answers({**sold, "response": {"status": 200, "body": body}})
    order = {"items": [{"sku": "MUG", "quantity": 2}], "card": "tok_visa"}

    assert house.ask("orders", "POST", "/orders", json=order).status_code == 502


class TestMatching:
    @pytest.mark.parametrize(
        ("expected", "actual"),
        [
            (1, 2),
            (1.5, 2),
            ("a", ""),
            ({"a": 1}, {"a": 2, "b": 3}),
            ([], [1, "two"]),
            ([1], [2, 3]),
            ({"exactly": "RSA"}, "RSA"),
            (None, None),
        ],
    )
    def test_alike(self, expected, actual):
        assert differences(expected, actual) == []

    @pytest.mark.parametrize(
        ("expected", "actual"),
        [
            (1, 2.5),
            (1, True),
            (1, "1"),
            (1, None),
            ({"a": 1}, {}),
            ({"a": 1}, [1]),
            ([1], []),
            ([1], [1, "two"]),
            ([{"a": 1}], [{"a": 1}, {}]),
            ({"exactly": 1}, True),
            ({"exactly": "RSA"}, "EC"),
        ],
    )
    def test_different(self, expected, actual):
        assert differences(expected, actual)

    def test_requests_say_nothing_more(self):
        """What the contract does not mention, a provider may refuse."""
        assert differences({"a": 1}, {"a": 1, "b": 2}, strict=True)

    def test_examples_and_values(self):
        template = {"path": "/orders/{id}", "body": {"status": {"exactly": "PAID"}, "of": ["{id}"]}}

        filled = {"path": "/orders/7", "body": {"status": "PAID", "of": ["7"]}}
        assert example(fill(template, {"id": "7"})) == filled

    def test_a_stub_is_strict(self):
        """It knows no other path, no other member, and misses a header."""
        reserve = {
            "method": "PUT",
            "path": "/stock/{sku}",
            "headers": {"Key": "k"},
            "body": {"n": 1},
        }

        assert not mismatch(reserve, "PUT", "/stock/MUG", {"key": "x"}, {"n": 3})
        for strange in (
            ("POST", "/stock/MUG", {"key": "x"}, {"n": 3}),
            ("PUT", "/stock/MUG/more", {"key": "x"}, {"n": 3}),
            ("PUT", "/stock/MUG", {}, {"n": 3}),
            ("PUT", "/stock/MUG", {"key": "x"}, {"n": 3, "m": 4}),
        ):
            assert mismatch(reserve, *strange)
