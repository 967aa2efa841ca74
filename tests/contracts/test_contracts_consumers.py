"""Every consumer sends what its contracts say, and an answer like theirs is all it needs.

A contract that no consumer lives by is a promise that nobody asked for; each interaction has
its test here, in which the real consumer meets a stub made of the contract.
"""

import uuid

import pytest
from basics import eventually
from house import House
from listening import Ear
from states import run_out_of_time
from verifier import example, fill, load, name_of

pytestmark = pytest.mark.needs("rabbitmq")
LIVED = {}
ORDER = {"items": [{"sku": "MUG", "quantity": 2}], "card": "tok_visa"}
BUYING = {
    "products": ["a product that is sold"],
    "inventory": ["reserve what is there", "confirm a reservation"],
    "payments": ["charge a good card"],
}


def lives(consumer, provider, *descriptions):
    """The decorated function makes the consumer live these interactions."""

    def register(function):
        for description in descriptions:
            LIVED[consumer, provider, description] = function
        return function

    return register


@pytest.fixture(scope="module")
def house(virtual_host):
    url = virtual_host()
    house = House(RABBITMQ_URL=url, SAGA_TIMEOUT="60")
    house.ear = Ear(url)
    yield house
    house.ear.close()
    house.close()


@pytest.fixture(scope="module")
def started(house):
    """A function: the service called `name` with these settings, started at its first use."""
    now = {}

    def start(name, **env):
        key = name, tuple(env.items())
        if key not in now:
            now[key] = house.start(name, **env), house.ports[name]
        house.processes[name], house.ports[name] = now[key]

    return start


@pytest.mark.parametrize("interaction", load(), ids=name_of)
def test_lives_by_its_contract(house, started, interaction):
    parties = interaction["consumer"], interaction["provider"], interaction["description"]
    LIVED[parties](house, started, interaction)

    if "request" in interaction:
        assert interaction["description"] in house.stubs[interaction["provider"]].used


# --- orders, orchestrated ------------------------------------------------------------------------


@lives("orders", "products", "a product that is sold")
@lives("orders", "inventory", "reserve what is there", "confirm a reservation")
@lives("orders", "payments", "charge a good card")
def sells(house, started, interaction):
    started("orders")
    house.agree("orders", **BUYING)
    answer = house.ask("orders", "POST", "/orders", json=ORDER)

    assert (answer.status_code, answer.json()["total_cents"]) == (201, 7980)
    assert strangers(house) == []


@lives("orders", "products", "a product that does not exist")
def knows_no_unicorn(house, started, interaction):
    started("orders")
    house.agree("orders", products=["a product that does not exist"])

    assert house.ask("orders", "POST", "/orders", json=ORDER).status_code == 422
    assert strangers(house) == []


@lives("orders", "inventory", "reserve what is not there")
def tells_of_a_shortage(house, started, interaction):
    started("orders")
    house.agree("orders", **{**BUYING, "inventory": ["reserve what is not there"]})
    answer = house.ask("orders", "POST", "/orders", json=ORDER)

    assert (answer.status_code, answer.json()["detail"]) == (409, "MUG est épuisé.")
    assert strangers(house) == []


@lives("orders", "payments", "charge a refused card")
@lives("orders", "inventory", "release a reservation")
def gives_back_what_is_not_paid(house, started, interaction):
    started("orders")
    undone = ["reserve what is there", "release a reservation"]
    paid = ["charge a refused card"]
    house.agree("orders", **{**BUYING, "inventory": undone, "payments": paid})
    answer = house.ask("orders", "POST", "/orders", json={**ORDER, "card": "tok_declined"})

    assert (answer.status_code, answer.json()["detail"]) == (402, "La banque a refusé la carte.")
    assert in_order(house.stubs["inventory"].used) == undone


@lives("orders", "payments", "refund a charge")
def refunds_what_it_is_not_sure_of(house, started, interaction):
    """Payments answers no charge: time runs out, and whatever it did is undone."""
    started("orders")
    undone = ["reserve what is there", "release a reservation"]
    house.agree("orders", **{**BUYING, "inventory": undone, "payments": ["refund a charge"]})
    answer = house.ask("orders", "POST", "/orders", json=ORDER)
    assert (answer.status_code, answer.json()["status"]) == (202, "PENDING")
    run_out_of_time(house.folder / "orders.db", answer.json()["id"])

    eventually(lambda: in_order(house.stubs["inventory"].used) == undone, what="a release")
    assert {path for _, path, _ in strangers(house)} == {f"/charges/{answer.json()['id']}"}


# --- orders, choreographed -----------------------------------------------------------------------


@lives("orders", "payments", "lay a card down")
def lays_the_card_down(house, started, interaction):
    place_choreographed(house, started)


