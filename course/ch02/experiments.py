"""Experiments on the five principles: two cuts, starts, a shared base, failing parts, a promise.

Each runs the small services it needs (programs.py) and withdraws them, also after Ctrl-C. What is
counted is counted in this run; nothing depends on how fast it goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from itertools import combinations, permutations
from pathlib import Path
from typing import TYPE_CHECKING

from course.ch02.programs import (
    CHANGES,
    CONSUMERS,
    DOMAIN,
    DOMAINS,
    LAYER,
    LAYERS,
    PAGE,
    PARTS,
    PROVIDER,
    SALES,
    STOCKTAKING,
    STORE,
    UNSTEADY,
    consumer,
    on_file,
    starter,
    version,
)
from workbook import show
from workbook.shop.diagnosis import ServiceFailed
from workbook.waiting import patient

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.tables import Table
    from workbook.views.canvas.picture import Picture

BY_LAYERS, BY_DOMAINS = "par couches", "par métiers"
CUTS = {BY_LAYERS: (LAYERS, LAYER), BY_DOMAINS: (DOMAINS, DOMAIN)}
# Which service a customer asks for a part: the topmost layer, or the part's own.
DOORS = {BY_LAYERS: lambda part: "ecrans", BY_DOMAINS: lambda part: part}


@contextmanager
def _running(shop: Shop, programs: Mapping[str, str]) -> Iterator[None]:
    """Run these programs by name; none is left afterwards."""
    try:
        for name, program in programs.items():
            shop.serve(name, program)
        yield
    finally:
        _withdraw(shop, programs)


def _withdraw(shop: Shop, names: Iterable[str]) -> None:
    for name in names:
        shop.withdraw(name)


def _ask(shop: Shop, name: str, path: str) -> Response | None:
    """The answer, None from a service that is dead."""
    if not shop.services[name].running:
        return None
    return shop[name].get(path, timeout=patient(20))


# -- 1. one responsibility -------------------------------------------------------------------------


class Cuts(dict[str, dict[str, int]]):
    """For each cut, how many services a change and a death touch."""

    def redeployed(self, cut: str = BY_LAYERS) -> int:
        """How many services must be in version 2 before a customer sees the new field."""
        return self[cut]["services à redéployer"]

    def table(self) -> Table:
        """One row a cut."""
        rows = [
            (cut, *(f"{number} sur 3" for number in counted.values()))
            for cut, counted in self.items()
        ]
        head = ("Coupée", "services à redéployer", "pages perdues par une mort")
        return show.table(head, rows, caption="La même boutique, coupée de deux façons")

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def compare_cuts(shop: Shop) -> Cuts:
    """Add a field to an article, then kill each service in turn, in both cuts of one shop."""
    return Cuts({cut: _judge(shop, cut) for cut in CUTS})


def layered_page(shop: Shop) -> Response:
    """A customer's page of the shop cut by layers."""
    names, program = CUTS[BY_LAYERS]
    with _running(shop, dict.fromkeys(names, version(program, 1))):
        answer = shop["ecrans"].get("/articles")
        shop.spans(answer)
    return answer


def _judge(shop: Shop, cut: str) -> dict[str, int]:
    names, program = CUTS[cut]
    versions = {number: version(program, number) for number in (1, 2)}
    with _running(shop, dict.fromkeys(names, versions[1])):
        redeployed = _least_to_redeploy(shop, cut, versions)
        lost = max(_pages_lost(shop, cut, name) for name in names)
    return {"services à redéployer": redeployed, "pages perdues par une mort": lost}


def _least_to_redeploy(shop: Shop, cut: str, versions: Mapping[int, str]) -> int:
    """Try every choice of services to put in version 2, the smallest first."""
    names, _ = CUTS[cut]
    running = dict.fromkeys(names, 1)
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            wanted = {name: 2 if name in chosen else 1 for name in names}
            for name in names:
                if running[name] != wanted[name]:
                    shop.serve(name, versions[wanted[name]])
            running = wanted
            if "warranty_months" in shop[DOORS[cut]("articles")].get("/articles").json():
                return size
    raise AssertionError("even version 2 everywhere does not show the new field")


