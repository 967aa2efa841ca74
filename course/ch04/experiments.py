"""Experiments on discovery: a life in the registry, a death under load, no registry, a slow one.

What is killed or slowed is put back when the experiment ends, also by an exception or Ctrl-C.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import median
from typing import TYPE_CHECKING

import requests

from course.ch04.bets import AT_ONCE, NOT_AT_ALL, WITH_THE_LEASES
from course.ch04.programs import LETTER, NEXT, SHOWCASE
from workbook import show
from workbook.errors import WorkbookError
from workbook.processes.credential import Credential
from workbook.shop import direct
from workbook.views.canvas.words import duration
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.instances import Instance
    from workbook.tables import Table
    from workbook.views.canvas.picture import Picture
    from workbook.views.trials import Trials

INSTANCES = 3
LEASE = 3.0  # INSTANCE_TTL of the registry
WITHOUT = 5.0  # seconds that we watch a shop without its registry: longer than lease and cache
PAUSE = 0.05  # between two requests of one buyer: twenty a second
BUYERS, REQUESTS = 8, 120
SLOW, WORK = 0.5, 0.25


class NotNow(WorkbookError):
    """An experiment could not be made; the text says what to do."""


# -- the module's arrows ---------------------------------------------------------------------------

_LETTERS = {
    "Service A": "service-a",
    "Service B": "service-b",
    "Service C": "service-c",
    "Service Registry": "registry",
}
_VERBS = {"Register": "s’inscrire", "Discover": "chercher", "Call": "appeler"}
ARROWS = (
    *(("Service Registry", service, "Register") for service in list(_LETTERS)[:3]),
    *((service, "Service Registry", "Discover") for service in list(_LETTERS)[:3]),
    ("Service A", "Service B", "Call"),
    ("Service B", "Service C", "Call"),
)


class Arrows:
    """The module's eight arrows, and the requests that a run showed each way.

    `seen` counts requests by (caller, called, purpose).
    """

    def __init__(self, seen: Mapping[tuple[str, str, str], int]) -> None:
        self._seen = Counter(seen)

    def reversed(self) -> int:
        """How many of them are followed in the other direction only."""
        return sum(not forth and back > 0 for forth, back in map(self._counts, ARROWS))

    def all_followed(self) -> bool:
        """Whether each of them was seen, in whatever direction."""
        return all(forth or back for forth, back in map(self._counts, ARROWS))

    def _counts(self, arrow: tuple[str, str, str]) -> tuple[int, int]:
        source, target, purpose = arrow
        ends = _LETTERS[source], _LETTERS[target]
        return self._seen[*ends, purpose], self._seen[*ends[::-1], purpose]

    def table(self) -> Table:
        """One row an arrow."""
        rows = [
            (f"{source} → {target}", _VERBS[purpose], *map(_yes, self._counts(arrow)))
            for arrow in ARROWS
            for source, target, purpose in [arrow]
        ]
        head = ("la flèche du module", "pour", "vue dans ce sens", "vue à l’envers")
        return show.table(head, rows, left=4)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def follow_the_arrows(shop: Shop) -> Arrows:
    """Run A, B and C, let A call B and B call C, and count who asks whom for what."""
    seen: Counter[tuple[str, str, str]] = Counter()

    def told(record: dict) -> None:
        if record["kind"] == "span" and record["span_kind"] == "client":
            called = record["attributes"].get("peer.service")
            seen[record["service"], called, _purpose(record)] += 1

    end = shop.telemetry.listen(told)
    try:
        open_letters(shop)
        _require(until(lambda: shop["service-a"].get("/").ok, patient(15), every=0.1))
        # A caller's own record comes after its answer: a busy machine lets us wait for it.
        _require(until(lambda: Arrows(seen).all_followed(), patient(15)))
    finally:
        end()
    return Arrows(seen)


def open_letters(shop: Shop) -> None:
    """Run the module's services A, B and C."""
    for name in reversed(NEXT):
        shop.serve(name, LETTER)


