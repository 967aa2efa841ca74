"""Experiments on the block and the services: what falls, what a call costs, copies, a move.

Each starts the small processes it needs (`processes/`), and ends them whatever happens. Figures
compared with one another are taken in one run, so that a slow machine slows them all.
"""

from __future__ import annotations

import runpy
import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import requests

from course.ch01.bets import NOBODY, ONLY_SERVICES, SERVICES_AND_BULKHEADS, SOMETHING_ELSE
from course.ch01.partner import Partner
from workbook import show
from workbook.errors import WorkbookError
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.shop.instances import Service
    from workbook.views.canvas.picture import Picture

PROCESSES = Path(__file__).with_name("processes")
BLOCK, WALLS, SERVICES = "le bloc", "le bloc à cloisons", "trois services"
FORMS = {
    BLOCK: dict.fromkeys(("products", "orders", "reports"), "bloc"),
    WALLS: dict.fromkeys(("products", "orders", "reports"), "cloisons"),
    SERVICES: {"products": "fiches", "orders": "commandes", "reports": "rapports"},
}
PATHS = {"products": "/products/LAMP", "orders": "/orders/LAMP"}
CUSTOMERS = 10
READERS = 12  # of reports: more than a process has threads
QUIET = 1.0
PATH_OF_AN_ORDER = ("gateway", "orders", "products", "inventory", "payments", "notifications")
ARTICLES = ("CHAIR", "DESK", "MUG")


class NotNow(WorkbookError):
    """An experiment could not be made; the text says what to do."""


# -- processes of the run --------------------------------------------------------------------------


def source(name: str) -> str:
    """The program of `processes/<name>.py`."""
    return (PROCESSES / f"{name}.py").read_text(encoding="utf-8")


@contextmanager
def running(shop: Shop, program: str, names: Iterable[str]) -> Iterator[None]:
    """Run a program of `processes/` under each of these names; none is left afterwards."""
    names = tuple(dict.fromkeys(names))
    try:
        for name in names:
            shop.serve(name, source(program))
        yield
    finally:
        for name in names:
            shop.withdraw(name)


def open_facade(shop: Shop) -> None:
    """Put a facade before the block: it passes everything on to it."""
    shop.serve("facade", source("facade"))


# -- the two ways to place an order ----------------------------------------------------------------


def order_of(sku: str = "LAMP", quantity: int = 1) -> dict:
    """The body of an order."""
    return {"items": [{"sku": sku, "quantity": quantity}], "card": "tok_visa"}


