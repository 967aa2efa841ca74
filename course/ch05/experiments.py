"""Experiments on calls: lose an answer, keep silent, work for nobody, come back all at once.

What is broken here is mended on the way out, also when the cell is interrupted.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import requests

from course.ch05.bets import (
    BOTH,
    CONFIRMED,
    FIRST_ONLY,
    LAST_ONLY,
    NO_ORDER,
    NOT_CONFIRMED,
    OUTAGE,
    SAVED,
    UNKNOWN_CUSTOMER,
)
from course.ch05.upstream import Upstream
from workbook import views
from workbook.checks.callers import together
from workbook.checks.stub import drip, hang, reply
from workbook.errors import WorkbookError
from workbook.shop.client import ServiceUnreachable
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.views.canvas.picture import Picture

ALICE = {"id": "alice", "name": "Alice"}
PATIENCE = 2.0  # seconds: how long we wait for somebody who waits for ever


# -- the answer is lost ----------------------------------------------------------------------------


@contextmanager
def answer_lost(shop: Shop) -> Iterator[list[dict]]:
    """Let `orders` die once its work is done, just before it answers; then start it again.

    The list holds, afterwards, the orders made meanwhile.
    """
    made, before = [], {order["id"] for order in _orders(shop)}
    try:
        shop.fault("orders", crash="orders:before_answer:1")
        yield made
    finally:
        shop.restart("orders")  # which disarms the crash point as well
    made += [order for order in _orders(shop) if order["id"] not in before]


def _orders(shop: Shop) -> list[dict]:
    return shop.get("/orders?limit=100").json()["orders"]


def calls_of(shop: Shop, answer: Response) -> Picture:
    """The sequence of the calls alone: nobody waits for what is published meanwhile."""
    calls = ("client", "server")
    return views.sequence([span for span in shop.spans(answer) if span["span_kind"] in calls])


def fate(orders: list[dict]) -> str:
    """The option of bet `ch05.unknown` that came true."""
    if not orders:
        return NO_ORDER
    return CONFIRMED if orders[0]["status"] == "CONFIRMED" else NOT_CONFIRMED


def buy_again(shop: Shop, order: dict, **headers: str) -> tuple[str, str, int, int]:
    """Buy, lose the answer, send the same request again; both statuses, orders and lamps sold."""
    stock = _available(shop)
    with answer_lost(shop) as made:
        first = shop.post("/orders", order, headers=headers)
    again = shop.post("/orders", order, headers=headers)
    ids = {o["id"] for o in made} | {again.json()["id"]}
    return str(first.status_code), str(again.status_code), len(ids), stock - _available(shop)


def _available(shop: Shop) -> int:
    return shop.get("/stock/LAMP").json()["available"]


# -- four ways not to answer -----------------------------------------------------------------------


def silences(function: Callable[[str], object]) -> dict[str, str]:
    """What `function(url)` makes of an unknown user, and of a service that is out of order."""
    with Upstream() as upstream:
        ways = {
            "200, Alice existe": upstream.plan([reply(200, ALICE)]),
            "404, pas de ce nom": upstream.plan([reply(404, {"detail": "Not Found"})]),
            "500, en panne": upstream.plan([reply(500, {"detail": "Oups"})]),
            "200, du charabia": upstream.plan([reply(200, b"<h1>En travaux</h1>")]),
            "mort": upstream.refused,
            "muet": upstream.plan([hang()]),
        }
        return {way: _told(function, url) for way, url in ways.items()}


def _told(function: Callable[[str], object], url: str) -> str:
    said = []

    def call() -> None:
        try:
            said.append(str(function(url)))
        except Exception as error:
            said.append(_in_short(error))

    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    caller.join(PATIENCE)
    return said[0] if said else f"rien : après {PATIENCE:.0f} s, elle attend encore"


def _in_short(error: Exception) -> str:
    """Its type, and its message where that is short."""
    name, message = type(error).__name__, str(error)
    return f"{name} : {message}" if len(message) < 40 else name


def said_of_the_outage(told: Mapping[str, str]) -> str:
    """The option of bet `ch05.outage` that came true."""
    text = told["500, en panne"]
    if "not found" in text.lower():
        return UNKNOWN_CUSTOMER
    return SAVED if "saved" in text else OUTAGE


def answers_of_the_shop(shop: Shop) -> dict[str, str]:
    """What the shop answers a customer while its catalogue is dead, mute, raving, or strict."""
    shop.restart("orders")  # its breaker has seen nothing yet
    lamp = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}
    unknown = {"items": [{"sku": "INCONNU", "quantity": 1}], "card": "tok_visa"}
    answers = {"404, pas de ce nom": _status(shop, unknown)}
    with _raving(shop):
        answers["200, du charabia"] = _status(shop, lamp)
    with _dead(shop):
        answers["mort"] = _status(shop, lamp)
    with _mute(shop):
        answers["muet"] = _status(shop, lamp)
    return answers


def _status(shop: Shop, order: dict) -> str:
    deadline = {"X-Deadline": str(int((time.time() + patient(1.5)) * 1000))}
    response = shop.post("/orders", order, headers=deadline, timeout=patient(20))
    return f"{response.status_code} · {response.json().get('detail', '')}"


@contextmanager
def _dead(shop: Shop) -> Iterator[None]:
    try:
        shop.kill("products")
        yield
    finally:
        shop.restart("products")


@contextmanager
def _mute(shop: Shop) -> Iterator[None]:
    try:
        shop.pause("products")
        yield
    finally:
        shop.resume("products")


@contextmanager
def _raving(shop: Shop) -> Iterator[None]:
    try:
        shop.serve("products", RAVING)
        yield
    finally:
        shop.reset("products")


RAVING = """
from flask import Flask