def close_letters(shop: Shop) -> None:
    """End them."""
    for name in NEXT:
        shop.withdraw(name)


def _purpose(span: Mapping) -> str:
    if span["attributes"]["peer.service"] != "registry":
        return "Call"
    return "Discover" if span["attributes"]["http.request.method"] == "GET" else "Register"


def _yes(count: int) -> str:
    return "oui" if count else "–"


# -- a life in the registry ------------------------------------------------------------------------


def known(shop: Shop, service: str = "products") -> list[dict]:
    """What the registry answers to who looks for a service; nothing while it is dead."""
    with suppress(requests.RequestException, ValueError, KeyError), direct.session() as session:
        answer = session.get(f"{shop['registry'].url}/instances/{service}", timeout=patient(2))
        return answer.json()["instances"]
    return []


class Partings(dict[str, float]):
    """Milliseconds during which the registry still gave the address of who had left, by manner."""

    def picture(self) -> Picture:
        """A bar a manner."""
        return show.bars(
            {manner: {"adresse encore donnée": round(ms)} for manner, ms in self.items()},
            title="Partie, et toujours dans l’annuaire",
            unit="millisecondes",
        )


STOPPED, KILLED = "arrêt propre (SIGTERM)", "mort subite (kill -9)"


def leave_in_two_ways(shop: Shop) -> Partings:
    """Stop one instance of products, then kill another; how long is each still listed?"""
    partings = Partings()
    for manner in (STOPPED, KILLED):
        with three(shop):
            leaving = shop.services["products"].running[-1]
            began = time.monotonic()
            if manner == STOPPED:
                leaving.process.terminate()
            else:
                leaving.kill()
            _require(until(lambda name=leaving.name: not _is_listed(shop, name), patient(15)))
            partings[manner] = 1000 * (time.monotonic() - began)
            leaving.process.wait(patient(10))  # deregistered, it still finishes its work
    return partings


def _is_listed(shop: Shop, instance: str) -> bool:
    return any(entry["instance"] == instance for entry in known(shop))


@contextmanager
def three(shop: Shop) -> Iterator[None]:
    """A block that begins and ends with three instances of products."""
    try:
        shop.scale("products", INSTANCES)
        yield
    finally:
        shop.scale("products", INSTANCES)


# -- a death under load ----------------------------------------------------------------------------


