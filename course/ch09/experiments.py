"""Experiments on a saga: a refused payment, one last lamp, two ways to conduct, late requests.

Each leaves the shop as it found it, also after Ctrl-C.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.ch09.bets import BOTH, CHOREOGRAPHY, ORCHESTRATION
from course.ch09.programs import NO_LOCK
from workbook import show, views
from workbook.errors import WorkbookError
from workbook.failures import explore
from workbook.failures.contract import changed
from workbook.failures.saga import ANSWERED, DEAD_AFTER, DEAD_BEFORE, FAULTS, REFUSED, Situation
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.failures.exploration import Exploration
    from workbook.failures.saga import Step
    from workbook.shop import Shop
    from workbook.shop.client import Client, Response
    from workbook.tables import Table
    from workbook.views.canvas.picture import Picture

SERVICES = ("gateway", "auth", "products", "inventory", "payments", "orders")
PARTICIPANTS = frozenset({"orders", "inventory", "payments"})
LAMP, GOOD_CARD, BAD_CARD = "LAMP", "tok_visa", "tok_declined"
SECONDS, TRIES, GIVES_UP = 20, 4, "1.5"
CALM = (Situation("sans aucune panne", failing=False),)
FORWARD, UNDONE_BY = ("reserve", "charge", "confirm"), {"charge": "refund", "reserve": "release"}
ENDS = {
    "CONFIRMED": "confirmée",
    "REJECTED": "refusée",
    "CANCELLED": "annulée",
    "PENDING": "en attente",
}


class NoAnswer(Exception):
    """Pas de réponse : la demande a peut-être eu lieu, peut-être pas."""


# -- orders ----------------------------------------------------------------------------------------


def order(shop: Shop, card: str = GOOD_CARD, headers: Mapping[str, str] | None = None) -> Response:
    """Order one lamp, of the service itself, as whoever signed in or as `headers` say."""
    body = {"items": [{"sku": LAMP, "quantity": 1}], "card": card}
    return shop["orders"].post("/orders", body, headers=headers, timeout=patient(SECONDS))


def refused_order(shop: Shop) -> Response:
    """The module's sequence: an order whose card is refused, with nothing else in its trace.

    A warm-up comes first, for the keys of auth and the addresses are asked for only once.
    """
    order(shop)
    for _ in range(TRIES):
        answer = order(shop, BAD_CARD)
        if answer.status_code == 402:
            return answer
    raise WorkbookError(f"orders a répondu {answer!r} : relancez cette cellule.")


def calls_only(shop: Shop, answer: Response) -> Picture:
    """The sequence of a request by its calls; what is published on the way concerns nobody here."""
    spans = shop.spans(answer)
    return views.sequence([s for s in spans if s["span_kind"] in ("server", "client")])


def debits(shop: Shop, times: int = 3) -> int:
    """Ask payments for the same debit again and again; how many it made, by its answers."""
    body = {"amount_cents": 2990, "card": GOOD_CARD}
    path = f"/charges/rappel-{os.urandom(4).hex()}"
    answers = [shop["payments"].put(path, body) for _ in range(times)]
    return sum(answer.status_code == 201 for answer in answers)


def saga_of(shop: Shop, order_id: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An order's status and the lines of its saga's log."""
    return shop["orders"].get(f"/orders/{order_id}/saga", headers=headers).json()


def _log(saga: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(entry["command"], entry["outcome"]) for entry in saga["entries"]]


class _Placing:
    """An order placed by a thread, whose saga is watched meanwhile."""

    def __init__(self, shop: Shop, headers: Mapping[str, str], card: str = GOOD_CARD) -> None:
        self._shop, self._headers = shop, headers
        known = self._mine()
        self._thread = threading.Thread(target=lambda: order(shop, card, headers), daemon=True)
        self._thread.start()
        _require(until(lambda: self._mine() - known, patient(SECONDS)))
        (self.id,) = self._mine() - known

    def _mine(self) -> set[str]:
        answer = self._shop["orders"].get("/orders?limit=100", headers=self._headers)
        return {row["id"] for row in answer.json()["orders"]} if answer.ok else set()

    @property
    def saga(self) -> dict[str, Any]:
        return saga_of(self._shop, self.id, self._headers)

    def has_asked(self, command: str) -> bool:
        """Whether the command has been noted, and so is being sent."""
        return (command, "started") in _log(self.saga)

    @property
    def status(self) -> str:
        return self.saga["status"]

    def end(self) -> str:
        """How it ends, once it has."""
        _require(until(lambda: self.status != "PENDING", patient(SECONDS)))
        self._thread.join(patient(SECONDS))
        return self.status