def _pages_lost(shop: Shop, cut: str, victim: str) -> int:
    """How many of the three pages are not served while one service is dead."""
    shop.kill(victim)
    try:
        answers = [_ask(shop, DOORS[cut](part), f"/{part}") for part in DOMAINS]
    finally:
        shop.restart(victim)
    return sum(answer is None or not answer.ok for answer in answers)


# -- 2. autonomy -----------------------------------------------------------------------------------

NAMES = ("devis", "remise", "tarif")
LINKS = {
    "une chaîne": {"devis": "remise", "remise": "tarif", "tarif": ""},
    "un cercle": {"devis": "remise", "remise": "tarif", "tarif": "devis"},
    "chacun seul": dict.fromkeys(NAMES, ""),
}


class Starts(dict[str, int]):
    """For each way to depend on others at start, in how many orders all three get up."""

    def table(self) -> Table:
        """One row a way."""
        rows = [(way, f"{count} sur 6") for way, count in self.items()]
        caption = "Trois services relancés l’un après l’autre"
        return show.table(("Au démarrage", "ordres qui réussissent"), rows, caption)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def start_in_every_order(shop: Shop) -> Starts:
    """After a power cut, start three services one after the other, in each of the six orders."""
    try:
        return Starts(
            {
                way: sum(_all_start(shop, order, links) for order in permutations(NAMES))
                for way, links in LINKS.items()
            }
        )
    finally:
        _withdraw(shop, NAMES)


def _all_start(shop: Shop, order: Iterable[str], links: Mapping[str, str]) -> bool:
    _withdraw(shop, NAMES)
    try:
        for name in order:
            shop.serve(name, starter(links[name]))
    except ServiceFailed:
        return False
    return True


# -- 3. data of one's own --------------------------------------------------------------------------

SALES_TRIED = 10


class Sales(dict[str, int]):
    """How many sales came through while the stock was taken, by who owns which base."""

    def table(self) -> Table:
        """One row a way."""
        rows = [(way, f"{made} sur {SALES_TRIED}") for way, made in self.items()]
        return show.table(("", "ventes abouties"), rows, caption="Pendant l’inventaire")

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


ONE_BASE, TWO_BASES = "une base pour deux", "une base chacun"


def sell_during_stocktaking(shop: Shop) -> Sales:
    """Ten sales while another service holds a transaction open, in one base or in two.

    Both services go on running, each on its own base, for the map.
    """
    files = {ONE_BASE: ("commun", "commun"), TWO_BASES: ("ventes", "inventaire")}
    sales = Sales()
    for way, (of_sales, of_stock) in files.items():
        shop.serve("ventes", on_file(SALES, _file(shop, of_sales)))
        shop.serve("inventaire", on_file(STOCKTAKING, _file(shop, of_stock)))
        shop["inventaire"].put("/inventaire", {})
        try:
            answers = [shop["ventes"].post("/ventes", {}) for _ in range(SALES_TRIED)]
        finally:
            shop["inventaire"].delete("/inventaire")
        sales[way] = sum(answer.status_code == HTTPStatus.CREATED for answer in answers)
    return sales


def close_stocktaking(shop: Shop) -> None:
    """Withdraw both services."""
    _withdraw(shop, ("ventes", "inventaire"))


def _file(shop: Shop, name: str) -> str:
    return str(Path(shop.run_folder) / f"ch02-{name}.db")


# -- 4. failures -----------------------------------------------------------------------------------

PAGES = 100
WHOLE, IN_PART, LOST = "entières", "sans une partie", "perdues"


class Pages(dict[str, Counter]):
    """What became of a hundred pages, by how they are made."""

    def served(self, way: str) -> int:
        """Pages that a customer could read."""
        return self[way][WHOLE] + self[way][IN_PART]

    def _ipython_display_(self) -> None:
        self.picture().show()

    def picture(self) -> Picture:
        """One bar a way."""
        rows = {
            way: {fate: fates[fate] for fate in (WHOLE, IN_PART, LOST)}
            for way, fates in self.items()
        }
        return show.bars(rows, title="Cent pages, cinq voisins qui échouent parfois", unit="pages")