app = Flask(__name__)


@app.get("/products/<sku>")
def show_product(sku):
    return "<h1>En travaux</h1>"
"""


# -- time-outs -------------------------------------------------------------------------------------


def seconds_of(call: Callable[[str], object]) -> float:
    """How long `call(url)` takes, of a service that gives one byte each tenth of a second."""
    with Upstream() as upstream:
        url = upstream.plan([drip(ALICE, every=0.1, pieces=30)])
        start = time.monotonic()
        call(url)
        return time.monotonic() - start


# -- work for nobody -------------------------------------------------------------------------------

STEPS = ("vitrine", "devis", "tarif")
STEP_TIMEOUT, WORK = 0.3, 0.6  # seconds: each caller's patience; what the last one needs
STEP = """
import os, threading, time

import requests
from flask import Flask, abort, request

NEXT, TRIES, TIMEOUT, WORK = {next!r}, 3, {timeout}, {work}
app = Flask(__name__)
busy, begun = [], []


@app.get("/")
def price():
    deadline = float(request.headers.get("Deadline", "inf"))
    if time.time() >= deadline:
        abort(504, "Plus personne n’attend.")
    busy.append(1)
    try:
        return ask_next(deadline) if NEXT else work()
    finally:
        busy.pop()


def work():
    begun.append(1)
    time.sleep(WORK)
    return {{"price_cents": 3990}}


def ask_next(deadline):
    headers = {{"Deadline": str(deadline)}}
    for _ in range(TRIES):
        left = deadline - time.time()
        if left <= 0:
            break
        try:
            answer = requests.get(NEXT, headers=headers, timeout=min(TIMEOUT, left))
        except requests.Timeout:
            continue
        if answer.ok:
            return answer.json()
    abort(504, "Pas de réponse à temps.")


@app.get("/state")
def state():
    return {{"busy": len(busy), "begun": len(begun)}}