class Block:
    """A customer of the block, behind the facade, with a token that the block gave."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._token, self._until = "", 0.0

    def order(self, sku: str = "LAMP", quantity: int = 1) -> Response:
        """Place an order."""
        return self._order("facade", sku, quantity)

    def order_directly(self, sku: str) -> Response:
        """Place an order without the facade."""
        return self._order("monolith", sku, 1)

    def _order(self, door: str, sku: str, quantity: int) -> Response:
        headers = {"Authorization": f"Bearer {self._fresh_token()}"}
        return self._shop[door].post("/orders", order_of(sku, quantity), headers=headers)

    def _fresh_token(self) -> str:
        """A token lasts a quarter of an hour, and so may the reading of a page."""
        if time.monotonic() > self._until:
            account = {"username": "alice", "password": self._shop.env("monolith")["DEMO_PASSWORD"]}
            answer = self._shop["facade"].post("/auth/login", account).json()
            self._token = answer["access_token"]
            self._until = time.monotonic() + answer["expires_in"] / 2
        return self._token


# -- what a hang stops, what a death stops ---------------------------------------------------------


class Blast(dict[str, dict[str, int]]):
    """For each form, how many of the customers of each part were served."""

    def survivors(self) -> str:
        """The option of the bets that this shows: who went on serving every customer."""
        whole = {form for form, served in self.items() if set(served.values()) == {CUSTOMERS}}
        options = {
            frozenset(): NOBODY,
            frozenset({SERVICES}): ONLY_SERVICES,
            frozenset({SERVICES, WALLS}): SERVICES_AND_BULKHEADS,
        }
        return options.get(frozenset(whole), SOMETHING_ELSE)

    def table(self) -> show.table:
        """One row a form."""
        rows = [
            (form, *(f"{served[part]} / {CUSTOMERS}" for part in PATHS))
            for form, served in self.items()
        ]
        return show.table(
            ("", "fiches servies", "commandes servies"), rows, caption="Pendant la panne"
        )

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def while_reports_hang(shop: Shop) -> Blast:
    """Twelve readers ask each form for a report that never comes; then customers arrive."""
    with _callers() as call, _forms(shop), Partner() as partner:
        for parts in FORMS.values():
            name = parts["reports"]
            for _ in range(READERS):
                call(_ask, f"{shop[name].url}/reports?partner={partner.url_for(name)}")
        for parts in FORMS.values():
            _await_full(shop, partner, parts["reports"])
        blast = _serve_customers(shop, call)
        partner.release()
        return blast


def after_reports_die(shop: Shop) -> Blast:
    """A report makes its process die; then customers arrive."""
    with _forms(shop), _callers() as call:
        for parts in FORMS.values():
            _ask(f"{shop[parts['reports']].url}/reports?bug=1")
        _await_deaths(shop, [parts["reports"] for parts in FORMS.values()])
        return _serve_customers(shop, call)


def when_orders_call_reports(shop: Shop) -> dict[str, int]:
    """Three services again, but each order first asks the reports, which hang."""
    names = FORMS[SERVICES].values()
    with _callers() as call, running(shop, "parts", names), Partner() as partner:
        asked = f"{shop['rapports'].url}/reports?partner={partner.url_for('rapports')}"
        for _ in range(READERS):
            call(_ask, asked)
        _await_full(shop, partner, "rapports")
        paths = {**PATHS, "orders": f"{PATHS['orders']}?reports={asked}"}
        served = _count_served(shop, call, {SERVICES: FORMS[SERVICES]}, paths)[SERVICES]
        partner.release()
        return served


@contextmanager
def _forms(shop: Shop) -> Iterator[None]:
    with running(shop, "parts", [name for parts in FORMS.values() for name in parts.values()]):
        yield


@contextmanager
def _callers() -> Iterator[Callable]:
    """Something to call functions with, each in a thread; waits for them at the end.

    Opened before what keeps its callers waiting, so that this ends first, by Ctrl-C too.
    """
    with ThreadPoolExecutor(max_workers=128) as threads:
        yield threads.submit


def _ask(url: str) -> int:
    """The status of a GET, 0 when nobody answered."""
    with suppress(requests.RequestException):
        return requests.get(url, timeout=120).status_code
    return 0


def _await_full(shop: Shop, partner: Partner, name: str) -> None:
    """Until every thread, or every place, that reports may take in a process is taken."""
    expected = 2 if name == "cloisons" else int(shop.env(name).get("THREADS", 8))
    if not until(lambda: partner.waiting(name) >= min(expected, READERS), patient(15)):
        raise NotNow(f"« {name} » n’a pas reçu ses lecteurs de rapports : relancez la cellule.")


def _await_deaths(shop: Shop, names: list[str]) -> None:
    if not until(lambda: not any(shop.services[name].running for name in names), patient(10)):
        raise NotNow("Un rapport n’a pas tué son processus : relancez la cellule.")


def _serve_customers(shop: Shop, call: Callable) -> Blast:
    return Blast(_count_served(shop, call, FORMS, PATHS))


def _count_served(
    shop: Shop, call: Callable, forms: Mapping[str, Mapping[str, str]], paths: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    """Customers of all forms come at once; those not served when answers stop never will be."""
    served, start, last = Counter(), time.monotonic(), [time.monotonic()]

    def visit(form: str, part: str, url: str) -> None:
        if _ask(url) == HTTPStatus.OK:
            served[form, part] += 1
            last[0] = time.monotonic()

    for form, parts in forms.items():
        for part, path in paths.items():
            for _ in range(CUSTOMERS):
                call(visit, form, part, shop[parts[part]].url + path)
    # Three times as long as the slowest answer took: whoever is still silent hangs.
    _await(lambda: time.monotonic() - last[0] > max(QUIET, 3 * (last[0] - start)))
    return {form: {part: served[form, part] for part in paths} for form in forms}


def _await(condition: Callable[[], bool], seconds: float = 60) -> None:
    until(condition, seconds)


# -- what a call costs -----------------------------------------------------------------------------


class Costs(dict[str, list[float]]):
    """Seconds that each way of calling the same function took, many times."""

    @property
    def ratio(self) -> float:
        """How many times longer the last way takes than the first: the medians."""
        first, *_, last = (statistics.median(seconds) for seconds in self.values())
        return round(last / first)

    def picture(self) -> Picture:
        """Their distributions."""
        return show.distribution(self, title="Le même prix, demandé de deux façons")

    def __repr__(self) -> str:
        return "\n".join(f"{way}\u00a0: {_said(statistics.median(s))}" for way, s in self.items())

    def _ipython_display_(self) -> None:
        self.picture().show()
        print(repr(self))


def call_near_and_far(shop: Shop, calls: int = 200) -> Costs:
    """Ask the price of a lamp, by a function call and of another process."""
    price_of = runpy.run_path(str(PROCESSES / "parts.py"))["price_of"]
    near = [_timed(price_of, "LAMP", times=1_000) for _ in range(calls)]
    with running(shop, "parts", ["fiches"]):
        client = shop["fiches"]
        client.get("/products/LAMP")  # the connection is made
        far = [_timed(client.get, "/products/LAMP") for _ in range(calls)]
    return Costs({"appel de fonction": near, "appel HTTP": far})


def _timed(function: Callable, argument: str, times: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(times):
        function(argument)
    return (time.perf_counter() - start) / times


def _said(seconds: float) -> str:
    if seconds < 1e-6:
        return f"{seconds * 1e9:.0f} ns"
    return f"{seconds * 1e3:.2f} ms".replace(".", ",")


class Effort(dict[str, float]):
    """Milliseconds of processor that one order takes, by process."""

    @property
    def block(self) -> float:
        """The block's."""
        return self["monolith"]

    @property
    def services(self) -> float:
        """The services', together."""
        return sum(self.values()) - self.block

    @property
    def ratio(self) -> float:
        """How many times the block's the services' is."""
        return round(self.services / self.block, 1)

    def picture(self) -> Picture:
        """A bar for each form, then one for each service."""
        parts = {f"dont {name}": used for name, used in self.items() if name != "monolith"}
        rows = {BLOCK: self.block, "les services": self.services, **parts}
        return show.bars(
            {row: {"processeur": used} for row, used in rows.items()},
            title="Le travail d’une commande",
            unit="millisecondes de processeur",
        )

    def _ipython_display_(self) -> None:
        self.picture().show()

    def __repr__(self) -> str:
        return repr(dict(self))


