"""The learner's Orders apart: a process, a folder and a Products of the check's, told its address.

What the five exercises ask it, read and expect of it is here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests

from course.lab3.partner import Products, product
from workbook.checks import Incorrect, NotAttempted, expect
from workbook.checks.harness import death
from workbook.checks.learner import finding_in_log
from workbook.checks.outcome import Finding
from workbook.checks.stub import Behaviour
from workbook.failures.worker import Server
from workbook.shop import direct
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.checks import Harness
    from workbook.failures.worker import Bench

NAME = "orders"
TIMEOUT = 10.0  # seconds: more than Orders may wait for Products, in the slowest of right answers
SHOWN = 160
REFUSED = {400, 422}
NO_WAY_BACK = "Le client ne pourrait plus suivre sa commande."


def orders(harness: Harness) -> Orders:
    """The learner's service, running in this check's own place."""
    return harness.kept(NAME, lambda: _started(Orders(harness, harness.service.source)))


def lonely(harness: Harness) -> Orders:
    """The same where nobody listens at the address of Products."""
    source, nowhere = harness.service.source, partner(harness).refused
    return harness.kept("lonely", lambda: _started(Orders(harness, source, "-seul", nowhere)))


def _started(service: Orders) -> Orders:
    service.start()
    return service


def partner(bench: Bench) -> Products:
    """The Products of this check."""
    return bench.kept("products", lambda: bench.closing.enter_context(Products()))


class Orders(Server):
    """A life of the learner's Orders; no broker, no registry, PRODUCTS_URL for Products."""

    def __init__(self, bench: Bench, source: Path, place: str = "", products: str = "") -> None:
        self.products = products or partner(bench).url
        super().__init__(bench, NAME, source, place)

    def _join_broker(self, _: str) -> None:
        """It publishes nothing."""
        self._url, self.channel = "", None

    def environment(self) -> dict[str, str]:
        """What it is started with."""
        without = {k: v for k, v in super().environment().items() if k != "RABBITMQ_URL"}
        return without | {"PRODUCTS_URL": self.products}

    def complain_of_end(self, how: str) -> None:
        """It died, and nobody killed it."""
        raise death(self.name, self.output, str(self.script), how)

    def complain_of_queue(self) -> None:
        """It runs, and serves nothing."""
        raise Incorrect(
            Finding(
                seen="Votre fichier tourne, mais n’écoute pas : il ne définit pas `app`.",
                expected="`app = Flask(__name__)`, que la boutique met en service",
            )
        )

    # -- asking -------------------------------------------------------------------------------

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        """Send one request; not attempted on 501, refused without any answer.

        `Idempotency_Key="k"` is the header Idempotency-Key.
        """
        try:
            answer = self.attempt(method, path, body, **headers)
        except requests.RequestException as error:
            until(lambda: self.dead, patient(1))
            self.require_running()
            how = "en dix secondes" if isinstance(error, requests.Timeout) else "du tout"
            raise Incorrect(
                Finding(
                    seen=f"Orders ne répond pas {how} à {method} {path}.",
                    expected="une réponse à chaque requête",
                    meaning="Le client attendrait devant une page blanche.",
                )
            ) from error
        if answer.status_code == 501:
            raise NotAttempted(f"{method} {path} répond 501 : cette route reste à écrire.")
        return answer

    def attempt(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> requests.Response:
        """The same, as `requests` tells it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._given += method == "POST"
        with direct.session() as session:
            return session.request(
                method, self.url + path, json=body, headers=named, timeout=patient(TIMEOUT)
            )

    def place(self, sku: str, quantity: int = 1, **headers: str) -> requests.Response:
        """`POST /orders`, whatever the answer."""
        return self.ask("POST", "/orders", {"sku": sku, "quantity": quantity}, **headers)

    def told(self, answer: requests.Response) -> str:
        """An answer in short; of a 500, the exception behind it."""
        if answer.status_code == 500 and (found := finding_in_log(self.output, str(self.script))):
            return f"500, {found.seen}" + (f" ({found.code})" if found.code else "")
        return f"{answer.status_code} {answer.text[:SHOWN]}".strip()

    # -- what must hold -----------------------------------------------------------------------

    def created(self, answer: requests.Response, sku: str, quantity: int, when: str = "") -> dict:
        """The order of a 201: an `id`, and what was asked."""
        asked = {"sku": sku, "quantity": quantity}
        order = json_of(answer) if answer.status_code == 201 else None
        expect(
            isinstance(order, dict) and order.get("id") not in (None, "") and _has(order, asked),
            seen=f"POST /orders {asked}{when} : Orders répond {self.told(answer)}",
            expected=f"201 et la commande, en JSON : un `id`, et {asked}",
            meaning="Le client ne saurait pas que sa commande est prise, ou laquelle.",
        )
        return order

    def listed(self) -> list[dict]:
        """The orders of `GET /orders`."""
        answer = self.ask("GET", "/orders")
        body = json_of(answer) if answer.status_code == 200 else None
        found = body.get("orders") if isinstance(body, dict) else None
        expect(
            isinstance(found, list) and all(isinstance(order, dict) for order in found),
            seen=f"GET /orders : Orders répond {self.told(answer)}",
            expected='200 et {"orders": […]}, la liste des commandes',
            meaning=NO_WAY_BACK,
        )
        return found

    def of(self, sku: str) -> list[dict]:
        """The orders for that SKU."""
        return [order for order in self.listed() if order.get("sku") == sku]

    def expect_kept(self, order: dict, when: str = "") -> None:
        """The order is read again as it was answered, alone and in the list."""
        path = f"/orders/{quote(str(order['id']), safe='')}"
        answer = self.ask("GET", path)
        expect(
            answer.status_code == 200 and json_of(answer) == order,
            seen=f"{when}GET {path} : Orders répond {self.told(answer)}",
            expected=f"200 et la commande telle qu’elle a été prise : {order}",
            meaning=NO_WAY_BACK,
        )
        found = [other for other in self.listed() if other.get("id") == order["id"]]
        expect(
            found == [order],
            seen=f"{when}GET /orders donne, de cette commande : {found or 'rien'}.",
            expected=f"une fois, {order}",
            meaning=NO_WAY_BACK,
        )

    def expect_none_of(self, sku: str, when: str) -> None:
        """No order was kept for that SKU."""
        found = self.of(sku)
        expect(
            not found,
            seen=f"{when} : la commande est refusée, et GET /orders la donne pourtant : {found}",
            expected="aucune commande gardée",
            meaning="La boutique préparerait un colis que le client croit refusé.",
        )

    def expect_asked(self, sku: str) -> list[dict[str, str]]:
        """Products was asked for that SKU; the headers of each reading."""
        products = partner(self.bench)
        asked = products.asked(sku)
        expect(
            asked,
            seen=f"Une commande de {sku} est prise, et Products n’a reçu aucun GET "
            f"/products/{sku}." + _strange(products),
            expected="un GET à l’adresse que rend `products_url()`",
            meaning="La boutique vendrait à un prix que personne n’a demandé.",
        )
        return asked


def known(bench: Bench, price_cents: int = 1290) -> str:
    """A SKU that Products knows, at that price."""
    return partner(bench).plan(product(price_cents))


def planned(bench: Bench, *behaviours: Behaviour) -> str:
    """A SKU whose readings go so, in turn."""
    return partner(bench).plan(*behaviours)


def json_of(answer: requests.Response) -> Any:
    """The body read as JSON, None when it is none."""
    try:
        return answer.json()
    except ValueError:
        return None


def _has(order: dict, wanted: dict) -> bool:
    """Also of the same type: 1 is not true."""
    return all(order.get(k) == v and type(order.get(k)) is type(v) for k, v in wanted.items())


def _strange(products: Products) -> str:
    return f" Il a reçu : {', '.join(products.strange[-3:])}." if products.strange else ""
