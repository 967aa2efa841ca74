"""Experiments on a dependency that hangs: guards compared, a breaker watched, a storm of retries.

Each runs the small services it needs (programs.py) and ends what it broke, also after Ctrl-C.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import urllib3

from course.ch06.bets import FOR_A_WHILE, FOREVER, WITH_ITS_CAUSE
from course.ch06.programs import FLOOR, FLOORS, SHOWCASE, WORKSHOP
from workbook import show
from workbook.checks.callers import together
from workbook.errors import WorkbookError
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Client, Response
    from workbook.tables import Table
    from workbook.views.canvas.picture import Picture

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"
OPEN_SECONDS = 1.0  # as in SHOWCASE
SHOPPERS, PAUSE = 24, 0.25
VISITS, BETWEEN_VISITS = 25, 0.1
SERVED, GIVEN_UP, REFUSED = "servis", "abandonnés", "refusés sans appel"
SERVER_SPAN = ("vitrine", "server")
TITLE = "Le disjoncteur de vitrine"


class CircuitOpen(Exception):
    """L’appel n’a pas été fait : le circuit est ouvert."""


class StillWaiting(WorkbookError):
    """What was waited for has not come in time."""


# -- retries at each floor -------------------------------------------------------------------------


def open_floors(shop: Shop) -> None:
    """Run `vente`, `devis` and `remise`: each asks the next for the price, the last products."""
    for name in FLOORS:
        shop.serve(name, FLOOR)


def calls_below(shop: Shop, tries: int) -> int:
    """Ask for one price while the catalogue fails; count the calls that it receives."""
    with _faulty(shop, "products", error_rate=1.0):
        response = shop["vente"].get(f"/{tries}", timeout=patient(20))
    return sum(_is_call(span, "remise", "products") for span in shop.spans(response))


def floors_picture(calls: Mapping[int, int]) -> Picture:
    """One bar a number of tries."""
    return show.bars(
        {f"{n} essai{'s' * (n > 1)} par étage": {"appels": calls[n]} for n in calls},
        title="Un client demande un prix : ce que reçoit products, malade",
        unit="appels",
    )


# -- one hung dependency, three guards -------------------------------------------------------------


@dataclass
class Trial:
    """What one guard was worth while the catalogue hung.

    `seconds` each visitor waited for the plan; `answered` of them before the end of the hang;
    `reached`, the calls sent to the catalogue meanwhile.
    """

    seconds: list[float] = field(default_factory=list)
    answered: int = 0
    reached: int = 0

    @property
    def median(self) -> float:
        """Half of the visitors waited at most so many milliseconds."""
        return 1000 * statistics.median(self.seconds)


class Trials(dict[str, Trial]):
    """Trials by guard: a distribution of the waits, and a table."""

    def picture(self) -> Picture:
        """How long visitors waited for the plan."""
        return show.distribution(
            {title: trial.seconds for title, trial in self.items()},
            title="Combien de temps attend qui demande le plan",
        )

    def table(self) -> Table:
        """Answers during the outage, median wait, calls that reached the sick service."""
        rows = [
            (title, f"{t.answered} sur {VISITS}", f"{t.median:.0f} ms", t.reached)
            for title, t in self.items()
        ]
        head = ("", "plans rendus pendant la panne", "attente médiane", "appels à products")
        return show.table(head, rows)


def open_showcase(shop: Shop) -> None:
    """Run `vitrine` afresh: its breaker closed, nobody waiting in it."""
    shop.serve("vitrine", SHOWCASE)


def endure(shop: Shop, way: str) -> Trial:
    """Hang the catalogue for 2.5 seconds under shoppers who ask prices by `way`.

    Every 100 ms a visitor asks for the plan, which needs nobody.
    """
    open_showcase(shop)
    trial = Trial()
    with _calls(shop, "vitrine", "products") as calls:
        with (
            Crowd(shop["vitrine"], f"/{way}/LAMP") as crowd,
            ExitStack() as visitors,
            hanging(shop, "products"),  # it ends first: those outside wait for that
        ):
            began = time.time()
            crowd.start()
            for _ in range(VISITS):
                visitors.callback(_visit(shop["vitrine"], trial.seconds).join)
                time.sleep(BETWEEN_VISITS)
            trial.answered, ended = len(trial.seconds), time.time()
        _await_spans(shop)
    trial.reached = sum(began <= span["start"] <= ended for span in calls)
    return trial


def _visit(client: Client, seconds: list[float]) -> threading.Thread:
    def visit() -> None:
        started = time.monotonic()
        client.get("/plan", timeout=patient(20))
        seconds.append(time.monotonic() - started)

    return _started(visit)


# -- the breaker, watched --------------------------------------------------------------------------

_LABELS = {CLOSED: "fermé", OPEN: "ouvert", HALF_OPEN: "demi-ouvert"}
_NODES = {CLOSED: "Closed", OPEN: "Open", HALF_OPEN: "HalfOpen"}
_ARROWS = {
    (CLOSED, OPEN): "trop d’échecs",
    (OPEN, HALF_OPEN): "délai passé",
    (HALF_OPEN, CLOSED): "essais réussis",
    (HALF_OPEN, OPEN): "essai raté",
}


class Machine:
    """The breaker of `vitrine` as a state machine: the state it is in, the arrows it has followed.

    `with Machine(shop) as machine:` starts the service afresh and listens to it; in JupyterLab
    `draw()` is the module's diagram, elsewhere a sentence.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop, self._started = shop, time.time()
        self.moves = [(CLOSED, self._started)]
        self._handle, self._drawn = None, 0

    def __enter__(self) -> Machine:
        open_showcase(self._shop)
        self._started = time.time()
        self.moves = [(CLOSED, self._started)]
        self._end = self._shop.telemetry.listen(self._told)
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _told(self, record: dict) -> None:
        if record.get("event") == "breaker" and record["service"] == "vitrine":
            self.moves.append((record["state"], time.time()))

    @property
    def state(self) -> str:
        """The state it is in."""
        return self.moves[-1][0]

    def wait_for(self, state: str, times: int = 1) -> None:
        """Wait until it has entered `state` so many times, and draw each move meanwhile."""
        _require(until(lambda: self._entered(state) >= times, patient(15)))
        self.draw()

    def _entered(self, state: str) -> int:
        self.draw()
        return sum(move == state for move, _ in self.moves[1:])

    def draw(self) -> None:
        """Draw it, or draw it again in the same place if it has moved."""
        from IPython.display import display

        if len(self.moves) == self._drawn:
            return
        self._drawn = len(self.moves)
        if self._handle is None:
            self._handle = display(self, display_id=True)
        else:
            self._handle.update(self)

    def mermaid(self) -> str:
        """The module's diagram, with the moves made and the present state."""
        states = [state for state, _ in self.moves]
        made = list(pairwise(states))
        return "\n    ".join(
            [
                "stateDiagram-v2",
                f"accTitle: {TITLE}",
                f"accDescr: {self._told_in_words()}",
                *(f'state "{_LABELS[state]}" as {node}' for state, node in _NODES.items()),
                "[*] --> Closed",
                *(
                    f"{_NODES[a]} --> {_NODES[b]} : {label} ({made.count((a, b))} fois)"
                    for (a, b), label in _ARROWS.items()
                ),
                "classDef now fill:#3B6EA8,color:#FFFFFF,stroke:#1F3D5C",
                f"class {_NODES[self.state]} now",
            ]
        )

    def _told_in_words(self) -> str:
        moves = [f"{_LABELS[state]} à {_seconds(at - self._started)}" for state, at in self.moves]
        return ", puis ".join(moves)

    def __repr__(self) -> str:
        return f"{TITLE} : {self._told_in_words()}."

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        return {"text/vnd.mermaid": self.mermaid(), "text/plain": repr(self)}


