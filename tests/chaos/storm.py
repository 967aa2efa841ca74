"""Storm: orders under load while a nemesis kills everything once; the seed decides the rest.

The customers come through the gateway with known keys, at a steady rate. Meanwhile, in an order
drawn by the seed: kill -9 of each service and of the broker, a consumer stopped and continued, a
slow service, copies of events. When all is up again, nothing may be lost, nobody charged twice.
The seed gives the same orders and the same faults, not the same interleaving: to have a death at
the very same line, enumerate (points.py).
"""

import random
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import requests

from workbook.broker import BrokerError
from workbook.failures.invariants import Outage

from .clients import Client
from .invariants import LOOKS, check, total_queue
from .machine import Meter
from .plans import SECONDS, Plan, Result
from .shop import CARDS, MICROSERVICES, SHELVES, USERS
from .world import World

CUSTOMERS = 6
PER_SECOND = 25  # orders
SHORTEST = 25  # seconds: what the nemesis needs
PATIENCE = 90.0  # seconds
ASLEEP = 3.0  # seconds
COPIES = 20


class Storm:
    """The load and the nemesis of one world, both drawn from a seed."""

    def __init__(self, world, seed, orders, say):
        self.world, self.say = world, say
        self.random = random.Random(seed)
        self.seconds = max(SHORTEST, orders / PER_SECOND)
        self.baskets = [self._basket(n) for n in range(orders)]
        self.last_demand = None
        self.over = threading.Event()

    def _basket(self, number):
        return {
            "key": f"storm-{number}",
            "basket": self._articles(),
            "card": self.random.choices(CARDS, (9, 1))[0],
        }

    def _articles(self):
        """One article or two, so many of each."""
        skus = self.random.sample(sorted(SHELVES), self.random.randint(1, 2))
        return tuple((sku, self.random.randint(1, 3)) for sku in skus)

    def warm_up(self):
        """Look at everything once: who has never been asked has not fetched auth's keys yet."""
        client = Client(self.world, USERS[0], "gateway")
        for operation, service in LOOKS.items():
            self.world.until(lambda o=operation, s=service: client.look(o, s) == "ok", every=0.2)
        self.world.history.records.clear()

    def fill_the_shelves(self):
        """Enough of everything but books, so that payments decide, and stock sometimes."""
        plenty = 10 * len(self.baskets)
        for sku in set(SHELVES) - {"BOOK"}:
            url = f"{self.world.url('inventory')}/stock/{sku}"
            proof = self.world.ground.credential.shown_to("inventory")
            body = {"available": plenty}
            requests.put(url, json=body, headers=proof, timeout=SECONDS).raise_for_status()
            self.world.initial_stock[sku] = plenty

    def rage(self):
        """Load and nemesis together; returns once every customer has an answer."""
        nemesis = threading.Thread(target=self._nemesis, daemon=True)
        watcher = threading.Thread(target=self._watch, daemon=True)
        nemesis.start()
        watcher.start()
        with ThreadPoolExecutor(CUSTOMERS) as customers:
            for number in range(CUSTOMERS):
                customers.submit(self._shop, number)
        nemesis.join()
        self.over.set()
        watcher.join()

    def _shop(self, number):
        client = Client(self.world, USERS[number % 2], "gateway", PATIENCE)
        client.pause = 0.2
        started = time.monotonic()
        for n in range(number, len(self.baskets), CUSTOMERS):
            due = n * self.seconds / len(self.baskets)
            time.sleep(max(0.0, started + due - time.monotonic()))
            self.last_demand = time.time()
            client.place(**self.baskets[n])

    def _watch(self):
        """Somebody who only looks, and should not notice what he does not need."""
        client = Client(self.world, USERS[0], "gateway")
        while not self.over.wait(0.1):
            for operation, service in LOOKS.items():
                client.look(operation, service)

    def _nemesis(self):
        acts = [(f"kill -9 {name}", lambda s=name: self.world.kill(s)) for name in MICROSERVICES]
        acts += [
            ("kill -9 rabbitmq", self._kill_broker),
            ("notifications dort", lambda: self.world.pause("notifications", ASLEEP)),
            ("payments traîne", lambda: self.world.slow("payments", 0.3, 2.0)),
            ("des copies d’événements", self._send_copies),
        ]
        self.random.shuffle(acts)
        started = time.monotonic()
        for n, (name, act) in enumerate(acts):
            due = (n + self.random.random()) * self.seconds / len(acts)
            time.sleep(max(0.0, started + due - time.monotonic()))
            self.say(f"  {time.monotonic() - started:5.1f} s  {name}")
            with suppress(requests.RequestException):
                act()
            self.world.until(self._all_up)

    def _all_up(self):
        return all(m.listening.is_set() for m in list(self.world.members.values()))

    def _kill_broker(self):
        broker, since = self.world.ground.broker, time.time()
        try:
            broker.kill()
        except BrokerError as refusal:
            self.say(f"  {refusal}")
            return
        self.world.until(self._broker_is_back, every=0.5)
        self.world.last_fault = time.time()
        self.world.outages.append(Outage("rabbitmq", since, self.world.last_fault))

    def _broker_is_back(self):
        try:
            self.world.ground.broker.restart()
        except BrokerError as refusal:
            self.say(f"  {refusal}")
            return False
        return True

    def _send_copies(self):
        published = self.world.published()
        chosen = self.random.sample(published, min(COPIES, len(published)))
        self.world.duplicate(chosen)