@lives("orders", "payments", "payment processed", "payment failed")
@lives("orders", "inventory", "stock refused")
def hears_how_it_ended(house, started, interaction):
    order_id = place_choreographed(house, started)
    publish(house, interaction, order_id=order_id)
    ending = {"payment processed": "CONFIRMED"}.get(interaction["description"], "REJECTED")

    eventually(lambda: status(house, order_id) == ending, what=f"{order_id} {ending}")


def place_choreographed(house, started):
    started("orders", SAGA="choreography", DATABASE_URL=database(house, "choreographed"))
    house.agree("orders", products=BUYING["products"], payments=["lay a card down"])
    answer = house.ask("orders", "POST", "/orders", json=ORDER)
    assert (answer.status_code, strangers(house)) == (202, [])
    return answer.json()["id"]


def status(house, order_id):
    return house.ask("orders", "GET", f"/orders/{order_id}").json()["status"]


# --- those who are told by events ----------------------------------------------------------------


@lives("inventory", "orders", "order created", "order confirmed", "order rejected")
@lives("inventory", "orders", "order cancelled")
def follows_the_orders(house, started, interaction):
    started("inventory", SAGA="choreography")
    order_id, before = str(uuid.uuid4()), house.stock("MUG")
    if interaction["description"] != "order created":
        items = {"items": [{"sku": "MUG", "quantity": 2}]}
        house.ask("inventory", "PUT", f"/reservations/{order_id}", json=items)
    moved = {"order created": (-2, 2, 0), "order confirmed": (-2, 0, 2)}
    available, reserved, sold = moved.get(interaction["description"], (0, 0, 0))
    publish(house, interaction, order_id=order_id)

    expected = {
        **before,
        "available": before["available"] + available,
        "reserved": before["reserved"] + reserved,
        "sold": before["sold"] + sold,
    }
    eventually(lambda: house.stock("MUG") == expected, what=f"stock {expected}")


@lives("payments", "inventory", "stock reserved", "stock released")
@lives("payments", "orders", "order cancelled")
def follows_the_stock(house, started, interaction):
    started("payments", SAGA="choreography")
    order_id, intent = str(uuid.uuid4()), {"amount_cents": 7980, "card": "tok_visa"}
    state = {"stock reserved": "CHARGED"}.get(interaction["description"], "REFUNDED")
    asked = f"/intents/{order_id}" if state == "CHARGED" else f"/charges/{order_id}"
    house.ask("payments", "PUT", asked, json=intent)
    publish(house, interaction, order_id=order_id)

    charge = f"/charges/{order_id}"
    eventually(
        lambda: house.ask("payments", "GET", charge).json().get("state") == state, what=state
    )


@lives("payments", "orders", "order rejected")
def forgets_the_card(house, started, interaction):
    started("payments", SAGA="choreography")
    order_id, intent = str(uuid.uuid4()), {"amount_cents": 7980, "card": "tok_visa"}
    house.ask("payments", "PUT", f"/intents/{order_id}", json=intent)
    publish(house, interaction, order_id=order_id)

    kept = f"SELECT card FROM intents WHERE order_id = '{order_id}'"
    eventually(lambda: not house.rows("payments", kept), what="a forgotten card")


@lives("notifications", "orders", "order confirmed", "order rejected", "order cancelled")
def tells_the_customer(house, started, interaction):
    started("notifications")
    house.agree("notifications")
    order_id = str(uuid.uuid4())
    publish(house, interaction, order_id=order_id)

    def sent():
        path = f"/notifications?order_id={order_id}"
        return house.ask("notifications", "GET", path).json()["notifications"]

    kind = interaction["message"]["routing_key"]
    assert [each["kind"] for each in eventually(sent, what="a notification")] == [kind]


def publish(house, interaction, **values):
    """Publish the contract's own example, once somebody has bound a queue."""
    message = example(fill(interaction["message"], {"message_id": str(uuid.uuid4()), **values}))
    queue = {
        "orders": "orders.choreography",
        "inventory": "inventory.choreography",
        "payments": "payments.choreography",
        "notifications": "notifications.orders",
    }[interaction["consumer"]]
    eventually(lambda: house.ear.is_bound(queue), what=f"a consumer of {queue}")
    house.ear.publish(message["routing_key"], message["body"])


# --- the gateway ---------------------------------------------------------------------------------

SHOWN_AS = {"/login": "/auth/login"}
GATEWAY = [
    ("auth", "sign in", "sign in with a wrong password"),
    ("orders", "place an order", "somebody else's order", "my orders", "an order's saga"),
    ("notifications", "my notifications"),
    ("products", "the catalogue", "a product"),
    ("inventory", "the stock", "the stock of an article"),
    ("users", "my profile"),
]


