"""ch07.idempotent: a message delivered twice, or cut in the middle, takes one lamp and no more."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from workbook.checks import Exercise, Lab, expect
from workbook.exercises.ch07.bench import Bench

QUEUE = "magasin.ventes"
STOCK = "magasin.db"
LAMPS = 100
PAUSE = 1.5
MID_WORK = 0.6
STEADY = 0.5

idempotent = Exercise(
    "ch07.idempotent",
    title="Deux livraisons, une seule lampe",
    service="magasin",
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
    for _ in range(5):
        _sell(bench)
    _expect_lamps(
        bench,
        LAMPS - 5,
        what="Cinq messages au même contenu, mais aux `message_id` différents",
        double="Une vente a compté deux fois.",
        lost="Des ventes n’ont rien sorti : deux ventes identiques sont pourtant deux ventes.",
    )


@idempotent.step("Le même message, livré deux fois, n’en sort qu’une", points=1, after=sells)
def ignores_a_duplicate(lab: Lab) -> None:
    bench = _bench(lab)
    twin = _sell(bench)
    _sell(bench)
    _sell(bench, twin)
    _sell(bench)
    _expect_lamps(
        bench,
        LAMPS - 3,
        what="Trois ventes, dont la première livrée deux fois",
        double="Le doublon a sorti une lampe de trop.",
        lost="Une vente s’est perdue.",
    )


@idempotent.step("Même après un redémarrage", points=1, after=ignores_a_duplicate)
def remembers(lab: Lab) -> None:
    bench = _bench(lab)
    twin = _sell(bench)
    _expect_lamps(bench, LAMPS - 1, what="Une vente")
    bench.kill()
    bench.restart()
    _sell(bench, twin)
    _sell(bench)
    _expect_lamps(
        bench,
        LAMPS - 2,
        what="Le même message, avant et après un redémarrage du worker, puis un autre",
        double="Relancé, votre worker a oublié ce qu’il avait fait.",
        lost="Une vente s’est perdue.",
    )


@idempotent.step(
    "Tué avant la sortie de stock : la vente n’est pas perdue", after=sells, timeout=15
)
def loses_nothing(lab: Lab) -> None:
    bench = _bench(lab)
    _sell(bench, pause_before=PAUSE)
    _kill_mid_work(bench)
    _sell(bench)
    _expect_lamps(
        bench,
        LAMPS - 2,
        what="Deux ventes, dont une coupée par un `kill -9` juste avant la sortie de stock",
        double="La vente coupée a compté deux fois.",
        lost="La vente coupée était déjà notée comme faite, ou déjà acquittée : personne ne la "
        "refera.",
    )


@idempotent.step(
    "Tué après : elle n’est pas comptée deux fois", after=(remembers, loses_nothing), timeout=20
)
def counts_once(lab: Lab) -> None:
    bench = _bench(lab)
    _sell(bench, pause_after=PAUSE)
    _kill_mid_work(bench)
    _sell(bench)
    _expect_lamps(
        bench,
        LAMPS - 2,
        steady=PAUSE + STEADY,
        what="Deux ventes, dont une coupée par un `kill -9` juste après la sortie de stock",
        double="La lampe était sortie, mais rien ne l’avait noté : elle sort une seconde fois.",
        lost="Une vente s’est perdue.",
    )


def _bench(lab: Lab) -> Bench:
    bench = Bench(lab, QUEUE, files=(STOCK, f"{STOCK}-journal", f"{STOCK}-wal", f"{STOCK}-shm"))
    bench.start_afresh()
    return bench


def _sell(
    bench: Bench, message_id: str = "", pause_before: float = 0.0, pause_after: float = 0.0
) -> str:
    """Publish a sale; the pauses (seconds) surround what the worker does to the stock."""
    message_id = message_id or bench.lab.unique("vente")
    bench.send({"pause_before": pause_before, "pause_after": pause_after}, message_id)
    return message_id


def _kill_mid_work(bench: Bench) -> None:
    bench.let_work(MID_WORK)
    bench.kill()
    bench.restart()


def _lamps(bench: Bench) -> int | None:
    """What the worker's own database says; None while it is being made."""
    path = bench.lab.shop.run_folder / STOCK
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=2)) as database:
            return database.execute("SELECT lamps FROM stock").fetchone()[0]
    except sqlite3.Error:
        return None


def _expect_lamps(
    bench: Bench,
    expected: int,
    *,
    what: str,
    double: str = "",
    lost: str = "",
    steady: float = STEADY,
) -> None:
    """Wait for the count, then see that it stays: one lamp less and a sale was counted twice."""

    def told(lamps: int | None) -> str:
        return f"{what} : il reste {lamps} lampes sur {LAMPS}. {lost}"

    bench.await_that(
        lambda: _lamps(bench),
        lambda lamps: lamps is not None and lamps <= expected,
        timeout=6,
        seen=told,
        expected=f"{expected} lampes",
        meaning="Le stock annonce des lampes qui sont déjà parties.",
    )
    bench.hold(steady)
    lamps = _lamps(bench)
    expect(
        lamps == expected,
        seen=f"{what} : il reste {lamps} lampes sur {LAMPS}. {double}",
        expected=f"{expected} lampes",
        meaning="Des lampes en rayon que la boutique refuse de vendre, et un inventaire faux.",
    )