def weigh_an_order(shop: Shop, block: Block, orders: int = 10) -> Effort:
    """Place orders both ways; read what the system counted for each process."""
    near = _weigh(shop, orders, block.order_directly, ("monolith",))
    far = _weigh(shop, orders, lambda sku: shop.post("/orders", order_of(sku)), PATH_OF_AN_ORDER)
    return Effort(near | far)


def _weigh(shop: Shop, orders: int, place: Callable, names: Iterable[str]) -> dict[str, float]:
    _placed(place, ARTICLES[0])  # warm
    before = {name: _processor(shop.services[name]) for name in names}
    for number in range(orders):
        answer = _placed(place, ARTICLES[number % len(ARTICLES)])
    shop.spans(answer)  # whoever works after the answer has done so
    used = {name: _processor(shop.services[name]) - before[name] for name in names}
    return {name: 1_000 * seconds / orders for name, seconds in used.items()}


def _placed(place: Callable, sku: str) -> Response:
    answer = place(sku)
    if answer.status_code != HTTPStatus.CREATED:
        raise NotNow(
            f"Une commande a été refusée ({answer.status_code}) : le stock est peut-être épuisé. "
            "Redémarrez le noyau, puis reprenez ce chapitre."
        )
    return answer


def _processor(service: Service) -> float:
    """Seconds of processor used by a service until now."""
    spent = [psutil.Process(i.process.pid).cpu_times() for i in service.running]
    return sum(times.user + times.system for times in spent)


# -- copies ----------------------------------------------------------------------------------------


@contextmanager
def copies(shop: Shop, name: str, number: int) -> Iterator[None]:
    """Run that many instances of a service, then one again."""
    try:
        shop.scale(name, number)
        yield
    finally:
        shop.scale(name, 1)


def price_of_copies(shop: Shop) -> show.table:
    """What copies bring, and what one more costs: of the whole, and of one part.

    Served at once are the readers of `processes/parts.py` who get in at the same time, of 30 who
    wait for the partner; the memory is that of the shop's own block and catalogue.
    """
    rows = []
    for what, name, real in (
        ("le bloc entier", "bloc", "monolith"),
        ("un service seul", "rapports", "products"),
    ):
        alone, tripled = (_served_at_once(shop, name, number) for number in (1, 3))
        rows.append((what, alone, tripled, f"{_memory_of_one_more(shop, real):.0f} Mio"))
    head = ("On copie", "servis à la fois, seul", "à trois", "mémoire d’un exemplaire de plus")
    return show.table(head, rows, caption="Copier le tout, ou une partie")


def _served_at_once(shop: Shop, name: str, number: int, readers: int = 30) -> int:
    """How many readers of reports get in; a load balancer gives each copy its turn."""
    with _callers() as call, running(shop, "parts", [name]), Partner() as partner:
        shop.scale(name, number)
        urls = [i.url for i in shop.services[name].running]
        for reader in range(readers):
            url = urls[reader % number]
            call(_ask, f"{url}/reports?partner={partner.url_for(name)}")
        expected = min(readers, number * int(shop.env(name).get("THREADS", 8)))
        until(lambda: partner.waiting(name) >= expected, patient(15))
        count = partner.waiting(name)
        partner.release()
        return count