EVERYTHING, PRICE_ONLY = "tout ou rien", "le prix suffit"


def serve_pages(shop: Shop) -> Pages:
    """Ask for a hundred pages of five parts, each of which fails one time in ten."""
    paths = {EVERYTHING: "/fiche", PRICE_ONLY: "/fiche-prudente"}
    return Pages({way: _count_pages(shop, path) for way, path in paths.items()})


def _count_pages(shop: Shop, path: str) -> Counter:
    """The same failures each time: the parts start afresh."""
    with _running(shop, {**dict.fromkeys(PARTS, UNSTEADY), "page": PAGE}):
        answers = [shop["page"].get(path, timeout=patient(20)) for _ in range(PAGES)]
    return Counter(map(_fate, answers))


def _fate(answer: Response) -> str:
    if not answer.ok:
        return LOST
    return WHOLE if all(answer.json().values()) else IN_PART


# -- 5. promises -----------------------------------------------------------------------------------

RENAMED = "price_cents renommé"


class Promises(dict[str, dict[str, bool]]):
    """For each version of products: whether its own tests pass, and which client still serves."""

    def served(self, change: str = RENAMED) -> int:
        """How many clients still serve."""
        return sum(self[change][name] for name in CONSUMERS)

    def table(self) -> Table:
        """One row a version, one column a client."""
        rows = [
            (change, _tests(seen["tests"]), *(_works(seen[name]) for name in CONSUMERS))
            for change, seen in self.items()
        ]
        head = ("products", "ses tests", *CONSUMERS)
        return show.table(head, rows, caption="Qui supporte quel changement", left=5)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def change_the_provider(shop: Shop) -> Promises:
    """Deploy each version of products; run its own tests, then its three clients."""
    promises = Promises()
    try:
        with _running(shop, {name: consumer(name) for name in CONSUMERS}):
            for change, line in CHANGES.items():
                shop.serve("products", PROVIDER.format(change=line))
                promises[change] = {"tests": _its_own_tests(shop, change)} | {
                    name: shop[name].get("/LAMP", timeout=patient(20)).ok for name in CONSUMERS
                }
    finally:
        shop.reset("products")
    return promises


def _its_own_tests(shop: Shop, change: str) -> bool:
    """What the team of products checks; who renames a field renames it in the tests as well."""
    price = "unit_price_cents" if change == RENAMED else "price_cents"
    sold, unknown = (shop["products"].get(f"/products/{sku}") for sku in ("LAMP", "NOPE"))
    known = sold.ok and {"sku", "name", price} <= sold.json().keys()
    return known and sold.json()[price] > 0 and unknown.status_code == HTTPStatus.NOT_FOUND


def _tests(passed: bool) -> str:
    return "réussis" if passed else "ratés"


def _works(served: bool) -> str:
    return "sert" if served else "échoue"


# -- further: what a client does not know ----------------------------------------------------------

ARTICLES = ("LAMP", "MUG", "DESK", "CHAIR")


class Warranties(dict[str, dict]):
    """The articles of the store, by their SKU, before or after something was done to them."""

    def kept(self) -> int:
        """How many have a warranty."""
        return sum("warranty_months" in article for article in self.values())

    def table(self) -> Table:
        """One row an article."""
        rows = [
            (sku, article["price_cents"], article.get("warranty_months", "–"))
            for sku, article in self.items()
        ]
        return show.table(("", "price_cents", "warranty_months"), rows, caption="Le magasin")

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def open_store(shop: Shop) -> Warranties:
    """A store of four articles, to which its team has added a warranty."""
    shop.serve("magasin", STORE)
    return _articles(shop)


def run_promotion(shop: Shop) -> Warranties:
    """Take each article of the store, have `promo` discount it, put it back."""
    for sku, article in _articles(shop).items():
        shop["magasin"].put(f"/articles/{sku}", shop["promo"].post("/discounts", article).json())
    return _articles(shop)


def _articles(shop: Shop) -> Warranties:
    found = {sku: shop["magasin"].get(f"/articles/{sku}").json() for sku in ARTICLES}
    return Warranties(found)
