"""Exercise: take the stock out of the block while customers buy (strangler fig).

The move is played once for each of its steps: before that one, a customer buys. Then once for
each write that may be refused. So the verdict depends on no luck.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from course.ch01.experiments import source
from workbook.checks import Exercise, expect, plain
from workbook.shop.client import ServiceUnreachable
from workbook.shop.verbs import Verbs
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.checks.harness import Harness

FACADE, OLD, NEW = "porte", "ancien", "nouveau"
MOST_STEPS = 60
BUY = HTTPStatus.CREATED

exercise = Exercise(
    "ch01.strangle",
    title="Sortir le stock du bloc, sans fermer",
    asks="move_stock",
    hints=(
        "Entre la copie et le changement de route, des clients achètent encore dans l’ancien : la "
        "copie ment déjà. Il faut un court moment où personne n’achète, sans que personne soit "
        "refusé.",
        '`facade.post("/facade/hold?part=stock")`, copier, changer la route, '
        '`facade.post("/facade/release")` : dans quel ordre, et que se passe-t-il si la copie '
        "échoue au milieu ?",
        "`try: … finally:` rouvre la porte quoi qu’il arrive. `response.ok` dit si une écriture a "
        "été acceptée ; sinon, on sort avant d’avoir changé la route.",
    ),
)


@exercise.step("Tout le stock arrive, et la route avec", points=1, timeout=30)
def moves(harness: Harness, move_stock: Callable) -> None:
    run = _Run(harness)
    run.says = move_stock(*run.clients)
    run.expect_served("")
    expect(
        run.says is True,
        seen=f"Tout s’est bien passé, et move_stock renvoie {_shown(run.says)}.",
        expected="True",
        meaning="Qui l’a lancée ne saurait pas que le déménagement est fait.",
    )
    run.expect_moved()
    harness.kept("steps", lambda: run.steps)
    harness.kept("writes", lambda: run.writes)


@exercise.step("Un client achète entre deux gestes : rien n’est perdu", 2, moves, timeout=60)
def loses_nothing(harness: Harness, move_stock: Callable) -> None:
    for step in range(harness.kept("steps", int) + 1):
        run = _Run(harness, buy_before=step)
        run.says = move_stock(*run.clients)
        run.expect_served(run.place)


@exercise.step("Une écriture est refusée : les clients n’en savent rien", 2, moves, timeout=60)
def survives_a_refusal(harness: Harness, move_stock: Callable) -> None:
    for write in range(1, harness.kept("writes", int) + 1):
        run = _Run(harness, refuse=write, buy_before=1)
        run.attempt(move_stock)
        run.expect_served(f"le nouveau service ayant refusé l’écriture n° {write}")
        run.expect_truth()


@exercise.step("Le nouveau service est mort : le bloc continue", 1, moves, timeout=60)
def survives_a_death(harness: Harness, move_stock: Callable) -> None:
    """Dead from the start, then killed before each write: a first good answer promises nothing."""
    for write in range(harness.kept("writes", int) + 1):
        run = _Run(harness, kill=write)
        if not write:
            harness.shop.kill(NEW)
        try:
            run.attempt(move_stock)
            run.expect_served(
                f"le nouveau service étant mort juste avant l’écriture n° {write}"
                if write
                else "le nouveau service étant mort"
            )
            run.expect_truth()
        finally:
            harness.shop.restart(NEW)


# -- one move --------------------------------------------------------------------------------------


class _Run:
    """One move from a fresh start: the old service full, the new one empty, the door open."""

    def __init__(
        self, harness: Harness, buy_before: int | None = None, refuse: int = 0, kill: int = 0
    ) -> None:
        self.shop, self.says = harness.shop, None
        harness.kept("processes", lambda: _start(harness))
        names = harness.kept("articles", lambda: [harness.unique("ART").upper() for _ in range(3)])
        # Many of the first, none left of the second, one of the third.
        self.levels = dict(zip(names, (12, 0, 1), strict=True))
        self.steps = self.writes = 0
        self.place = ""
        self._buy_before, self._kill = buy_before, kill
        self._turn = threading.Lock()  # the learner may write from several threads
        self._customer: threading.Thread | None = None
        self._sold: dict[str, int] = {}
        self._reset(refuse)
        self.clients = tuple(_Watched(self, name) for name in (FACADE, OLD, NEW))

    def _reset(self, refuse: int) -> None:
        facade = self.shop[FACADE]
        facade.post("/facade/release")
        facade.put("/facade/routes/stock", {"service": OLD})
        self.shop[OLD].delete("/stock")
        for sku, available in self.levels.items():
            self.shop[OLD].put(f"/stock/{sku}", {"available": available})
        self.shop[NEW].delete(f"/stock?refuse={refuse}")

    def attempt(self, move_stock: Callable) -> None:
        """Run it where something fails: an exception says that too, as False does."""
        with suppress(Exception):
            self.says = move_stock(*self.clients)

    def before(self, name: str, method: str, path: str) -> None:
        """A gesture of the learner's is about to be made."""
        with self._turn:
            self._count(name, method, path)

    def _count(self, name: str, method: str, path: str) -> None:
        expect(
            self.steps < MOST_STEPS,
            seen=f"Plus de {MOST_STEPS} appels, et le déménagement n’est pas fini.",
            expected=f"quelques appels : il n’y a que {len(self.levels)} articles",
            meaning="Les clients attendraient à la porte.",
        )
        if self.steps == self._buy_before:
            self._let_buy(f"un client ayant acheté juste avant {method} {path} de {name}")
        self.steps += 1
        if name == NEW and method == "PUT":
            self.writes += 1
            if self.writes == self._kill:
                self.shop.kill(NEW)

    def _let_buy(self, place: str) -> None:
        """A customer buys, and is served or waits at the door before we go on."""
        self.place = place
        self._customer = threading.Thread(target=self._buy, daemon=True)
        self._customer.start()
        until(self._served_or_waiting, patient(5.0), every=0.005)

    def _buy(self) -> None:
        for sku in (self._many, self._last):
            with suppress(ServiceUnreachable):
                self._sold[sku] = self._sell(sku)

    def _served_or_waiting(self) -> bool:
        if not self._customer.is_alive():
            return True
        return bool(self.shop[FACADE].get("/facade").json()["waiting"])

    def _sell(self, sku: str) -> int:
        return self.shop[FACADE].post(f"/stock/{sku}/sales", timeout=8).status_code

    @property
    def _many(self) -> str:
        return next(iter(self.levels))

    @property
    def _last(self) -> str:
        return list(self.levels)[-1]

    # -- what must hold --------------------------------------------------------------------------

    def expect_served(self, when: str) -> None:
        """The door is open, whoever bought was served, and the books are right."""
        if self._buy_before is not None and self._customer is None:
            self._let_buy("un client ayant acheté après votre dernier geste")
            when = when or self.place
        state = self.shop[FACADE].get("/facade").json()
        expect(
            not state["held"],
            seen=f"{_after(when)}, move_stock est finie et la porte est encore fermée"
            f"{_waiting(state['waiting'])}.",
            expected="une porte rouverte, quoi qu’il arrive",
            meaning="Les clients attendraient sans fin : c’est une panne, même sans une erreur.",
        )
        if self._customer is not None:
            self._customer.join(patient(10.0))
            self._expect_sold(when)
        self._expect_levels(when)

    def _expect_sold(self, when: str) -> None:
        for sku in (self._many, self._last):
            status = self._sold.get(sku)
            expect(
                status == BUY,
                seen=f"{_after(when)}, sa vente de {sku} a répondu {status or 'rien'}.",
                expected="201 : il en restait",
                meaning="Un client est refusé pendant le déménagement : le magasin a fermé.",
            )

    def _expect_levels(self, when: str) -> None:
        sold = {sku for sku, status in self._sold.items() if status == BUY}
        for sku, initial in self.levels.items():
            right = initial - (sku in sold)
            answer = self.shop[FACADE].get(f"/stock/{sku}")
            level = answer.json().get("available")
            seen = f"{level} unité(s)" if answer.ok else f"une réponse {answer.status_code}"
            expect(
                answer.ok and level == right,
                seen=f"{_after(when)}, le client lit {seen} pour {sku}.",
                expected=f"{right} unité(s) : {initial} au départ, {initial - right} vendue(s)",
                meaning="On vendrait ce qu’on n’a plus, ou l’on refuserait ce qu’on a."
                if answer.ok
                else "Un article épuisé est un article connu : demain il sera livré.",
                http=answer,
            )

    def expect_moved(self) -> None:
        """The next sale is the new service's, and the old one's books are left alone."""
        before = self.shop[OLD].get("/stock").json()
        status = self._sell(self._many)
        level = self.shop[NEW].get("/stock").json().get(self._many)
        expect(
            status == BUY and level == self.levels[self._many] - 1,
            seen=f"move_stock est finie, et la vente suivante ({status}) n’est pas inscrite dans "
            f"le nouveau service, qui dit {level}.",
            expected=f"{self.levels[self._many] - 1} dans le nouveau service",
            meaning="Le nouveau service tournerait sans un client.",
        )
        after = self.shop[OLD].get("/stock").json()
        expect(
            after == before,
            seen="Après le déménagement, une vente est encore inscrite dans l’ancien service.",
            expected="un seul service à qui appartient le stock",
            meaning="Deux services compteraient les mêmes lampes.",
        )

    def expect_truth(self) -> None:
        """It says True exactly when the new service is in charge."""
        owner = self.shop[FACADE].get("/facade").json()["routes"].get("stock")
        expect(
            (self.says is True) == (owner == NEW),
            seen=f"Un appel a échoué ; move_stock renvoie {_shown(self.says)}, et la route mène à "
            f"« {owner} ».",
            expected="True si le nouveau service a tout reçu ; sinon False (ou une exception), et "
            "une route qui mène encore à l’ancien",
            meaning="On éteindrait l’ancien service en croyant le déménagement fait.",
        )


class _Watched(Verbs):
    """One of the three clients given to the learner; the run sees each call before it is made."""

    def __init__(self, run: _Run, name: str) -> None:
        self._run, self._name = run, name

    def request(self, method: str, path: str, **options: Any) -> Any:
        self._run.before(self._name, method, path)
        options.setdefault("timeout", 4)
        return self._run.shop[self._name].request(method, path, **options)


def _start(harness: Harness) -> bool:
    """The facade and the two services, gone when the check ends."""
    for name, program in ((FACADE, "facade"), (OLD, "keeper"), (NEW, "keeper")):
        harness.closing.callback(harness.shop.withdraw, name)
        harness.shop.serve(name, source(program))
    return True


def _waiting(requests: int) -> str:
    return f", {requests} requête(s) attendent" if requests else ""


def _after(when: str) -> str:
    return when[:1].upper() + when[1:] if when else "Sans aucune panne"


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool | int | str):
        return repr(plain(value))
    return "autre chose"
