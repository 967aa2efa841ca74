"""Runs: plans carried out, each in a shop of its own or a few in one, and judged."""

import random
import threading
import time
from dataclasses import replace

import requests

from workbook.broker import BrokerError
from workbook.failures.history import History
from workbook.failures.invariants import Account, Violation

from .clients import Client
from .invariants import check
from .plans import SECONDS, Result
from .world import DidNotStart, World

BATCH = 8  # runs that one shop serves: enough to forget its birth, few enough to share out


def attempt(ground, plan, tree=None, mutated=()):
    """The result of a plan in a shop of its own.

    A run that could not be made is one that went wrong, under the name of I0.
    """
    [result] = in_one_shop(ground, [plan], tree, mutated)
    return result


def attempt_all(ground, plans):
    """The results of plans that differ in card and faults alone, in as few shops as will do.

    Half of a run is the birth of its shop; one that has kept its promises serves again. After a
    violation the next plan gets a new one, so that no run pays for another's.
    """
    results = []
    while len(results) < len(plans):
        results += in_one_shop(ground, plans[len(results) :])
    return results


def in_one_shop(ground, plans, tree=None, mutated=()):
    """The results of the first of these plans, up to one that goes wrong."""
    results = []
    try:
        with World(ground, plans[0], tree, mutated) as world:
            for plan in plans:
                if plan is not world.plan:
                    world.arm(plan)
                results.append(carry_out(world))
                if results[-1].violations or not world.settled:
                    break
    except (DidNotStart, BrokerError) as reason:
        violations = [Violation("I0", "boutique", str(reason))]
        results.append(Result(plans[len(results)], violations, Account(), History(), 0.0))
    return results


def batches(plans):
    """The positions of these plans in groups that one shop can serve, a few in each.

    Mixed, so that runs that mostly wait go beside those that mostly work.
    """
    alike = {}
    for position, plan in enumerate(plans):
        # Who was late, has heard copies or has a twin is not a shop like the others.
        alone = plan.late or plan.late_copies or plan.cut or plan.twins or plan.full
        own = position if alone else None
        kind = own, replace(plan, name="", faults=(), card="")
        alike.setdefault(kind, []).append(position)
    groups = [
        group[at : at + BATCH] for group in alike.values() for at in range(0, len(group), BATCH)
    ]
    return random.Random(len(plans)).sample(groups, len(groups))


def carry_out(world):
    """Carry out the plan of this shop and judge it, with all that it has done before."""
    plan, started = world.plan, time.monotonic()
    world.runs += 1
    keys = [f"order-{world.runs}-{n}" if plan.keyed else None for n in range(plan.orders)]
    if plan.cut:
        world.cut()
    with world.queue_full():
        order(world, keys, plan.rivals)
    if plan.late:
        world.start_late()
    world.plant()
    if world.settle() and plan.keyed:
        order(world, keys)
    if plan.late_copies:
        send_late_copies(world, plan)
    if world.settled:
        world.settle()
    account = world.account()
    violations, seconds = check(world.history, account), time.monotonic() - started
    keys = tuple(key for key in keys if key)
    return Result(plan, violations, account, world.history, seconds, keys, world.lines_before)


def order(world, keys, rivals=1):
    """Have each user of the plan place an order with each key, so many times at the same moment."""
    plan = world.plan
    door = "gateway" if "gateway" in plan.services else "orders"
    for key in keys:
        for user in plan.users:
            clients = [Client(world, user, door) for _ in range(rivals)]
            together = threading.Barrier(rivals)
            threads = [
                threading.Thread(target=place, args=(one, together, key, plan)) for one in clients
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()


def place(client, together, key, plan):
    together.wait(SECONDS)
    client.place(key, plan.card, plan.basket)


def send_late_copies(world, plan):
    """Copies of the commands, late on the network, when every order has long ended."""
    log = {
        (entry["order_id"], entry["command"]) for entry in world.books.rows("orders", "saga_log")
    }
    for order in world.books.rows("orders", "orders"):
        charge = {"amount_cents": order["total_cents"], "card": plan.card}
        items = [{"sku": item["sku"], "quantity": item["quantity"]} for item in order["items"]]
        for command, service, path, body in (
            ("charge", "payments", f"/charges/{order['id']}", charge),
            ("reserve", "inventory", f"/reservations/{order['id']}", {"items": items}),
        ):
            # Out of time before it was sent, a command has no copy that could be late.
            if (order["id"], command) in log:
                proof = world.ground.credential.shown_to(service)
                requests.put(world.url(service) + path, json=body, headers=proof, timeout=SECONDS)
