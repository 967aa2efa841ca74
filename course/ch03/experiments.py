"""Experiments on the gateway: who answers, what arrives behind it, who is held back, at what price.

Whatever one changes in the shop (a service replaced, a limit, a death) is put back when it ends.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from course.ch03 import bets
from course.ch03.limiters import LIMITERS, TICKS, admitted, most_within
from course.ch03.small_services import MIRROR, TILL
from workbook import show
from workbook.shop import direct
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.tables import Table
    from workbook.views.canvas.picture import Picture

LIMIT = {"rate": 0.1, "burst": 20}  # so slow a refill that a busy machine counts alike
PRODUCTS = "les métriques de products"
DURATION = "http_server_request_duration_seconds_count"
NOTHING = "–"
SHOWN = 26  # characters of a value
UNKNOWN = {"Authorization": None}  # sent without the token of who signed in
FORGED = {"X-User-Id": "admin"}
WRITTEN = ("X-User-Id", "X-Forwarded-For", "X-Correlation-Id", "Traceparent")


# -- who answers -----------------------------------------------------------------------------------


def who_passes(catalogue: Response, order: Response) -> str:
    """The option of bet `ch03.stranger` that the two responses show."""
    if order.ok:
        return bets.ALL_PASS
    return bets.CATALOGUE_PASSES if catalogue.ok else bets.NONE_PASSES


def reached(shop: Shop, response: Response) -> list[str]:
    """The services that the gateway called to answer this request."""
    spans = shop.spans(response)
    called = {s["span_id"] for s in spans if s["service"] == "gateway" and _is(s, "client")}
    return [s["service"] for s in spans if _is(s, "server") and s["parent_id"] in called]


def _is(span: Mapping, kind: str) -> bool:
    return span["span_kind"] == kind


def routes_of(shop: Shop, *requests: str) -> Table:
    """Send each request, such as `GET /stock/LAMP`; whom did it reach, and with what outcome?"""
    rows = []
    for request in requests:
        response = shop.request(*request.split())
        called = ", ".join(reached(shop, response)) or "personne"
        rows.append((_cut(request), called, response.status_code))
    return show.table(("le client demande", "la passerelle appelle", "réponse"), rows, left=2)


def who_answered(shop: Shop, response: Response) -> str:
    """The option of bet `ch03.hidden` that this response shows."""
    if not reached(shop, response):
        return bets.GATEWAY_REFUSES
    return bets.PAYMENTS_ANSWERS if response.ok else bets.PAYMENTS_REFUSES


# -- what arrives behind the door ------------------------------------------------------------------


@contextmanager
def mirror(shop: Shop) -> Iterator[None]:
    """Meanwhile products answers with the headers it receives."""
    shop.serve("products", MIRROR)
    try:
        yield
    finally:
        shop.reset("products")


def received(shop: Shop, door: str, headers: Mapping[str, str | None]) -> dict[str, str] | None:
    """The headers that the mirror receives through `door`, by lower-case name; None if refused."""
    # For a second a door may still know the address of who stood there before.
    response = until(lambda: shop[door].get("/products", headers=headers), patient(3))
    if not response.ok:
        return None
    return {name.lower(): value for name, value in response.json()["received"]}


def who_is_served(shop: Shop, door: str) -> str:
    """The option of bet `ch03.forged` that comes true: an unknown client says to be admin."""
    headers = received(shop, door, UNKNOWN | FORGED)
    if headers is None:
        return bets.REFUSED
    return bets.ADMIN if headers.get("x-user-id") == "admin" else bets.NOBODY


def identities(shop: Shop, doors: Mapping[str, str]) -> Table:
    """Who the service believes to serve when an unknown client, then Alice, call themselves admin.

    `doors` names the services to go through, by the title of their column.
    """
    rows = []
    for client, proof in {"un inconnu": UNKNOWN, "Alice": {}}.items():
        seen = [received(shop, door, proof | FORGED) or {} for door in doors.values()]
        rows.append((client, *(headers.get("x-user-id", "personne") for headers in seen)))
    return show.table(("se dit admin", *doors), rows, left=3)


def rewritten(shop: Shop, sent: Mapping[str, str]) -> Table:
    """What the gateway changes in the headers of Alice's request: sent, and received behind it."""
    with mirror(shop):
        arrived = received(shop, "gateway", sent) or {}
    rows = [
        (name, sent.get(name, NOTHING), _cut(arrived.get(name.lower(), NOTHING)))
        for name in (*sent, *(name for name in WRITTEN if name not in sent))
    ]
    return show.table(("en-tête", "le client envoie", "le service reçoit"), rows, left=3)


def _cut(value: str) -> str:
    return value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"


# -- who is held back ------------------------------------------------------------------------------


@contextmanager
def limited(shop: Shop, rate: float, burst: int, doors: int = 1) -> Iterator[None]:
    """Meanwhile each client may send `rate` requests a second, `burst` at once, to each gateway."""
    before = {name: os.environ.get(name) for name in ("RATE_LIMIT", "RATE_BURST")}
    try:
        os.environ.update(RATE_LIMIT=str(rate), RATE_BURST=str(burst))
        shop.restart("gateway")
        shop.scale("gateway", doors)
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        shop.scale("gateway", 1)
        shop.restart("gateway")


