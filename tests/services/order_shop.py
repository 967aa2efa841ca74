"""The services an order goes through, as processes that can be killed and brought back at will.

Everything is real but fast: processes come from the workbook's launcher, in milliseconds, and the
databases are SQLite files that `books` reads from outside, as an auditor would.
"""

import contextlib
import json
import secrets
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from basics import eventually
from ports import free_port

from workbook import settings
from workbook.processes.credential import Credential
from workbook.processes.launcher import Launcher
from workbook.shop.environment import service_environment

SERVICES = ("auth", "products", "inventory", "payments", "orders", "notifications")
SECONDS = 30
ENDED = {"CONFIRMED", "REJECTED", "CANCELLED"}


class OrderShop:
    """Auth, products, inventory, payments, orders and notifications, that know each other."""

    def __init__(self, **env):
        self.launcher = Launcher()
        self.folder = Path(self.launcher.run_folder)
        self.ports = {name: free_port() for name in SERVICES}
        self.processes = {}
        self.password, self.credential = secrets.token_urlsafe(8), Credential()
        self.env = {
            "PEERS": json.dumps({name: [self.url(name)] for name in SERVICES}),
            "DEMO_PASSWORD": self.password,
            "RUN_CREDENTIAL": self.credential.secret,
            "BREAKER_OPEN_SECONDS": "0.3",
            "THREADS": "16",
            **env,
        }
        self.tokens = {}

    def close(self):
        self.launcher.close()

    def url(self, name):
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self, *names, **env):
        """Start these services, or all, and wait until they are ready."""
        names = names or SERVICES
        for name in names:
            self.processes[name] = self.spawn(name, f"{name}-1", self.ports[name], **env)
        for name in names:
            self.await_line(self.processes[name], event="ready")
        return self

    def spawn(self, name, instance, port, **env):
        own = service_environment(
            name,
            system=settings.of_the_system(),
            instance=instance,
            port=port,
            database_url=f"sqlite:///{self.folder / name}.db",
        )
        return self.launcher.spawn(instance, f"services.{name}.app", own | self.env | env)

    def await_line(self, process, **expected):
        def found():
            if process.returncode is not None and "event" in expected:
                pytest.fail(f"{process.name} ended: {list(process.lines)[-5:]}")
            return [line for line in lines(process) if expected.items() <= line.items()]

        return eventually(
            found, what=f"{expected} from {process.name}: {list(process.lines)[-20:]}"
        )[0]

    def kill(self, *names):
        for name in names:
            self.processes[name].kill()
            self.processes[name].wait(SECONDS)

    def await_death(self, name):
        assert self.processes[name].wait(SECONDS) == -9, list(self.processes[name].lines)[-5:]

    def call(self, name, method, path, user=None, **options):
        """A request as the shop's own processes send it, with the run's credential."""
        proof = self.credential.shown_to(name.partition("-")[0])  # of "inventory-2" too
        headers = {**proof, **options.pop("headers", {})}
        if user:
            headers = {"Authorization": f"Bearer {self.token(user)}", **headers}
        return requests.request(
            method, self.url(name) + path, headers=headers, **{"timeout": SECONDS, **options}
        )

    def token(self, user):
        if user not in self.tokens:
            account = {"username": user, "password": self.password}
            answer = self.call("auth", "POST", "/login", json=account)
            self.tokens[user] = answer.json()["access_token"]
        return self.tokens[user]

    def order(self, sku="MUG", quantity=1, card="tok_visa", user="alice", key=None, **headers):
        """Place an order; the response, or None when the connection broke."""
        body = {"items": [{"sku": sku, "quantity": quantity}], "card": card}
        headers |= {"Idempotency-Key": key} if key else {}
        broken = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
        with contextlib.suppress(*broken):
            return self.call("orders", "POST", "/orders", user, json=body, headers=headers)

    def orders_at_once(self, number, **options):
        self.token(options.get("user", "alice"))  # one log-in: auth throttles ten at once
        with ThreadPoolExecutor(number) as pool:
            return list(pool.map(lambda _: self.order(**options), range(number)))

    def show(self, order_id, user="alice"):
        return self.call("orders", "GET", f"/orders/{order_id}", user).json()

    def log(self, order_id, user="alice"):
        """The saga's log as (command, outcome) pairs."""
        entries = self.call("orders", "GET", f"/orders/{order_id}/saga", user).json()["entries"]
        return [(entry["command"], entry["outcome"]) for entry in entries]

    def await_status(self, order_id, status):
        eventually(
            lambda: self.show(order_id)["status"] == status,
            what=f"{order_id} {status}: {self.log(order_id)}",
        )

    def settle(self):
        """Wait until no order is pending."""
        eventually(
            lambda: not self.rows("orders", "SELECT id FROM orders WHERE status = 'PENDING'"),
            what="no order pending",
        )

    def stock(self, sku):
        return self.call("inventory", "GET", f"/stock/{sku}").json()

    def rows(self, name, query):
        """What a service's database holds, read from outside."""
        path = f"file:{self.folder / name}.db?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True, timeout=5)) as connection:
            return connection.execute(query).fetchall()

    def books(self):
        """What is wrong in the books, by the invariants I1 to I6; nothing, one hopes."""
        orders = {
            id: (status, total)
            for id, status, total in self.rows(
                "orders", "SELECT id, status, total_cents FROM orders"
            )
        }
        return [
            *wrong_endings(orders),
            *wrong_money(
                orders, self.rows("payments", "SELECT order_id, kind, amount_cents FROM ledger")
            ),
            *wrong_stock(
                self.rows("inventory", "SELECT sku, available, reserved, sold FROM stock"),
                self.sold(),
            ),
        ]

    def sold(self):
        """Units by SKU in the confirmed orders."""
        units = {}
        confirmed = "SELECT items FROM orders WHERE status = 'CONFIRMED'"
        for (items,) in self.rows("orders", confirmed):
            for item in json.loads(items):
                units[item["sku"]] = units.get(item["sku"], 0) + item["quantity"]
        return units


def wrong_endings(orders):
    return [f"I4: {id} is {status}" for id, (status, _) in orders.items() if status not in ENDED]


def wrong_money(orders, ledger):
    for id in {order_id for order_id, _, _ in ledger} | set(orders):
        charges = [
            amount for order_id, kind, amount in ledger if (order_id, kind) == (id, "charge")
        ]
        refunds = [
            amount for order_id, kind, amount in ledger if (order_id, kind) == (id, "refund")
        ]
        status, total = orders.get(id, ("UNKNOWN", 0))
        owed = total if status == "CONFIRMED" else 0
        if len(charges) > 1 or len(refunds) > len(charges) or sum(charges) - sum(refunds) != owed:
            yield f"I5: {id} is {status}, charged {charges}, refunded {refunds}, owes {owed}"


def wrong_stock(stock, sold_by_orders):
    initial = {"LAMP": 100, "CHAIR": 100, "DESK": 100, "MUG": 100, "BOOK": 5}
    for sku, available, reserved, sold in stock:
        if available + reserved + sold != initial[sku] or min(available, sold) < 0:
            yield f"I6: {sku}: {available} + {reserved} + {sold} is not {initial[sku]}"
        if reserved or sold != sold_by_orders.get(sku, 0):
            yield f"I6: {sku}: {reserved} reserved, {sold} sold, orders say {sold_by_orders}"


def lines(process):
    """The JSON lines that a process wrote."""
    for line in list(process.lines):
        with contextlib.suppress(ValueError):
            yield json.loads(line)