@dataclass
class Knock:
    """What became of calls sent at the same moment: the seconds of those let through, refused."""

    passed: list[float]
    refused: list[float]

    def table(self) -> Table:
        """One row a fate."""
        fates = {"arrivés jusqu’à products": self.passed, "refusés sans appel": self.refused}
        rows = [(title, len(seconds), _median(seconds)) for title, seconds in fates.items()]
        return show.table(("", "appels", "durée médiane"), rows)


def knock(shop: Shop, callers: int = 20) -> Knock:
    """Send `callers` at once to a breaker about to be half open; the catalogue still hangs."""
    with hanging(shop, "products"), Machine(shop) as machine:
        with Crowd(shop["vitrine"], "/disjoncteur/LAMP") as crowd:
            crowd.start()
            _require(until(lambda: machine.state == OPEN, patient(15)))
        _, opened = machine.moves[-1]
        time.sleep(max(0.0, opened + OPEN_SECONDS - time.time()) + 0.1)
        before = len(machine.moves)
        with _calls(shop, "vitrine", "products") as calls:
            ask = partial(shop["vitrine"].get, "/disjoncteur/LAMP", timeout=patient(20))
            answers = together([ask] * callers)
            _await_spans(shop)
    # On a machine so slow that the breaker opened twice, the probes of the second time are others.
    reopened = [at for state, at in machine.moves[before:] if state == OPEN] or [time.time()]
    probes = {span["trace_id"] for span in calls if span["start"] <= reopened[0]}
    seconds = {answer.trace_id: _served_in(shop, answer) for answer in answers}
    return Knock(
        [seconds[trace] for trace in seconds if trace in probes],
        [seconds[trace] for trace in seconds if trace not in probes],
    )