def rage(ground, seed, orders, say, recovery_limit=15.0):
    """A storm of so many orders; its Result."""
    plan = Plan(
        f"tempête de {orders} commandes, graine {seed}",
        orders=orders,
        services=MICROSERVICES,
        patience=PATIENCE,
        recovery_limit=recovery_limit,
        # A bulkhead is a share of the threads: room for all the customers to wait at once.
        env=(("THREADS", "32"),),
    )
    started = time.monotonic()
    with World(ground, plan) as world, Meter(world.machine):
        storm = Storm(world, seed, orders, say)
        world.await_registered()
        storm.fill_the_shelves()
        for user in USERS:
            ground.token(world, user)
        storm.warm_up()
        storm.rage()
        world.last_fault = max(world.last_fault, storm.last_demand)
        world.plant()
        world.settle(every=0.2)
        account = world.account()
    seconds = time.monotonic() - started
    return Result(plan, check(world.history, account), account, world.history, seconds)


def orders_account(history, account):
    """Jepsen's total-queue over the orders themselves: {word: number}."""
    attempted, answered = history.keys(), {}
    for record in history.answers():
        client = record.value["user"], record.key
        answered.setdefault(client, set()).add(record.value["order"]["id"])
    stored = defaultdict(set)
    for row in account.idempotency_keys:
        if account.order(row["order_id"]):
            stored[row["user_id"], row["key"]].add(row["order_id"])
    return {
        "attempted": len(attempted),
        "acknowledged": len(answered),
        "lost": sum(not ids <= stored[key] for key, ids in answered.items()),
        "unexpected": len(set(stored) - attempted),
        "duplicated": sum(len(ids) > 1 for ids in answered.values()),
        "recovered": len({key for key, ids in stored.items() if ids} - set(answered)),
    }


def charged_twice(account):
    charges = Counter(line["order_id"] for line in account.ledger if line["kind"] == "charge")
    return sum(number > 1 for number in charges.values())


def summary(result):
    """The figures of a storm, in French."""
    account, history = result.account, result.history
    orders = ", ".join(f"{word} {n}" for word, n in orders_account(history, account).items())
    statuses = Counter(row["status"] for row in account.orders)
    ours = [ours for _, _, ours in account.machine]
    unsure = len(history.of("info"))
    calm = "jamais" if account.settled is None else f"{account.settled - account.last_fault:.1f} s"
    wrong = ", ".join(result.broken()) or "aucune"
    return "\n".join(
        [
            f"{result.plan.name}, en {result.seconds:.0f} s.",
            f"  commandes    {orders}",
            f"  fins         {', '.join(f'{name} {n}' for name, n in sorted(statuses.items()))}",
            f"  événements   {total_queue(account)}",
            f"  sans réponse {unsure} demandes, posées de nouveau avec leur clé",
            f"  débités deux fois {charged_twice(account)}",
            f"  calme après la dernière panne {calm}",
            f"  machine      {100 * sum(ours) / len(ours):.0f} % pour la boutique",
            f"  violations   {wrong}",
        ]
    )