"""


@contextmanager
def chain(shop: Shop) -> Iterator[None]:
    """Run three services that call one another, `vitrine` → `devis` → `tarif`."""
    following = ""
    try:
        for name in reversed(STEPS):
            shop.serve(name, STEP.format(next=following, timeout=STEP_TIMEOUT, work=WORK))
            following = f"{shop[name].url}/"
        yield
    finally:
        for name in STEPS:
            shop.withdraw(name)


def work_for_nobody(shop: Shop, pass_deadline: bool) -> int:
    """How often the last service works for a customer who has left; see the trace of the request.

    The customer leaves after 0,3 s. Counted when all three have calmed down.
    """
    before = _state(shop, STEPS[-1])["begun"]
    deadline = {"Deadline": str(time.time() + STEP_TIMEOUT)} if pass_deadline else {}
    with suppress(ServiceUnreachable):
        shop[STEPS[0]].get("/", headers=deadline, timeout=STEP_TIMEOUT)
    for name in STEPS:
        _wait(lambda name=name: not _state(shop, name)["busy"])
    return _state(shop, STEPS[-1])["begun"] - before


def _state(shop: Shop, name: str) -> dict:
    return requests.get(f"{shop[name].url}/state", timeout=patient(10)).json()


# -- retries ---------------------------------------------------------------------------------------


def returns(wait: Callable[[], float], clients: int = 30) -> list[float]:
    """When `clients` refused at one moment come back, each after `wait()` seconds; in seconds."""
    with Upstream() as upstream:
        url = upstream.plan([reply(503)])
        refused = threading.Barrier(clients)

        def come_back() -> None:
            requests.post(url, timeout=patient(10))
            refused.wait(patient(10))
            time.sleep(wait())
            requests.post(url, timeout=patient(10))

        together([come_back] * clients)
        times = [arrival.at for arrival in upstream.arrivals(url)]
    return [at - times[clients - 1] for at in times[clients:]]


def busiest(times: list[float], window: float = 0.1) -> int:
    """The most arrivals within any `window` seconds."""
    return max(sum(at <= other < at + window for other in times) for at in times)


class Unlimited:
    """A budget that pays for every retry."""

    def earn(self) -> None:
        """A call was made."""

    def spend(self) -> bool:
        """Whether one more retry is allowed."""
        return True


def requests_made(budget: Unlimited | None = None, calls: int = 60, tries: int = 3) -> int:
    """How many requests a service that is down receives of so many calls."""
    budget = budget or Unlimited()
    with Upstream() as upstream:
        url = upstream.plan([reply(503)])
        for _ in range(calls):
            budget.earn()
            for attempt in range(tries):
                if attempt and not budget.spend():
                    break
                requests.post(url, timeout=patient(10))
        return len(upstream.arrivals(url))


# -- lost update -----------------------------------------------------------------------------------


def both_edit(shop: Shop, conditional: bool) -> tuple[list[int], str]:
    """Ana and Bruno read the same lamp; she describes it, he sets its price, each by PUT.

    The statuses of the two PUT, and the option of bet `ch05.update` that came true. The lamp is
    put back as it was. Somebody signed in may write products.
    """
    products = shop["products"]
    read = [products.get("/products/LAMP") for _ in range(2)]
    original = read[0].json()
    edits = {"description": f"Relue par Ana ({uuid.uuid4().hex[:6]})"}, {"price_cents": 2990}
    try:
        statuses = [
            products.put(
                "/products/LAMP",
                {**version.json(), **edit},
                headers={"If-Match": version.headers["ETag"]} if conditional else {},
            ).status_code
            for version, edit in zip(read, edits, strict=True)
        ]
        final = products.get("/products/LAMP").json()
    finally:
        products.put("/products/LAMP", original)
    return statuses, _left_of(edits, final)


def _left_of(edits: tuple[dict, dict], final: dict) -> str:
    first, last = (edit.items() <= final.items() for edit in edits)
    return {(True, True): BOTH, (True, False): FIRST_ONLY}.get((first, last), LAST_ONLY)


# -- stopped, not dead -----------------------------------------------------------------------------


def connect_and_ask(shop: Shop, name: str) -> dict[str, str]:
    """What somebody sees who connects to a service, and asks: dead, then stopped by SIGSTOP."""
    url, seen = shop[name].url, {}
    for state, broken in (("mort (kill -9)", _dead), ("arrêté (SIGSTOP)", _mute)):
        with broken(shop):
            seen[state] = _asked(f"{url}/products/LAMP")
    return seen


def _asked(url: str) -> str:
    try:
        requests.get(url, timeout=(5, 1))
    except requests.ConnectTimeout:
        return "pas de connexion"
    except requests.ReadTimeout:
        return "connexion ouverte, requête envoyée, aucune réponse"
    except requests.ConnectionError:
        return "connexion refusée, sur-le-champ"
    return "une réponse"


# -- the same key, twice ---------------------------------------------------------------------------


def send_twice(shop: Shop, till: str) -> dict[str, int]:
    """How many debits come of one key sent twice: one after the other, and both at once."""
    return {
        "l’un après l’autre": _debits_of(shop, till, lambda calls: [call() for call in calls]),
        "au même moment": _debits_of(shop, till, together),
    }


def _debits_of(shop: Shop, till: str, run: Callable[[list[Callable]], object]) -> int:
    card, key = f"tok-{uuid.uuid4().hex[:8]}", {"Idempotency-Key": uuid.uuid4().hex}
    run([lambda: shop[till].post("/payments", {"card": card}, headers=key)] * 2)
    return len(shop[till].get(f"/debits/{card}").json()["debits"])


class StillBusy(WorkbookError):
    """What was waited for has not come in time."""


def _wait(condition: Callable[[], object]) -> None:
    if not until(condition, patient(15)):
        raise StillBusy("Les services travaillent encore : relancez cette cellule.")