@dataclass
class Buyer:
    """Asks `path` of a service twenty times a second; notes (moment, served, tries) of each."""

    url: str
    asked: list[tuple[float, bool, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._turn, self._next = threading.Lock(), time.monotonic()

    def pause(self) -> float:
        """Seconds until the next request is due; what a slow machine made late is not made up."""
        with self._turn:
            now = time.monotonic()
            self._next = max(self._next + PAUSE, now)
            return self._next - now

    def ask(self, session: requests.Session) -> None:
        """Ask once."""
        began, served, tries = time.monotonic(), False, 0
        with suppress(requests.RequestException, ValueError):
            answer = session.get(self.url, timeout=patient(10))
            served, tries = answer.ok, answer.json()["tries"]
        self.asked.append((began, served, tries))

    def lost(self, since: float = 0.0) -> list[float]:
        """The moments of the requests that were not served, in order."""
        return sorted(at for at, served, _ in list(self.asked) if not served and at >= since)

    def is_well(self, last: int = 12) -> bool:
        """Whether its last requests were served at the first try."""
        recent = self.asked[-last:]
        return len(recent) == last and all(served and tries == 1 for _, served, tries in recent)


@contextmanager
def _buying(buyers: Iterable[Buyer]) -> Iterator[None]:
    """A block during which these buyers buy, each in a thread."""
    stop = threading.Event()

    def buy(buyer: Buyer) -> None:
        with direct.session() as session:
            while not stop.wait(buyer.pause()):
                buyer.ask(session)

    # Two a buyer: one goes on while the other waits for a slow answer.
    threads = [threading.Thread(target=buy, args=[one], daemon=True) for one in [*buyers] * 2]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


WAYS = {
    "sans réessai": "/seule/LAMP",
    "l’instance suivante": "/suivante/LAMP",
    "la suivante, et mémoire": "/memoire/LAMP",
}


class Deaths(dict[str, Buyer]):
    """What each way of calling lost when one instance of three died at `killed`."""

    def __init__(self, buyers: Mapping[str, Buyer], killed: float) -> None:
        super().__init__(buyers)
        self._killed = killed

    def lost(self, way: str = "sans réessai") -> int:
        """Requests that were not served."""
        return len(self[way].lost())

    def caught(self, way: str) -> int:
        """Attempts that failed and were made up for by another one."""
        return sum(tries - 1 for _, served, tries in self[way].asked if served)

    def picture(self) -> Picture:
        """A bar a way."""
        return show.bars(
            {
                way: {"demandes perdues": self.lost(way), "essais rattrapés": self.caught(way)}
                for way in self
            },
            title="Une instance sur trois meurt",
            unit="demandes",
            notes={way: self._duration(way) for way in self},
        )

    def _duration(self, way: str) -> str:
        lost = self[way].lost(self._killed)
        return f"pendant {_seconds(lost[-1] - self._killed)}" if lost else "rien de perdu"


def open_showcase(shop: Shop) -> None:
    """Run `vitrine`, which sells from products in the ways of this chapter."""
    shop.serve("vitrine", SHOWCASE)


def kill_one_of_three(shop: Shop) -> Deaths:
    """Kill one instance of products under three buyers; watch until all of them are well again."""
    buyers = {way: Buyer(shop["vitrine"].url + path) for way, path in WAYS.items()}
    with three(shop), _buying(buyers.values()):
        # Each has been served by all three, several times.
        _require(until(lambda: all(one.is_well(24) for one in buyers.values()), patient(20)))
        victim = shop.services["products"].running[-1]
        killed = time.monotonic()
        shop.kill(victim.name)
        _require(until(lambda: not _is_listed(shop, victim.name), patient(15)))
        _require(until(lambda: all(one.is_well() for one in buyers.values()), patient(15)))
    return Deaths(buyers, killed)


# -- no registry -----------------------------------------------------------------------------------


@dataclass
class Outage:
    """What went on without the registry: served and asked, of who was there and who came later."""

    before: Buyer
    after: Buyer
    died: float
    ended: float
    back: list[tuple[float, int]] = field(default_factory=list)

    def fate(self) -> str:
        """The option of bet `ch04.registry` that came true."""
        lost = [at for at in self.before.lost(self.died) if at < self.ended]
        if not lost:
            return NOT_AT_ALL
        return AT_ONCE if lost[0] - self.died < LEASE / 2 else WITH_THE_LEASES

    def table(self) -> Table:
        """Who sold what meanwhile, then what the registry knew when it came back."""
        rows = [
            ("vitrine, lancée avant", *self._served(self.before)),
            ("vitrine-bis, lancée pendant la panne", *self._served(self.after)),
        ]
        head = ("sans annuaire", "demandes", "servies")
        return show.table(head, rows)

    def _served(self, buyer: Buyer) -> tuple[int, int]:
        meanwhile = [ok for at, ok, _ in buyer.asked if self.died <= at < self.ended]
        return len(meanwhile), sum(meanwhile)

    def return_table(self) -> Table:
        """How many addresses the registry knew, from its first answer on."""
        rows, last = [], None
        for at, count in self.back:
            if count != last:
                rows.append((f"{1000 * (at - self.back[0][0]):.0f} ms", count))
            last = count
        return show.table(("après sa première réponse", "adresses de products"), rows)


def without_registry(shop: Shop) -> Outage:
    """Kill the registry under a buyer, open a second showcase, wait longer than any lease."""
    url = shop["registry"].url
    before = Buyer(f"{shop['vitrine'].url}/suivante/LAMP")
    try:
        with _buying([before]):
            _require(until(before.is_well, patient(15)))
            died = time.monotonic()
            shop.kill("registry")
            # Started by hand, as the shop would: it tells nobody the address of a dead registry.
            settings = f"import os; os.environ['REGISTRY_URL'] = {url!r}\n"
            shop.serve("vitrine-bis", settings + SHOWCASE)
            after = Buyer(f"{shop['vitrine-bis'].url}/suivante/LAMP")
            with _buying([after]):
                time.sleep(max(0.0, died + WITHOUT - time.monotonic()))
            outage = Outage(before, after, died, time.monotonic())
            outage.back = _come_back(shop)
            _require(until(before.is_well, patient(15)))
    finally:
        shop.withdraw("vitrine-bis")
        if not shop.services["registry"].running:
            shop.restart("registry")
    return outage


def _come_back(shop: Shop) -> list[tuple[float, int]]:
    """Restart the registry; (moment, addresses of products) of its answers until it has all."""
    answers: list[tuple[float, int]] = []

    def look() -> bool:
        with suppress(requests.RequestException, ValueError, KeyError), direct.session() as http:
            url = f"{shop['registry'].url}/instances/products"
            count = len(http.get(url, timeout=patient(2)).json()["instances"])
            answers.append((time.monotonic(), count))
        return bool(answers) and answers[-1][1] == INSTANCES

    watch = threading.Thread(target=lambda: until(look, patient(15), every=0.002), daemon=True)
    watch.start()
    shop.restart("registry")
    watch.join()
    _require(answers and answers[-1][1] == INSTANCES)
    return answers


# -- one slow instance -----------------------------------------------------------------------------

BALANCERS = {"à tour de rôle": "/tour/LAMP", "la moins occupée": "/moindre/LAMP"}


@dataclass
class Duel:
    """How two ways of choosing did: seconds, statuses and who answered, of each request."""

    odd: str
    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def picture(self) -> Picture:
        """How long customers waited."""
        return show.distribution(self.seconds, title="Attendre son prix, quand une instance traîne")

    def shares(self) -> Picture:
        """Who received the requests."""
        parts = {
            way: {"à elle": self.sent(way), "aux deux autres": len(answers) - self.sent(way)}
            for way, answers in self.answers.items()
        }
        return show.bars(parts, title="Qui reçoit les demandes", unit="demandes")

    def failures_picture(self) -> Picture:
        """What became of the requests."""
        parts = {
            way: {"erreurs": self.failed(way), "servies": len(answers) - self.failed(way)}
            for way, answers in self.answers.items()
        }
        return show.bars(parts, title="Une instance répond 500 aussitôt", unit="demandes")

    def sent(self, way: str = "la moins occupée") -> int:
        """Requests that went to the odd instance."""
        return sum(url == self.odd for _, url in self.answers[way])

    def failed(self, way: str = "la moins occupée") -> int:
        """Requests that were answered 5xx."""
        return sum(status >= HTTPStatus.INTERNAL_SERVER_ERROR for status, _ in self.answers[way])


def duel(
    shop: Shop,
    odd: Mapping[str, object],
    others: Mapping[str, object] | None = None,
    ways: Iterable[str] = BALANCERS,
) -> Duel:
    """Let eight buyers ask 120 prices by each of `ways`, one instance of three being `odd`."""
    with three(shop):
        _await_all_known(shop)
        instances = shop.services["products"].running
        try:
            for instance in instances:
                _fault(shop, instance, odd if instance is instances[-1] else others or {})
            result = Duel(instances[-1].url)
            for way in ways:
                url = shop["vitrine"].url + BALANCERS[way]
                result.seconds[way], result.answers[way] = _ask_all(url)
        finally:
            for instance in instances:
                _fault(shop, instance, {})
    return result


def one_slow(shop: Shop, seconds: float = SLOW) -> Duel:
    """One instance takes so many seconds more; the two others are well."""
    return duel(shop, {"slow": seconds})


def slow_trials(shop: Shop) -> Trials:
    """The same with the latency and the rule that the learner sets: a row a measurement."""

    def measure(milliseconds: int, rule: str) -> tuple[object, ...]:
        result = duel(shop, {"slow": milliseconds / 1000}, ways=[rule])
        waits = result.seconds[rule]
        return (result.sent(rule), *(duration(w) for w in (median(waits), max(waits))))

    return show.trials(
        measure,
        show.slider("Lenteur ajoutée, en ms", low=0, high=1000, step=50, value=100),
        show.options("Règle", list(reversed(BALANCERS))),
        ("lenteur (ms)", "règle", "demandes à la lente", "attente médiane", "la plus longue"),
    )


def one_failing(shop: Shop, work: float = WORK) -> Duel:
    """One instance answers 500 at once; the two others work, and take so many seconds."""
    return duel(shop, {"error_rate": 1.0}, {"slow": work})


def _await_all_known(shop: Shop) -> None:
    """Until each way of choosing of `vitrine` has met the three instances."""
    for path in BALANCERS.values():
        met: set[str] = set()

        def all_met(path: str = path, met: set[str] = met) -> bool:
            met.add(shop["vitrine"].get(path, timeout=patient(10)).json().get("from"))
            return {i.url for i in shop.services["products"].running} <= met

        _require(until(all_met, patient(15)))


def _ask_all(url: str) -> tuple[list[float], list[tuple[int, str]]]:
    seconds: list[float] = []
    answers: list[tuple[int, str]] = []
    left = iter(range(REQUESTS))

    def buy() -> None:
        with direct.session() as session:
            for _ in left:  # shared: each takes the next one
                began = time.monotonic()
                answer = session.get(url, timeout=patient(30))
                seconds.append(time.monotonic() - began)
                answers.append((answer.status_code, answer.json().get("from", "")))

    threads = [threading.Thread(target=buy, daemon=True) for _ in range(BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds, answers


def _fault(shop: Shop, instance: Instance, faults: Mapping[str, object]) -> None:
    """Set the faults of one instance; `shop.fault` sets those of all."""
    credential = Credential()
    credential.secret = shop.env("products")["RUN_CREDENTIAL"]
    with direct.session() as session:
        session.put(
            f"{instance.url}/internal/faults",
            json=dict(faults),
            headers=credential.shown_to("products"),
            timeout=patient(5),
        ).raise_for_status()


# -- the same name, twice --------------------------------------------------------------------------


def replaced_then_left(shop: Shop) -> Table:
    """A process takes the name of another, which then says goodbye: what does the registry know?"""
    registry, place = shop["registry"], "/instances/fantome/fantome-1"
    old, new = ({"url": f"http://127.0.0.1:{port}"} for port in (5001, 5002))
    story = {
        "l’ancien s’inscrit": (old, "PUT"),
        "le nouveau s’inscrit": (new, "PUT"),
        "l’ancien se désinscrit": (old, "DELETE"),
        "l’ancien bat encore": (old, "PUT"),
        "le nouveau se désinscrit": (new, "DELETE"),
    }
    rows = []
    for title, (entry, method) in story.items():
        query = f"?lease={entry['lease']}" if method == "DELETE" else ""
        answer = registry.request(method, place + query, json=entry if method == "PUT" else None)
        if answer.ok and method == "PUT":
            entry["lease"] = answer.json()["lease"]
        found = [entry["url"] for entry in known(shop, "fantome")]
        rows.append((title, answer.status_code, ", ".join(found) or "personne"))
    return show.table(("fantome-1", "réponse", "l’annuaire connaît"), rows, left=3)


# -- small tools -----------------------------------------------------------------------------------


def _require(condition: object) -> None:
    if not condition:
        raise NotNow("Ce que nous attendions n’est pas venu à temps : relancez cette cellule.")


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s".replace(".", ",")