def _served_in(shop: Shop, answer: Response) -> float:
    """Seconds that `vitrine` itself took, whatever the queue before it."""
    spans = shop.telemetry.spans(answer.trace_id)
    return next(s["duration"] for s in spans if (s["service"], s["span_kind"]) == SERVER_SPAN)


# -- retries that outlive their cause --------------------------------------------------------------


@dataclass
class Phase:
    """A part of the storm: what became of the customers, and the calls sent a second."""

    served: int
    given_up: int
    refused: int
    calls: float
    seconds: float


class Storm:
    """Customers of `atelier`, 16 a second; each waits 0.4 s, and tries up to four times.

    `with Storm(shop) as storm:` opens and closes the workshop. `watch` lets time pass and counts.
    """

    RATE, TRIES, PATIENCE = 16, 4, 0.4

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._sent: list[float] = []
        self._ends: list[tuple[float, str]] = []
        self._stopping, self._cut = threading.Event(), threading.Event()
        self._http = urllib3.PoolManager(maxsize=100)
        self.phases: dict[str, Phase] = {}

    def __enter__(self) -> Storm:
        self._shop.serve("atelier", WORKSHOP)
        self._url = f"{self._shop['atelier'].url}/gravure"
        self._crowd = _started(self._send_customers)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._crowd.join()
        self._shop.withdraw("atelier")

    def _send_customers(self) -> None:
        customers = []
        while not self._stopping.wait(1 / self.RATE):
            customers.append(_started(self._ask))
        for customer in customers:
            customer.join()

    def _ask(self) -> None:
        for _ in range(self.TRIES):
            if self._cut.is_set():
                self._ends.append((time.monotonic(), REFUSED))
                return
            if self._served():
                self._ends.append((time.monotonic(), SERVED))
                return
            if self._stopping.is_set():
                return
        self._ends.append((time.monotonic(), GIVEN_UP))

    def _served(self) -> bool:
        self._sent.append(time.monotonic())
        try:
            answer = self._http.request("GET", self._url, timeout=self.PATIENCE, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status < 500

    def watch(self, title: str, seconds: float) -> Phase:
        """Let `seconds` pass and count."""
        with self._counted(title):
            time.sleep(seconds)
        return self.phases[title]

    def hang(self, title: str, seconds: float) -> Phase:
        """The same, while the workshop hangs."""
        with hanging(self._shop, "atelier"):
            return self.watch(title, seconds)

    def cut(self, title: str) -> Phase:
        """Let nobody call, but a probe now and then, until a probe succeeds: a breaker, by hand."""
        self._cut.set()
        try:
            with self._counted(title):
                _require(until(self._served, patient(15), every=0.25))
        finally:
            self._cut.clear()
        return self.phases[title]

    @contextmanager
    def _counted(self, title: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        seconds = time.monotonic() - began
        ends = Counter(end for at, end in list(self._ends) if at >= began)
        calls = sum(at >= began for at in list(self._sent)) / seconds
        fates = (ends[SERVED], ends[GIVEN_UP], ends[REFUSED])
        self.phases[title] = Phase(*fates, calls, seconds)

    def picture(self) -> Picture:
        """One bar a phase."""
        return show.bars(
            {
                title: {SERVED: phase.served, GIVEN_UP: phase.given_up, REFUSED: phase.refused}
                for title, phase in self.phases.items()
            },
            title="Un blocage d’une seconde, et ce qui le suit",
            unit="clients",
            notes={
                title: f"{phase.calls:.0f} appels/s en {_seconds(phase.seconds)}"
                for title, phase in self.phases.items()
            },
        )


def what_followed(first: Phase, later: Phase) -> str:
    """The option of bet `ch06.metastable` that came true, by what was served once all was well."""
    if later.served < later.given_up:
        return FOREVER
    return WITH_ITS_CAUSE if first.served >= first.given_up else FOR_A_WHILE


# -- a lock held too long --------------------------------------------------------------------------


def rush(
    shop: Shop, guards: Mapping[str, Callable[[Callable], object]], clients: int = 8
) -> dict[str, float]:
    """Seconds that `clients` at once take to get a price of a healthy catalogue, by guard.

    It answers in 0.2 s, to four of them at a time.
    """
    with _faulty(shop, "products", slow=0.2):
        return {title: _rushed(shop["products"], guard, clients) for title, guard in guards.items()}


def _rushed(client: Client, guard: Callable[[Callable], object], clients: int) -> float:
    gate = threading.Barrier(clients + 1)

    def call() -> None:
        gate.wait()
        guard(lambda: client.get("/products/LAMP", timeout=patient(20)))

    callers = [_started(call) for _ in range(clients)]
    gate.wait()
    started = time.monotonic()
    for caller in callers:
        caller.join()
    return time.monotonic() - started


def rush_picture(seconds: Mapping[str, float]) -> Picture:
    """One bar a guard."""
    return show.bars(
        {title: {"durée": round(1000 * value)} for title, value in seconds.items()},
        title="Huit clients demandent un prix au même instant",
        unit="millisecondes",
    )


# -- small tools -----------------------------------------------------------------------------------


class Crowd:
    """Clients that ask `path` again and again, each a moment after its last answer.

    `start()` lets them in; the end of the `with` block stops them, and waits for their answers.
    """

    def __init__(self, client: Client, path: str) -> None:
        self._client, self._path = client, path
        self._stopping, self._threads = threading.Event(), []

    def __enter__(self) -> Crowd:
        return self

    def start(self) -> None:
        """Let them in; return once each is about to ask."""
        self._inside = threading.Semaphore(0)
        self._threads = [_started(self._shop) for _ in range(SHOPPERS)]
        for _ in self._threads:
            self._inside.acquire()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _shop(self) -> None:
        self._inside.release()
        while not self._stopping.is_set():
            self._client.get(self._path, timeout=patient(20))
            self._stopping.wait(PAUSE)


@contextmanager
def hanging(shop: Shop, name: str) -> Iterator[None]:
    """A block during which a service takes requests and answers none."""
    with _faulty(shop, name, hang=True):
        yield


@contextmanager
def _faulty(shop: Shop, name: str, **faults: object) -> Iterator[None]:
    try:
        shop.fault(name, **faults)
        yield
    finally:
        shop.fault(name, **{fault: type(value)() for fault, value in faults.items()})


@contextmanager
def _calls(shop: Shop, caller: str, called: str) -> Iterator[list[dict]]:
    """The spans of the calls from one service to another that are told during the block."""
    calls: list[dict] = []

    def told(record: dict) -> None:
        if _is_call(record, caller, called):
            calls.append(record)

    end = shop.telemetry.listen(told)
    try:
        yield calls
    finally:
        end()


def _is_call(record: dict, caller: str, called: str) -> bool:
    if record["kind"] != "span" or record["span_kind"] != "client":
        return False
    return (record["service"], record["attributes"].get("peer.service")) == (caller, called)


def _await_spans(shop: Shop) -> None:
    """Wait for the span of one more request to `vitrine`: its earlier ones have come in."""
    shop.spans(shop["vitrine"].get("/plan"))


def _started(function: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread


def _require(condition: object) -> None:
    if not condition:
        raise StillWaiting("Rien de nouveau depuis quinze secondes : relancez cette cellule.")


def _median(seconds: list[float]) -> str:
    return f"{1000 * statistics.median(seconds):.0f} ms" if seconds else "–"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s".replace(".", ",")
