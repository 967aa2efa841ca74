"""ch07.idempotent: a message delivered twice, or cut in the middle, takes one lamp and no more."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from workbook.checks import Exercise, Lab, expect
from workbook.exercises.ch07.bench import Bench

QUEUE = "magasin.ventes"
STOCK = "magasin.db"
PAUSE = 1.2
MID_WORK = 0.4
STEADY = 0.3
PATIENCE = 3.0

idempotent = Exercise(
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


@idempotent.step("Chaque vente sort une lampe", points=1)
def sells(lab: Lab) -> None:
    bench = _bench(lab)
    bench.start_afresh()
    stock = _Stock(bench)
    for _ in range(5):
        _sell(bench)
    stock.expect_sold(
        5,
        what="Cinq messages au même contenu, mais aux `message_id` différents",
        double="Une vente a compté deux fois.",
        lost="Deux ventes identiques sont pourtant deux ventes.",
    )


@idempotent.step("Le même message, livré deux fois, n’en sort qu’une", points=1, after=sells)
def ignores_a_duplicate(lab: Lab) -> None:
    bench = _bench(lab)
    stock = _Stock(bench)
    twin = _sell(bench)
    _sell(bench)
    _sell(bench, twin)
    _sell(bench)
    stock.expect_sold(
        3,
        what="Trois ventes, dont la première livrée deux fois",
        double="Le doublon a sorti une lampe de trop.",
        lost="Une vente s’est perdue.",
    )


@idempotent.step("Même après un redémarrage", points=1, after=ignores_a_duplicate)
def remembers(lab: Lab) -> None:
    bench = _bench(lab)
    stock = _Stock(bench)
    twin = _sell(bench)
    stock.expect_sold(1, what="Une vente")
    bench.kill()
    bench.restart()
    _sell(bench, twin)
    _sell(bench)
    stock.expect_sold(
        2,
        what="Un message livré avant et après un redémarrage du worker, puis un autre",
        double="Relancé, votre worker a oublié ce qu’il avait fait.",
        lost="Une vente s’est perdue.",
    )


@idempotent.step(
    "Tué avant la sortie de stock : la vente n’est pas perdue", after=sells, timeout=15
)
def loses_nothing(lab: Lab) -> None:
    bench = _bench(lab)
    stock = _Stock(bench)
    _sell(bench, pause_before=PAUSE)
    _kill_mid_work(bench)
    _sell(bench)
    stock.expect_sold(
        2,
        what="Deux ventes, dont une coupée par un `kill -9` juste avant la sortie de stock",
        double="La vente coupée a compté deux fois.",
        lost="Celle-ci était déjà notée comme faite, ou déjà acquittée : personne ne la refera.",
    )


@idempotent.step(
    "Tué après : elle n’est pas comptée deux fois", after=(remembers, loses_nothing), timeout=20
)
def counts_once(lab: Lab) -> None:
    bench = _bench(lab)
    stock = _Stock(bench)
    _sell(bench, pause_after=PAUSE)
    _kill_mid_work(bench)
    _sell(bench)
    stock.expect_sold(
        2,
        steady=PAUSE + STEADY,
        what="Deux ventes, dont une coupée par un `kill -9` juste après la sortie de stock",
        double="La lampe était sortie, mais rien ne l’avait noté : elle sort une seconde fois.",
        lost="Une vente s’est perdue.",
    )


def _bench(lab: Lab) -> Bench:
    files = (STOCK, *(f"{STOCK}-{part}" for part in ("journal", "wal", "shm")))
    return Bench(lab, "magasin", QUEUE, files=files)


def _sell(
    bench: Bench, message_id: str = "", pause_before: float = 0.0, pause_after: float = 0.0
) -> str:
    """Publish a sale; the pauses (seconds) surround what the worker does to the stock."""
    message_id = message_id or bench.lab.unique("vente")
    bench.send({"pause_before": pause_before, "pause_after": pause_after}, message_id)
    return message_id


def _kill_mid_work(bench: Bench) -> None:
    bench.await_empty()
    bench.hold(MID_WORK)
    bench.kill()
    bench.restart()


class _Stock:
    """The lamps in the worker's own database, and how many have left since this was made."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._path = bench.lab.shop.run_folder / STOCK
        self._before = self._count()

    def expect_sold(
        self, sales: int, *, what: str, double: str = "", lost: str = "", steady: float = STEADY
    ) -> None:
        """Wait for the count, then see that it stays: one more and a sale was counted twice."""
        self._bench.await_that(
            self._sold,
            lambda sold: sold >= sales,
            timeout=PATIENCE,
            seen=lambda sold: f"{what} : {sold} lampe(s) sortie(s). {lost}",
            expected=f"{sales} lampe(s) sortie(s)",
            meaning="Le stock annonce des lampes qui sont déjà parties.",
        )
        self._bench.hold(steady)
        expect(
            self._sold() == sales,
            seen=f"{what} : {self._sold()} lampes sorties. {double}",
            expected=f"{sales} lampe(s) sortie(s)",
            meaning="Des lampes en rayon que la boutique refuse de vendre, un inventaire faux.",
        )

    def _sold(self) -> int:
        return self._before - self._count()

    def _count(self) -> int:
        return self._bench.await_that(
            self._lamps,
            lambda lamps: lamps is not None,
            seen=f"La base « {STOCK} » n’a pas de table `stock`.",
            expected="le stock, tel que la cellule le crée",
        )

    def _lamps(self) -> int | None:
        """None while the worker is making its database."""
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as database:
                return database.execute("SELECT lamps FROM stock").fetchone()[0]
        except sqlite3.Error:
            return None
