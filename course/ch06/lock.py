"""ch06.lock: a breaker through which calls go side by side, and which still counts exactly."""

from __future__ import annotations

import threading
from collections.abc import Callable

from course.ch06.bench import FAILED, PASSED, REFUSED, Bench
from course.ch06.interleaving import Task, interleavings
from workbook.checks import Exercise, Harness, expect
from workbook.waiting import patient

CLIENTS, FAILURES, OPEN_SECONDS = 8, 3, 5
MEETING = 1.0

exercise = Exercise(
    "ch06.lock",
    title="Trouver le défaut",
    asks="FastBreaker",
    hints=(
        "Que fait le deuxième client pendant que le premier attend products ? Suivez `with "
        "self.lock` jusqu’à sa dernière ligne.",
        "Un verrou protège des données, ici deux nombres. Il n’a pas à être tenu pendant qu’on "
        "attend le réseau.",
        "Prenez-le trois fois, brièvement : pour lire l’heure de réouverture, pour compter un "
        "échec, pour effacer le compte. L’appel de `function()` se fait sans lui.",
    ),
)


@exercise.step("Huit appels avancent ensemble", points=2)
def runs_side_by_side(harness: Harness, breaker: Callable) -> None:
    bench, meeting = Bench(breaker), threading.Barrier(CLIENTS)
    met: list[bool] = []

    def meet() -> None:
        try:
            meeting.wait(patient(MEETING))
            met.append(True)
        except threading.BrokenBarrierError:
            return

    clients = [Task(lambda: bench.call(PASSED, meet)) for _ in range(CLIENTS)]
    for client in clients:
        client.finish(patient(2 * MEETING))
    expect(
        len(met) == CLIENTS,
        seen=f"{CLIENTS} clients appellent un service qui va bien : ils ne sont jamais ensemble "
        "au travail, chacun attend la fin d’un autre.",
        expected=f"{CLIENTS} appels en cours au même moment",
        meaning="La boutique servirait un client à la fois, sans qu’aucun service soit en panne.",
    )


@exercise.step("Trois échecs de suite suspendent les appels", points=1, after=runs_side_by_side)
def still_opens(harness: Harness, breaker: Callable) -> None:
    for history in ("✗✗✗", "✓✗✗✗", "✗✗✓✗✗✗", "✗✓✗✗✓✗✗✗"):
        bench = Bench(breaker)
        _expect_served(bench, history, f"Avant la fin de {history} (✗ : échec)")
        _expect_suspended(bench, f"Après {history}")
        _expect_served(bench, "✗✗✓✗✗✗", "Cinq secondes plus tard")
        _expect_suspended(bench, f"Après {history}, une pause et ✗✗✓✗✗✗")
        _expect_served(bench, "✗✗✗", "Après une seconde pause")
        _expect_suspended(bench, f"Après {history}, deux pauses et ✗✗✗")


@exercise.step("Cinq secondes depuis le troisième échec", points=1, after=still_opens)
def suspends_for_long_enough(harness: Harness, breaker: Callable) -> None:
    bench = Bench(breaker)
    for _ in range(FAILURES):
        bench.later(2)
        bench.call(FAILED)
    _expect_suspended(bench, "Après trois échecs, à deux secondes l’un de l’autre")
    bench = Bench(breaker)
    bench.calls("✗✗")
    bench.call(FAILED, lambda: bench.later(3))
    _expect_suspended(bench, "Après trois échecs, dont le dernier a pris trois secondes")
    bench = Bench(breaker)
    late = bench.started(PASSED)
    bench.calls("✗✗✗")
    late.finish()
    _expect_suspended(bench, "Après ✗✗✗, puis la réussite d’un appel parti avant eux")


@exercise.step("Deux échecs au même instant comptent pour deux", points=2, after=still_opens)
def counts_exactly(harness: Harness, breaker: Callable) -> None:
    for before in range(FAILURES):
        for interleaving in interleavings(fine=True):
            bench = Bench(breaker)
            bench.calls(FAILED * before)
            more = interleaving.run(lambda b=bench: b.call(FAILED), lambda b=bench: b.call(FAILED))
            if before == 0:
                _expect_served(bench, FAILED, "Deux appels échouent au même instant, puis un autre")
            expect(
                bench.call(PASSED) == REFUSED,
                seen=f"Deux appels échouent au même instant, et {_others(before)} : l’appel "
                "suivant a été fait.",
                expected="chaque échec compté une fois : le troisième suspend les appels",
                meaning="Plus il y a de clients, plus le disjoncteur se tromperait.",
            )
            if not more:
                break


def _others(before: int) -> str:
    return f"{before} juste avant" if before else "un autre juste après"


def _expect_served(bench: Bench, history: str, when: str) -> None:
    expect(
        REFUSED not in bench.calls(history),
        seen=f"{when}, un appel a été refusé, sans trois échecs de suite.",
        expected="des appels faits, et après une pause un compte reparti de zéro",
        meaning="On se priverait d’un service qui va bien.",
    )


def _expect_suspended(bench: Bench, when: str) -> None:
    """Refused until five seconds have passed; they have when this returns."""
    for seconds in (0, OPEN_SECONDS - 0.1):
        bench.later(seconds)
        expect(
            bench.call(PASSED) == REFUSED,
            seen=f"{when}, et {seconds:g} s d’attente, l’appel a été fait.",
            expected="`CircuitOpen` pendant cinq secondes",
            meaning="Le service malade continuerait de recevoir des appels.",
        )
    bench.later(0.2)
