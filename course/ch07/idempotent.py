"""ch07.idempotent: a message delivered twice, or cut in the middle, takes one lamp and no more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path

from workbook.checks import Exercise, Harness, expect
from workbook.checks.worker import Worker, plan_told
from workbook.failures.plan import Line, Trial
from workbook.failures.worker import Worker as AnyWorker
from workbook.waiting import patient, until

QUEUE = "magasin.ventes"
STOCK = "magasin.db"
PAUSE = 0.01
STARTING = 4.0  # seconds in which the worker makes its database

exercise = Exercise(
    "ch07.idempotent",
    title="Deux livraisons, une seule lampe",
    hints=(
        "« Au moins une fois » veut dire : parfois deux. Il faut se souvenir de ce qui est déjà "
        "fait, ailleurs que dans la mémoire du processus, qui meurt avec lui.",
        "Une table `inbox` dont la clé primaire est `properties.message_id`. "
        "`INSERT OR IGNORE` n’ajoute rien si la clé y est déjà : `cursor.rowcount` vaut alors 0.",
        "L’inscription et la sortie de stock doivent réussir ou échouer ensemble : toutes deux "
        "dans le même `with transaction():`. L’acquittement vient après.",
    ),
)


@exercise.step("Chaque vente sort une lampe", points=1)
def sells(harness: Harness) -> None:
    worker = _worker(harness)
    worker.start()
    _idler(harness).spawn()
    stock = _Stock(worker)
    for _ in range(5):
        _sell(worker)
    stock.expect_sold(
        5,
        what="Cinq messages au même contenu, mais aux `message_id` différents",
        double="Une vente a compté deux fois.",
        lost="Deux ventes identiques sont pourtant deux ventes.",
    )


@exercise.step("Le même message, livré deux fois, n’en sort qu’une", points=1, after=sells)
def ignores_a_duplicate(harness: Harness) -> None:
    worker = _worker(harness)
    stock = _Stock(worker)
    twin = _sell(worker)
    _sell(worker)
    _sell(worker, twin)
    _sell(worker)
    stock.expect_sold(
        3,
        what="Trois ventes, dont la première livrée deux fois",
        double="Le doublon a sorti une lampe de trop.",
        lost="Une vente s’est perdue, ou attend derrière un doublon jamais acquitté.",
    )


@exercise.step("Le travail fini, la file est vide, doublons compris", after=ignores_a_duplicate)
def acknowledges(harness: Harness) -> None:
    worker = _worker(harness)
    came_back = worker.kill_at_rest()
    worker.start()
    expect(
        not came_back,
        seen=f"Tout est traité ; le worker mort, {came_back} message(s) sont revenus en file.",
        expected="chaque message acquitté une fois traité, un doublon aussi",
        meaning="Les mêmes messages tourneraient sans fin, et la file grossirait chaque jour.",
    )


@exercise.step("Même après un redémarrage", points=1, after=ignores_a_duplicate)
def remembers(harness: Harness) -> None:
    worker = _worker(harness)
    stock = _Stock(worker)
    twin = _sell(worker)
    stock.expect_sold(1, what="Une vente")
    worker.kill()
    worker.start(fresh=True)
    _sell(worker, twin)
    _sell(worker)
    stock.expect_sold(
        2,
        what="Un message livré avant et après un redémarrage du worker, puis un autre",
        double="Relancé, votre worker a oublié ce qu’il avait fait.",
        lost="Une vente s’est perdue.",
    )


@exercise.step(
    "kill -9 à chaque instant : rien de perdu, rien en double",
    points=2,
    after=(sells, ignores_a_duplicate, remembers),
    timeout=45,
)
def counts_once(harness: Harness) -> None:
    worker = _worker(harness)
    stock = _Stock(worker)
    known = [_sell(worker)]
    stock.expect_sold(1, what="Une vente")

    def send() -> None:
        known.extend(_sell(worker) for _ in range(2))
        for twin in (known[-3], known[-1]):
            _sell(worker, twin)

    deaths = worker.deaths(send, lambda: stock.sold >= len(known))
    with plan_told(exercise, worker, lambda: (stock.before, known)):
        for place in chain(deaths, [""]):
            _expect_each_once(stock, known, place)
    _expect_all_known(worker, stock, known)


def _expect_each_once(stock: _Stock, known: list[str], place: str) -> None:
    stock.expect_sold(
        len(known),
        what=f"Une vente déjà faite et deux nouvelles ; votre worker tué {place}, puis relancé"
        if place
        else "Une vente déjà faite et deux nouvelles",
        double="Une lampe était sortie, mais rien ne l’avait noté : elle sort une seconde fois.",
        lost="Une vente était déjà notée comme faite, ou déjà acquittée : personne ne la refera.",
    )


def _expect_all_known(worker: Worker, stock: _Stock, known: list[str]) -> None:
    for message_id in known:
        _sell(worker, message_id)
    _sell(worker)
    stock.expect_sold(
        len(known) + 1,
        what=f"Les {len(known)} ventes de tout à l’heure livrées encore une fois, puis une autre",
        double="Le worker ne se souvient pas de toutes.",
        lost="La nouvelle vente s’est perdue.",
    )


@exercise.step("Le worker attend la suite, même sans rien à faire", points=1, after=sells)
def waits(harness: Harness) -> None:
    idler = _idler(harness)
    idler.await_idle()
    stock = _Stock(idler)
    _sell(idler)
    stock.expect_sold(
        1,
        what="Quelques secondes sans message, puis une vente",
        lost="Votre worker ne lit plus sa file.",
    )
    expect(
        not idler.kill_at_rest(),
        seen="La vente est faite depuis deux secondes ; le worker mort, son message est revenu en "
        "file.",
        expected="une file vide, deux secondes au plus après la dernière vente",
        meaning="Les mêmes messages reviendraient à chaque redémarrage.",
    )


def _worker(harness: Harness) -> Worker:
    return harness.kept("worker", lambda: Worker(harness, "magasin", QUEUE))


def _idler(harness: Harness) -> Worker:
    """The same, elsewhere, left without work while the other is being judged."""
    return harness.kept("idler", lambda: Worker(harness, "magasin", QUEUE, "calme"))


def _sell(worker: AnyWorker, message_id: str = "") -> str:
    """Publish a sale; the pauses (seconds) surround what the worker does to the stock."""
    message_id = message_id or worker.bench.unique("vente")
    worker.send({"pause_before": PAUSE, "pause_after": PAUSE}, message_id)
    return message_id


class _Stock:
    """The lamps in the worker's own database, and how many have left since this was made."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._path = worker.file(STOCK)
        self.before = self._count()

    def expect_sold(self, sales: int, *, what: str, double: str = "", lost: str = "") -> None:
        """Wait for the count and the end of the work: one more and a sale was counted twice."""
        self._worker.await_that(
            lambda: self.sold,
            lambda sold: sold >= sales,
            seen=lambda sold: f"{what} : {sold} lampe(s) sortie(s). {lost}",
            expected=f"{sales} lampe(s) sortie(s)",
            meaning="Le stock annonce des lampes qui sont déjà parties.",
        )
        self._worker.await_rest()
        expect(
            self.sold == sales,
            seen=f"{what} : {self.sold} lampes sorties. {double}",
            expected=f"{sales} lampe(s) sortie(s)",
            meaning="Des lampes en rayon que la boutique refuse de vendre, un inventaire faux.",
        )

    @property
    def sold(self) -> int:
        lamps = self._lamps()
        return 0 if lamps is None else self.before - lamps

    def _count(self) -> int:
        return self._worker.await_that(
            self._lamps,
            lambda lamps: lamps is not None,
            seen=f"La base « {STOCK} » n’a pas de table `stock`.",
            expected="le stock, tel que la cellule le crée",
        )

    def _lamps(self) -> int | None:
        return _lamps_in(self._path)


def _lamps_in(path: Path) -> int | None:
    """None while the worker is making its database."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute("SELECT lamps FROM stock").fetchone()[0]
    except (sqlite3.Error, TypeError):
        return None


Sales = tuple[int | None, list[str]]  # lamps there were, and the message of each sale


def _sell_twice(worker: AnyWorker) -> Sales:
    """Two sales, each delivered twice."""
    before = until(lambda: _lamps_in(worker.file(STOCK)), patient(STARTING))
    sales = [_sell(worker) for _ in range(2)]
    for twin in sales:
        _sell(worker, twin)
    return before, sales


def _sold(worker: AnyWorker, sent: Sales) -> int:
    before, lamps = sent[0], _lamps_in(worker.file(STOCK))
    return 0 if before is None or lamps is None else before - lamps


def _books(worker: AnyWorker, sent: Sales) -> list[Line]:
    sales, sold = len(sent[1]), _sold(worker, sent)
    return [Line("lampes sorties", str(sales), str(sold), sold == sales)]


exercise.trial = Trial(
    "magasin",
    QUEUE,
    send=_sell_twice,
    settled=lambda worker, sent: _sold(worker, sent) >= len(sent[1]),
    books=_books,
)
