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
        expect(
            REFUSED not in bench.calls(history),
            seen=f"Avant la fin de {history} (✗ : échec), un appel a été refusé.",
            expected="des appels faits, tant qu’il n’y a pas trois échecs de suite",
            meaning="On se priverait d’un service qui va bien.",
        )
        for seconds in (0, 4.9):
            bench.later(seconds)
            expect(
                bench.call(PASSED) == REFUSED,
                seen=f"Après {history}, et {seconds} s d’attente, l’appel a été fait.",
                expected="`CircuitOpen` pendant cinq secondes",
                meaning="Le service malade continuerait de recevoir des appels.",
            )
        bench.later(0.2)
        expect(
            REFUSED not in bench.calls("✗✗✓✗✗"),
            seen="Cinq secondes plus tard, un appel a été refusé, sans trois échecs de suite.",
            expected="des appels faits, et un compte reparti de zéro",
            meaning="Le service guéri resterait coupé de ses clients.",
        )


@exercise.step("Deux échecs au même instant comptent pour deux", points=2, after=still_opens)
def counts_exactly(harness: Harness, breaker: Callable) -> None:
    for interleaving in interleavings(fine=True):
        bench = Bench(breaker)
        more = interleaving.run(lambda b=bench: b.call(FAILED), lambda b=bench: b.call(FAILED))
        third, fourth = bench.call(FAILED), bench.call(PASSED)
        expect(
            (third, fourth) == (FAILED, REFUSED),
            seen="Deux appels échouent au même instant, puis un troisième ; le "
            f"{'troisième' if third == REFUSED else 'quatrième'} a été "
            f"{'refusé' if third == REFUSED else 'fait'}.",
            expected="trois échecs comptés : le troisième appel est fait, le quatrième refusé",
            meaning="Plus il y a de clients, plus le disjoncteur se tromperait.",
        )
        if not more:
            return