def passes_on(house, started, interaction):
    """What the public path says, the service is asked, and its answer is the gateway's."""
    started("gateway")
    provider, request = interaction["provider"], interaction["request"]
    house.agree("gateway", **{provider: [interaction["description"]]})
    path = SHOWN_AS.get(request["path"], request["path"]).format(sku="MUG", order_id="7")
    answer = house.ask("gateway", request["method"], path, json=example(request.get("body")))

    assert answer.status_code == interaction["response"]["status"]
    assert strangers(house) == []


for provider, *descriptions in GATEWAY:
    lives("gateway", provider, *descriptions)(passes_on)


@lives("gateway", "orders", "an order")
@lives("gateway", "payments", "a charge", "no charge")
@lives("gateway", "notifications", "the notifications of an order")
def puts_an_order_together(house, started, interaction):
    started("gateway")
    charge = {"no charge": "no charge"}.get(interaction["description"], "a charge")
    told = ["the notifications of an order"]
    house.agree("gateway", orders=["an order"], payments=[charge], notifications=told)
    answer = house.ask("gateway", "GET", "/orders/7/summary").json()

    assert answer["missing"] == strangers(house) == []
    assert answer["charge"] == (None if charge == "no charge" else {})
    assert answer["notifications"] == []


# --- every service -------------------------------------------------------------------------------

GUARDED = {
    "gateway": "/users/me",
    "orders": "/orders",
    "users": "/users/me",
    "notifications": "/notifications",
    "products": "/products/LAMP",
}


@lives("every_service", "auth", "public keys")
def believes_in_auth_s_keys(house, started, interaction):
    for name, path in GUARDED.items():
        house.start(name)
        house.agree(name, **({"users": ["my profile"]} if name == "gateway" else {}))
        method = "DELETE" if name == "products" else "GET"

        assert house.ask(name, method, path).ok, name
        assert in_order(house.stubs["auth"].used) == ["public keys"]


@lives("every_service", "registry", "register", "send a heartbeat")
@lives("every_service", "registry", "list the instances of a service", "leave")
def lives_in_the_registry(house, started, interaction):
    """It registers, beats, finds the products by their list, and says goodbye."""
    registry = house.stubs["registry"]
    registry.values["url"] = house.stubs["products"].url
    everything = ["register", "list the instances of a service", "leave"]
    beating = ["send a heartbeat", *everything[1:]]
    house.agree("orders", registry=everything, products=BUYING["products"])
    orders = house.start("orders", REGISTRY_URL=registry.url)
    eventually(lambda: "register" in registry.used, what="a registration")
    registry.answers(*(i for i in load() if i["description"] in beating))
    # The same stub stands for every instance: auth's keys have to come from it too.
    house.stubs["products"].answers(*(i for i in load() if i["description"] == "public keys"))
    house.ask("orders", "GET", "/orders")
    eventually(lambda: "send a heartbeat" in registry.used, what="a heartbeat")
    orders.terminate()
    orders.wait(20)

    assert registry.used[-1] == "leave"
    assert registry.strangers == []


@lives("every_service", "registry", "send a heartbeat to a registry that was started again")
def registers_again(house, started, interaction):
    registry = house.stubs["registry"]
    forgotten = interaction["description"]
    house.agree("orders", registry=["register", "send a heartbeat"])
    orders = house.start("orders", REGISTRY_URL=registry.url)
    eventually(lambda: "send a heartbeat" in registry.used, what="a heartbeat")
    registry.used.clear()
    registry.answers(*(i for i in load() if i["description"] in (forgotten, "register")))

    eventually(lambda: registry.used[:2] == [forgotten, "register"], what="a new registration")
    registry.answers(*(i for i in load() if i["description"] == "leave"))
    orders.terminate()
    orders.wait(20)
    assert registry.used[-1] == "leave"


@lives("every_service", "registry", "send a heartbeat after another took the name")
@lives("every_service", "registry", "leave after another took the name")
def lets_another_have_its_name(house, started, interaction):
    """It neither registers again under a name that is taken, nor insists on leaving."""
    registry = house.stubs["registry"]
    refused = [
        "send a heartbeat after another took the name",
        "leave after another took the name",
    ]
    house.agree("orders", registry=["register", "send a heartbeat"])
    orders = house.start("orders", REGISTRY_URL=registry.url)
    eventually(lambda: "send a heartbeat" in registry.used, what="a heartbeat")
    registry.used.clear()
    registry.answers(*(i for i in load() if i["description"] in refused))
    eventually(lambda: registry.used.count(refused[0]) > 1, what="two refused heartbeats")
    orders.terminate()
    orders.wait(20)

    assert in_order(registry.used) == refused
    assert registry.used.count(refused[1]) == 1


def strangers(house):
    """What the consumer asked that no contract says."""
    return [asked for stub in house.stubs.values() for asked in stub.strangers]


def in_order(descriptions):
    """Each once: on a slow day a consumer may ask again."""
    return list(dict.fromkeys(descriptions))


def database(house, name):
    return f"sqlite:///{house.folder / name}.db"