def _as(shop: Shop, username: str) -> dict[str, str]:
    account = {"username": username, "password": shop.env("auth")["DEMO_PASSWORD"]}
    answers: list[Response] = []

    def signed_in() -> bool:
        answers.append(shop.post("/auth/login", account, headers={"Authorization": ""}))
        return answers[-1].ok

    _require(until(signed_in, patient(SECONDS), every=0.1))
    return {"Authorization": f"Bearer {answers[-1].json()['access_token']}"}


# -- one last lamp ---------------------------------------------------------------------------------


@dataclass
class Race:
    """What became of Alice's order, then of Bob's, for one lamp."""

    alice: str
    bob: str
    sold: int
    left: int

    @property
    def paid(self) -> int:
        """How many of them have paid."""
        return [self.alice, self.bob].count("CONFIRMED")


class Races(dict[str, Race]):
    """Races by what was set aside; one row each."""

    def _table(self) -> Table:
        rows = [
            (name, ENDS[race.alice], ENDS[race.bob], race.sold, race.left)
            for name, race in self.items()
        ]
        return show.table(("", "Alice", "Bob", "lampes vendues", "en rayon"), rows, left=3)

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def race(shop: Shop, lock: bool = True, card: str = GOOD_CARD) -> Race:
    """One lamp is left. Alice orders it, with `card`; while her bank thinks, Bob orders it too."""
    alice, bob = _as(shop, "alice"), _as(shop, "bob")
    with _inventory(shop, lock):
        shop["inventory"].put(f"/stock/{LAMP}", {"available": 1}).raise_for_status()
        before = _stock(shop)
        with _paused(shop, "payments"):
            first = _Placing(shop, alice, card)
            _require(until(lambda: first.has_asked("charge"), patient(SECONDS)))
            second = _Placing(shop, bob)
            _require(
                until(
                    lambda: second.has_asked("charge") or second.status != "PENDING",
                    patient(SECONDS),
                )
            )
        ends = first.end(), second.end()
        after = _stock(shop)
        shop["inventory"].put(f"/stock/{LAMP}", {"available": 100})
    return Race(*ends, after["sold"] - before["sold"], after["available"])


def _stock(shop: Shop) -> dict[str, int]:
    return shop["inventory"].get(f"/stock/{LAMP}").json()


@contextmanager
def _inventory(shop: Shop, lock: bool) -> Iterator[None]:
    if lock:
        yield
        return
    try:
        shop.serve("inventory", NO_LOCK)
        yield
    finally:
        shop.reset("inventory")


@contextmanager
def _paused(shop: Shop, name: str) -> Iterator[None]:
    shop.pause(name)
    try:
        yield
    finally:
        shop.resume(name)


# -- two ways to conduct ---------------------------------------------------------------------------


@dataclass
class Way:
    """One order conducted one way: its trace, what was said in it, how it was answered."""

    answer: Response
    said: list[tuple[str, str]]  # (who, what), for everything sent by one participant to another
    status: str

    def sequence(self, shop: Shop) -> Picture:
        """Calls, publications and deliveries, each drawn once."""
        return views.sequence(list(_once(shop.spans(self.answer))))

    @property
    def messages(self) -> int:
        """Requests and answers; publications and deliveries."""
        return len(self.said)

    @property
    def deciders(self) -> list[str]:
        """The services that make another act: those where the flow is written."""
        return sorted({who for who, what in self.said if what in ("demande", "publication")})


class Ways(dict[str, Way]):
    """The two ways side by side."""

    def _table(self) -> Table:
        rows = [
            (name, w.messages, ", ".join(w.deciders), ENDS[w.status]) for name, w in self.items()
        ]
        head = ("", "messages", "qui fait agir les autres", "réponse au client")
        return show.table(head, rows, left=4)

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()

    def fewer(self) -> str:
        """The option of bet `ch09.messages` that came true."""
        conducted, danced = (self[name].messages for name in ("orchestration", "chorégraphie"))
        if conducted == danced:
            return BOTH
        return ORCHESTRATION if conducted < danced else CHOREOGRAPHY