def _memory_of_one_more(shop: Shop, name: str) -> float:
    with copies(shop, name, 2):
        return _memory(shop.services[name].running[-1].process.pid)


def _memory(pid: int) -> float:
    """MiB that this process alone uses."""
    return psutil.Process(pid).memory_full_info().uss / 2**20


def guess_passwords(shop: Shop, door: str, owner: str, number: int, tries: int = 36) -> int:
    """How many wrong passwords are looked at before the refusals, with that many copies.

    `door` balances the load over the copies of `owner`, which limits log-ins to ten a minute.
    """
    account = {"username": f"nemo-{uuid.uuid4().hex[:8]}", "password": "?"}
    with copies(shop, owner, number):
        _await_balanced(shop, door, owner, number)
        answers = [shop[door].post("/auth/login", account) for _ in range(tries)]
    return sum(answer.status_code == HTTPStatus.UNAUTHORIZED for answer in answers)


def _await_balanced(shop: Shop, door: str, owner: str, number: int) -> None:
    """Until the door knows all copies: it asks the registry once a second."""
    path = "/products" if owner == "monolith" else "/auth/.well-known/jwks.json"
    met: set[str] = set()

    def all_met() -> bool:
        spans = shop.spans(shop[door].get(path))
        met.update(span["instance"] for span in spans if span["service"] == owner)
        return len(met) >= number

    if not until(all_met, patient(15)):
        raise NotNow("Le répartiteur ne voit pas tous les exemplaires : relancez la cellule.")


# -- the move --------------------------------------------------------------------------------------


class Move(Counter[str]):
    """Who answered how many requests while a route was moved."""

    @property
    def failures(self) -> int:
        """Requests that were not answered 200."""
        return self[FAILED]

    def table(self) -> show.table:
        """One row for each who answered."""
        return show.table(
            ("Qui a répondu", "avis de stock"),
            [(who, self[who]) for who in ("monolith", "inventory", FAILED)],
            caption="Pendant le déménagement de /stock",
        )

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


FAILED = "personne (échec)"


def move_stock_under_traffic(shop: Shop, clients: int = 3, each_side: int = 60) -> Move:
    """Clients read the stock without pause; meanwhile its route is moved at the facade."""
    move, stop = Move(), threading.Event()
    shop["facade"].put("/facade/routes/stock", {"service": "monolith"})

    def read() -> None:
        with requests.Session() as session:
            while not stop.is_set():
                move[_who(session, f"{shop['facade'].url}/stock/LAMP")] += 1

    readers = [threading.Thread(target=read, daemon=True) for _ in range(clients)]
    try:
        for reader in readers:
            reader.start()
        until(lambda: move["monolith"] >= each_side, patient(20))
        shop["facade"].put("/facade/routes/stock", {"service": "inventory"})
        until(lambda: move["inventory"] >= each_side, patient(20))
    finally:
        stop.set()
        for reader in readers:
            reader.join(30)
    return move


def _who(session: requests.Session, url: str) -> str:
    with suppress(requests.RequestException):
        answer = session.get(url, timeout=30)
        if answer.ok:
            return answer.headers["X-Served-By"]
    return FAILED


def units_shown(shop: Shop, sku: str = "LAMP") -> int:
    """What a customer reads of the stock, through the facade."""
    return shop["facade"].get(f"/stock/{sku}").json()["available"]


# -- a till in several copies ----------------------------------------------------------------------


def ring_up(shop: Shop, numbers: Iterable[int] = (1, 3), orders: int = 9) -> show.table:
    """Place orders at each copy of the till in turn; ask each order of the copy that comes next."""
    rows = []
    for number in numbers:
        with copies(shop, "caisse", number):
            shop.restart("caisse")  # nothing of an earlier run is left in its memory
            urls = [i.url for i in shop.services["caisse"].running]
            given = [_ring(urls[n % number], n) for n in range(orders)]
            found = sum(
                requests.get(f"{urls[(n + 1) % number]}/orders/{given[n]}", timeout=30).text
                == requests.get(f"{urls[n % number]}/orders/{given[n]}", timeout=30).text
                for n in range(orders)
            )
        rows.append((number, orders, len(set(given)), found))
    head = ("exemplaires", "commandes", "numéros différents", "relues chez le voisin")
    return show.table(head, rows, caption="La même caisse, seule puis copiée")


def _ring(url: str, quantity: int) -> int:
    order = {"sku": "LAMP", "quantity": quantity}
    return requests.post(f"{url}/orders", json=order, timeout=30).json()["number"]