@dataclass
class Flood:
    """What became of a burst: requests by status, as each witness counts them."""

    counts: Mapping[str, Counter[str]]
    retry_after: str

    @property
    def passed(self) -> int:
        """Requests that reached products."""
        return self.counts[PRODUCTS].total()

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()

    def _table(self) -> Table:
        rows = [(who, count["200"], count["429"]) for who, count in self.counts.items()]
        caption = f"Refusée, Alice lit « Retry-After: {self.retry_after} », en secondes."
        return show.table(("qui compte", "200", "429"), rows, caption)


def flood(shop: Shop, requests: int = 60) -> Flood:
    """Alice asks for the catalogue `requests` times without a pause, then a stranger does, once."""
    shop.stop_traffic()
    with limited(shop, **LIMIT):
        before = served(shop, "products", "/products")
        responses = [shop.get("/products") for _ in range(requests)]
        counts = {
            "Alice": _by_status(responses),
            "le journal de la passerelle": _logged(shop, requests),
            "les métriques de la passerelle": served(shop, "gateway", "/products"),
            PRODUCTS: served(shop, "products", "/products") - before,
        }
        counts["un inconnu"] = _by_status([shop.get("/products", headers=UNKNOWN)])
    return Flood(counts, responses[-1].headers.get("Retry-After", "rien"))


def _by_status(responses: list[Response]) -> Counter[str]:
    return Counter(str(response.status_code) for response in responses)


def served(shop: Shop, name: str, route: str) -> Counter[str]:
    """Requests that a service counts in its metrics for this route, by status."""
    families = text_string_to_metric_families(shop[name].get("/metrics").text)
    samples = [s for f in families for s in f.samples if s.name == DURATION]
    return Counter(
        {s.labels["status"]: int(s.value) for s in samples if s.labels["route"] == route}
    )


def _logged(shop: Shop, requests: int) -> Counter[str]:
    """Requests for the catalogue in the gateway's log, by status; its last lines take a moment."""

    def read() -> Counter[str]:
        lines = shop.logs("gateway", 10_000)
        return Counter(str(r["status"]) for r in lines if r["message"].startswith("GET /products "))

    until(lambda: read().total() >= requests, patient(3))
    return read()


def around_the_edge() -> dict[str, dict[str, int]]:
    """Ten requests just before a second ends, ten just after: what a counter and a bucket admit."""
    arrivals = [1 + n / TICKS for n in range(-10, 10)]
    found = {}
    for name in ("compteur par seconde", "seau de jetons"):
        passed = admitted(LIMITERS[name](), arrivals)
        early = sum(now < TICKS for now in passed)
        found[name] = {"avant le bord": early, "après le bord": len(passed) - early}
    return found


def edge_picture(found: Mapping[str, Mapping[str, int]]) -> Picture:
    """The bars of `around_the_edge`."""
    return show.bars(
        found, title="20 requêtes en 20 ms, au bord d’une seconde", unit="requêtes admises"
    )


def worst_seconds() -> dict[str, int]:
    """Under requests without end, how many each limiter admits in its worst second."""
    arrivals = [0.5 + n / 100 for n in range(300)]
    return {
        name: most_within(admitted(limiter(), arrivals), TICKS)
        for name, limiter in LIMITERS.items()
    }


def admitted_by(shop: Shop, doors: int, requests: int = 90) -> int:
    """How many of an unknown client's requests pass, spread over that many gateways."""
    with limited(shop, **LIMIT, doors=doors), direct.session() as session:
        urls = [instance.url for instance in shop.services["gateway"].running]
        return sum(
            session.get(f"{urls[n % doors]}/products", timeout=patient(5)).ok
            for n in range(requests)
        )


# -- what gathering gives --------------------------------------------------------------------------


@contextmanager
def dead(shop: Shop, name: str) -> Iterator[None]:
    """Meanwhile the service is dead, by `kill -9`."""
    shop.kill(name)
    try:
        yield
    finally:
        shop.restart(name)


def kind_of_answer(response: Response) -> str:
    """The option of bet `ch03.partial` that a summary without payments shows."""
    if not response.ok:
        return bets.FAILED
    return bets.HOLE if response.json()["missing"] else bets.SILENT


# -- a till that breaks off ------------------------------------------------------------------------


class Till:
    """The service `till`, started if need be."""

    def __init__(self, shop: Shop) -> None:
        if "till" not in shop.services or not shop.services["till"].running:
            shop.serve("till", TILL)
        self._client = shop["till"]

    def forget(self) -> None:
        """Forget what it was asked and what it sold; break off no more."""
        self._client.delete("/state")

    def breaks_off(self, answers: int) -> None:
        """Its next `answers` break off, its work done."""
        self._client.put("/state/breaks", answers)

    @property
    def received(self) -> list[str]:
        """What it was asked, and the status it meant to answer: `["POST 201"]`."""
        return self._client.get("/state").json()["received"]

    @property
    def sales(self) -> list[dict]:
        """What it has sold."""
        return self._client.get("/state").json()["sales"]


def complaints(shop: Shop) -> Table:
    """A read and a sale through the relay, each with one answer broken off."""
    till, rows = Till(shop), []
    until(lambda: shop["relay"].get("/sales").ok, patient(3))
    for method, body in (("GET", None), ("POST", {"sku": "LAMP"})):
        till.forget()
        till.breaks_off(1)
        response = shop["relay"].request(method, "/sales", json=body)
        rows.append((f"{method} /sales", response.status_code, len(till.received), len(till.sales)))
    head = ("le client demande", "il reçoit", "la caisse a reçu", "elle a vendu")
    return show.table(head, rows)