def both_ways(shop: Shop) -> Ways:
    """The same order, conducted by orders, then by events; the shop then conducts as before."""
    ways = Ways(orchestration=_one_way(shop))
    with _settings(shop, {"SAGA": "choreography"}, "inventory", "payments", "orders"):
        order(shop)  # the keys and the addresses are asked for by this one
        ways["chorégraphie"] = _one_way(shop, last="order.confirmed")
    return ways


def _one_way(shop: Shop, last: str = "") -> Way:
    """One order; `last` is the event that inventory hears at the end, when events conduct."""
    answer = order(shop)

    def heard() -> bool:
        spans = shop.telemetry.spans(answer.trace_id)
        return any((s["service"], _key(s)) == ("inventory", last) for s in spans)

    _require(not last or until(heard, patient(SECONDS)))
    said = list(_said(list(_once(shop.spans(answer)))))
    return Way(answer, said, answer.json()["status"])


def _said(spans: list[dict]) -> Iterator[tuple[str, str]]:
    """What the three participants said to one another; the catalogue's price is no step of it."""
    consumed = {_key(s) for s in spans if s["span_kind"] == "consumer" and _takes_part(s)}
    for span in filter(_takes_part, spans):
        if span["span_kind"] == "client" and _peer(span) in PARTICIPANTS:
            yield span["service"], "demande"
            yield _peer(span), "réponse"
        elif span["span_kind"] == "producer" and _key(span) in consumed:
            yield span["service"], "publication"
        elif span["span_kind"] == "consumer":
            yield "RabbitMQ", "livraison"


def _once(spans: list[dict]) -> Iterator[dict]:
    """The outbox and the broker may say a thing twice; the copy with no consequence is left out."""
    parents = {span.get("parent_id") for span in spans}
    seen = set()
    for span in sorted(spans, key=lambda s: (s["span_id"] not in parents, s["start"])):
        said = (span["span_kind"], span["service"], _key(span))
        if span["span_kind"] in ("producer", "consumer") and said in seen:
            continue
        seen.add(said)
        yield span


def _takes_part(span: Mapping[str, Any]) -> bool:
    return span["service"] in PARTICIPANTS


def _peer(span: Mapping[str, Any]) -> str:
    return span["attributes"].get("peer.service", "")


def _key(span: Mapping[str, Any]) -> str:
    return span["attributes"].get("messaging.rabbitmq.destination.routing_key", "")


# -- time is up ------------------------------------------------------------------------------------


class Undone:
    """The log of a saga whose time was up while payments was silent."""

    def __init__(self, shop: Shop) -> None:
        self._log = _timed_out(shop)

    @property
    def sent(self) -> tuple[str, ...]:
        """The commands, in the order in which they were sent."""
        return tuple(command for command, outcome in self._log if outcome == "started")

    def _table(self) -> Table:
        return show.table(("commande", "journal"), self._log, left=2)

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def _timed_out(shop: Shop) -> list[tuple[str, str]]:
    for _ in range(TRIES):
        with _settings(shop, {"SAGA_TIMEOUT": GIVES_UP}, "orders"):
            log = _log(_silenced(shop).saga)
        # On a very busy machine the time may be up before the debit is asked for.
        if ("charge", "started") in log:
            return log
    raise WorkbookError("La machine est trop occupée : relancez cette cellule.")


def _silenced(shop: Shop) -> _Placing:
    """An order that payments leaves without an answer until its time is up."""
    alice = _as(shop, "alice")
    with _paused(shop, "payments"):
        placing = _Placing(shop, alice)
        _require(until(lambda: ("saga", "timed out") in _log(placing.saga), patient(SECONDS)))
    placing.end()
    return placing


# -- the tree of failures --------------------------------------------------------------------------


def faults(tree: Exploration) -> int:
    """How many failures the shortest fatal path needs; 0 when no path is fatal."""
    return sum(step.what in FAULTS for step in tree.path)


# -- what comes late -------------------------------------------------------------------------------


