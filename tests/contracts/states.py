"""Provider states: each brings the real shop to where an interaction begins.

A state is a function of a `World`; it returns the values that the interaction needs. It works
through the services' own doors, but for the clock of a saga, which no door moves.
"""

import contextlib
import sqlite3
import uuid

from basics import eventually

STATES = {}


def state(sentence):
    def register(function):
        STATES[sentence] = function
        return function

    return register


@state("a product is sold")
def product(world):
    return {"sku": "LAMP"}


@state("a product is not sold")
def no_product(world):
    return {"sku": "UNICORN"}


@state("the article is on the shelf")
def on_the_shelf(world):
    return {"sku": "MUG", "order_id": str(uuid.uuid4())}


@state("the article is sold out")
def sold_out(world):
    world.call("inventory", "PUT", "/stock/GONE", json={"available": 0})
    return {"sku": "GONE", "order_id": str(uuid.uuid4())}


@state("the order holds a reservation")
def reserved(world):
    order_id = str(uuid.uuid4())
    items = {"items": [{"sku": "MUG", "quantity": 1}]}
    world.call("inventory", "PUT", f"/reservations/{order_id}", json=items)
    return {"order_id": order_id}


@state("nothing was charged")
def uncharged(world):
    return {"order_id": str(uuid.uuid4())}


@state("the order was charged")
def charged(world):
    order_id = str(uuid.uuid4())
    charge = {"amount_cents": 7980, "card": "tok_visa"}
    world.call("payments", "PUT", f"/charges/{order_id}", json=charge)
    return {"order_id": order_id}


@state("auth has a key")
def key(world):
    return {}


@state("alice has an account")
def account(world):
    return {"password": world.password}


@state("alice is signed in")
def signed_in(world):
    return {"token": world.token("alice")}


@state("alice placed an order")
def placed_by_alice(world):
    return {**signed_in(world), "order_id": place(world)}


@state("bob placed an order")
def placed_by_bob(world):
    return {**signed_in(world), "order_id": place(world, user="bob")}


@state("an order is placed")
def placed(world):
    return {"order_id": place(world)}


@state("an order is placed with a refused card")
def refused(world):
    return {"order_id": place(world, card="tok_declined")}


@state("an order cannot be served")
def unserved(world):
    return {"order_id": place(world, quantity=1000)}


@state("an order takes too long")
def too_long(world):
    inventory = world.processes["inventory"]
    inventory.pause()
    order_id = place(world)
    run_out_of_time(world.folder / "orders.db", order_id)
    eventually(lambda: world.show(order_id)["status"] == "CANCELLED", what="a cancelled order")
    inventory.resume()
    return {"order_id": order_id}


@state("the instance is unknown")
def unknown_instance(world):
    return {"service": "contracts", "instance": f"contracts-{uuid.uuid4()}", "lease": 7}


@state("the instance is registered")
def known_instance(world):
    values = unknown_instance(world)
    return {**values, "lease": register(world, **values)}


@state("the instance was replaced")
def replaced_instance(world):
    values = known_instance(world)
    register(world, **values)
    return values


def register(world, service, instance, **_):
    """The lease of a new registration under that name."""
    body = {"url": "http://127.0.0.1:8001"}
    answer = world.call("registry", "PUT", f"/instances/{service}/{instance}", json=body)
    return answer.json()["lease"]


def place(world, **order):
    """The id of a new order, whatever came of it."""
    answer = world.order(**order).json()
    return answer.get("order", answer)["id"]


def run_out_of_time(database, order_id):
    """Move a pending order past its time: no door of orders does that."""
    overdue = "UPDATE sagas SET age = 1e9, pause = 0 WHERE order_id = ?"
    with contextlib.closing(sqlite3.connect(database, timeout=20)) as orders, orders:
        orders.execute(overdue, [order_id])
