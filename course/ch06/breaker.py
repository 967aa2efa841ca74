"""ch06.breaker: three states, five failures of the last ten, one probe at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product

from course.ch06.bench import FAILED, PASSED, REFUSED, Bench
from course.ch06.interleaving import STUCK, Task, interleavings
from workbook.checks import Exercise, Harness, expect
from workbook.waiting import patient, until

WINDOW, FAILURES, OPEN_SECONDS = 10, 5, 5
CALLERS = 20
GATHERING = 0.3

exercise = Exercise(
    "ch06.breaker",
    title="Écrire le disjoncteur",
    asks="Breaker",
    hints=(
        "Trois choses à retenir : les dix derniers résultats (`collections.deque(maxlen=10)`), "
        "l’heure de l’ouverture, et si un essai est en cours.",
        "`call` a trois temps : décider si l’appel passe ; appeler la fonction, dans un `try` ; "
        "noter le résultat. Un échec pendant l’essai rouvre ; un succès referme et oublie tout.",
        "Deux threads peuvent décider au même instant. Un `threading.Lock()` pour décider, le même "
        "pour noter, et rien entre les deux : la fonction s’appelle hors du verrou.",
    ),
)


@exercise.step("Fermé, il ne change rien aux appels", points=1)
def is_transparent(harness: Harness, breaker: Callable) -> None:
    bench = Bench(breaker)
    for outcome in (PASSED, FAILED, PASSED):
        _expect_called(bench.call(outcome), "Circuit fermé", "tout va bien")


@exercise.step("Cinq échecs sur les dix derniers l’ouvrent", points=2, after=is_transparent)
def opens(harness: Harness, breaker: Callable) -> None:
    for history in _histories():
        bench = Bench(breaker)
        fates = bench.calls(history)
        fate = bench.call(PASSED)
        early = REFUSED in fates
        seen = history[: fates.index(REFUSED)] if early else history
        failed, known = seen[-WINDOW:].count(FAILED), len(seen[-WINDOW:])
        wanted = failed >= FAILURES
        expect(
            not early and (fate == REFUSED) == wanted,
            seen=f"Après {seen} (✗ : échec ; le dernier à droite), l’appel suivant a été "
            f"{'refusé' if early or fate == REFUSED else 'fait'}.",
            expected=f"un circuit {'ouvert' if wanted else 'fermé'} : {failed} échec(s) sur les "
            f"{known} derniers appels",
            meaning="On continuerait d’attendre un service malade."
            if wanted
            else "On se priverait d’un service qui va bien.",
        )


@exercise.step("Ouvert, il n’appelle plus, pendant cinq secondes", points=1, after=opens)
def stays_open(harness: Harness, breaker: Callable) -> None:
    bench = _opened(breaker)
    for seconds in (0.1, 2.4, 2.4):
        bench.later(seconds)
        _expect_refused(bench.call(PASSED), bench.now - 1_000, "l’ouverture")
    bench.later(0.2)
    _expect_called(bench.call(PASSED), "5,1 s après l’ouverture", "le moment d’un essai")


@exercise.step("L’essai décide : refermer, ou rouvrir", points=2, after=stays_open)
def probes(harness: Harness, breaker: Callable) -> None:
    bench = _opened(breaker)
    for _ in range(2):
        bench.later(OPEN_SECONDS + 0.1)
        fate = bench.call(FAILED, during=lambda: bench.later(3))
        _expect_called(fate, "5,1 s après l’ouverture", "le moment d’un essai")
        _expect_refused(bench.call(PASSED), 0, "l’échec de l’essai")
        bench.later(4.9)
        _expect_refused(bench.call(PASSED), 4.9, "l’échec de l’essai, qui avait duré 3 s")
        bench.later(-4.9)
    bench.later(OPEN_SECONDS + 0.1)
    _expect_called(bench.call(PASSED), "Au troisième essai", "il peut réussir")
    for number in range(1, FAILURES):
        when = f"L’essai a réussi, puis {number} appel(s) échouent : le dernier"
        _expect_called(bench.call(FAILED), when, "un circuit fermé, qui a oublié les vieux échecs")
    _expect_called(bench.call(FAILED), "Le cinquième échec", "c’est lui qui ouvre")
    _expect_refused(bench.call(PASSED), 0, "cinq nouveaux échecs")


@exercise.step("Un seul essai à la fois", points=2, after=probes, timeout=20)
def lets_one_through(harness: Harness, breaker: Callable) -> None:
    bench, others, decided = _half_open(breaker), [], threading.Event()

    def come() -> None:
        others.extend(
            Task(lambda: bench.call(FAILED, during=decided.wait)) for _ in range(CALLERS - 1)
        )
        until(lambda: bench.arrivals + _ended(others) == CALLERS, patient(GATHERING))
        decided.set()

    bench.call(FAILED, during=come)
    for other in others:
        other.finish(patient(STUCK))
    _expect_one(bench.arrivals, f"{CALLERS} appels pendant un même essai")
    for interleaving in interleavings():
        bench = _half_open(breaker)
        more = interleaving.run(lambda b=bench: b.call(FAILED), lambda b=bench: b.call(FAILED))
        _expect_one(bench.arrivals, "Deux appels au même instant, au moment de l’essai")
        if not more:
            return


@exercise.step(
    "Un appel parti avant ne décide plus de rien", points=1, after=lets_one_through, timeout=30
)
def ignores_late_calls(harness: Harness, breaker: Callable) -> None:
    for outcome in (FAILED, PASSED):
        late = _Late(breaker, outcome)
        if late.alone:
            return  # it calls in turn: no call of it can be late
        with late.ending("fini circuit ouvert"):
            late.comes_to_its_end()
            late.bench.later(4.9)
            late.expect_refused("le circuit est ouvert depuis 4,9 s")
            late.bench.later(0.2)
            late.expect_called("le circuit est ouvert depuis 5,1 s")
        late = _Late(breaker, outcome)
        with late.ending("fini pendant l’essai"):
            late.bench.later(OPEN_SECONDS + 0.1)
            probe = late.bench.started(PASSED)
            late.comes_to_its_end()
            late.expect_refused("l’essai n’est pas fini")
            probe.finish()
            late.expect_called("l’essai a réussi")
        late = _Late(breaker, outcome)
        with late.ending("fini après l’essai réussi"):
            late.bench.later(OPEN_SECONDS + 0.1)
            late.expect_called("c’est le moment de l’essai")
            late.comes_to_its_end()
            for _ in range(FAILURES - 1):
                late.bench.call(FAILED)
            late.expect_called("quatre appels ont échoué depuis l’essai", FAILED)
            late.expect_refused("cinq appels ont échoué depuis l’essai")


class _Late:
    """A call that left while the circuit was closed; five others have opened it since."""

    def __init__(self, breaker: Callable, outcome: str) -> None:
        self.bench = Bench(breaker)
        self._call, self._outcome = self.bench.started(outcome), outcome
        others = Task(lambda: self.bench.calls(FAILED * FAILURES))
        self.alone = not until(lambda: not others.is_alive(), patient(1))
        if self.alone:
            self.comes_to_its_end()
        others.finish(patient(STUCK))

    def comes_to_its_end(self) -> None:
        self._call.finish()

    @contextmanager
    def ending(self, moment: str) -> Iterator[None]:
        """Say in each card which late call it was; end it whatever happens."""
        how = "échoué" if self._outcome == FAILED else "réussi"
        self._story = f"Un appel parti circuit fermé a {how}, {moment}"
        try:
            yield
        finally:
            self.comes_to_its_end()

    def expect_called(self, when: str, outcome: str = PASSED) -> None:
        _expect_called(
            self.bench.call(outcome), f"{self._story} ; {when}", "l’ancien appel ne compte plus"
        )

    def expect_refused(self, when: str) -> None:
        expect(
            self.bench.call(PASSED) == REFUSED,
            seen=f"{self._story} ; {when} : l’appel suivant a été fait.",
            expected="`CircuitOpen`, sans appel : l’ancien appel ne compte plus",
            meaning="Une vieille réponse, partie avant la panne, déciderait de l’état du circuit.",
        )


def _ended(tasks: Iterable[Task]) -> int:
    return sum(not task.is_alive() for task in tasks)


def _opened(breaker: Callable) -> Bench:
    bench = Bench(breaker)
    bench.calls(FAILED * FAILURES)
    return bench


def _half_open(breaker: Callable) -> Bench:
    """Its five seconds are over: the next call is the probe. It counts arrivals from now on."""
    bench = _opened(breaker)
    bench.later(OPEN_SECONDS + 0.1)
    bench.arrivals = 0
    return bench


def _histories() -> Iterator[str]:
    """Every way to come to a fifth failure, or not, in twelve calls; the shortest first."""
    seen = set()
    for length in range(1, 13):
        for marks in product(PASSED + FAILED, repeat=length):
            history = _until_open(marks)
            if history not in seen and len(history) == length:
                seen.add(history)
                yield history


def _until_open(marks: Iterable[str]) -> str:
    history = ""
    for mark in marks:
        history += mark
        if history[-WINDOW:].count(FAILED) >= FAILURES:
            break
    return history


def _expect_called(fate: str, when: str, why: str) -> None:
    expect(
        fate != REFUSED,
        seen=f"{when}, l’appel a été refusé.",
        expected=f"un appel fait : {why}",
        meaning="Le service guéri resterait coupé de ses clients.",
    )


def _expect_refused(fate: str, seconds: float, event: str) -> None:
    after = f"{seconds:.1f} s après".replace(".", ",") if seconds else "Aussitôt après"
    expect(
        fate == REFUSED,
        seen=f"{after} {event}, l’appel a été fait.",
        expected="`CircuitOpen`, sans appel",
        meaning="Le service malade continuerait de recevoir des appels, et ses clients d’attendre.",
    )


def _expect_one(arrivals: int, when: str) -> None:
    expect(
        arrivals == 1,
        seen=f"{when} : {arrivals} sont arrivés jusqu’au service.",
        expected="un seul essai, les autres refusés",
        meaning="Un service qui se relève recevrait toute la foule à la fois, et retomberait.",
    )