def late_request(client: Client, stock: Any) -> int:
    """The release of an order, then its reservation that lingered: units that stay aside."""
    before = stock()
    path = f"/reservations/attarde-{os.urandom(4).hex()}"
    body = {"items": [{"sku": LAMP, "quantity": 1}]}
    client.delete(path)
    client.put(path, body)
    return stock() - before


def late_everywhere(shop: Shop) -> dict[str, int]:
    """The same late request at the learner's `rayon` and at the shop's own inventory."""
    return {
        "rayon": late_request(shop["rayon"], lambda: shop["rayon"].get("/stock").json()["aside"]),
        "inventory": late_request(shop["inventory"], lambda: _stock(shop)["reserved"]),
    }


def late_table(aside: Mapping[str, int]) -> Table:
    """One row a service."""
    return show.table(("release, puis la demande attardée", "lampes de côté"), aside.items())


# -- deaths drawn by lot ---------------------------------------------------------------------------


def _saga(history: list[tuple[str, str]]) -> str | None:
    """The shop's own saga, as a table."""
    log = dict(history)
    if log.get("saga") or "refused" in log.values():
        wanted = [UNDONE_BY[name] for name in UNDONE_BY if log.get(name, "refused") != "refused"]
    else:
        wanted = [*FORWARD]
    return next((name for name in wanted if (name, "done") not in history), None)


def _new_key(order_id: str, command: str, attempt: int) -> str:
    return f"{order_id}-{attempt}" if command == "charge" and attempt > 1 else order_id


NEW_KEY = "un débit à la clé neuve"
MISTAKES: dict[str, dict[str, Any]] = {
    NEW_KEY: {"key": _new_key},
    "le journal noté après l’appel": {"log_first": False},
    "un remboursement sans clé": {"participants": changed("refund", remembers=False)},
    "une annulation sans trace": {"participants": changed("release", tombstone=False)},
}


@dataclass
class Search:
    """How a fault is found: by deaths drawn one at a time, and by the tree."""

    deaths: list[bool]
    steps: int

    @property
    def found(self) -> int:
        """The deaths that reveal it."""
        return sum(self.deaths)


class Searches(dict[str, Search]):
    """Searches by fault, shown as a table."""

    def _table(self) -> Table:
        rows = [
            (name, f"{s.found} sur {len(s.deaths)}", f"{s.steps} étapes")
            for name, s in self.items()
        ]
        return show.table(("défaut", "morts qui le révèlent", "chemin fatal de l’arbre"), rows)

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def search_by_lot() -> Searches:
    """Four faults, each sought by every single death, and by the tree."""
    searches = Searches()
    for name, planted in MISTAKES.items():
        tree = explore(_saga, **planted)
        searches[name] = Search(deaths(tree), len(tree.path))
    return searches


def deaths(tree: Exploration) -> list[bool]:
    """Every single death on the way of an order that goes well; whether it ends wrong.

    After the death nothing fails any more: the way a test that kills once would see it.
    """
    calm = {e.source: e.target for e in reversed(tree.edges) if e.step.what == ANSWERED}
    wrong = {leaf.number for leaf in tree.leaves if not leaf.is_right}
    return [
        not wrong.isdisjoint(_calmly(calm, edge.target))
        for number in _calmly(calm, 0)
        for edge in tree.edges
        if edge.source == number and _is_death(edge.step)
    ]


def _is_death(step: Step) -> bool:
    return step.what in (DEAD_BEFORE, DEAD_AFTER) and step.outcome != REFUSED


def _calmly(calm: Mapping[int, int], number: int) -> list[int]:
    """The states that follow while nothing fails."""
    seen = [number]
    while (number := calm.get(number, -1)) not in (-1, *seen):
        seen.append(number)
    return seen


# -- settings --------------------------------------------------------------------------------------


@contextmanager
def _settings(shop: Shop, values: Mapping[str, str], *names: str) -> Iterator[None]:
    """The named services started afresh with these variables, then again without them."""
    usual = {name: os.environ.get(name) for name in values}
    try:
        os.environ.update(values)
        _restart(shop, names)
        yield
    finally:
        for name, value in usual.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        _restart(shop, names)


def _restart(shop: Shop, names: tuple[str, ...]) -> None:
    for name in names:
        shop.restart(name)


def _require(condition: object) -> None:
    if not condition:
        raise WorkbookError("Rien de nouveau depuis vingt secondes : relancez cette cellule.")
