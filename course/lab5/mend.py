"""lab5.mend: the hands of the person on call, on a live incident: relief, repair, storm."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from course.lab5.wheel import Wheel
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from workbook.checks import Harness

SEED, AMONG = 11, ("compensation",)
PAUSE = 0.5  # seconds between two visits of a customer
SECONDS = 8.0  # that the shop has to recover
SHOWN = 3  # violations

exercise = Exercise(
    "lab5.mend",
    title="Soulager, réparer, survivre",
    asks="mend",
    hints=(
        "Revenir à la version d’avant arrête la fuite. Ce qui a fui reste réservé : qui le rend ?",
        "`wheel.visits()` donne les visites : celles dont la promesse est « refus » et qui ont une "
        "commande (`visit.order`). Pour chacune, "
        '`shop["inventory"].delete(f"/reservations/{visit.order}")`.',
    ),
)


def _wheel(harness: Harness) -> Wheel:
    """The incident, begun once a check, and ended with it."""

    def make() -> Wheel:
        wheel = Wheel(harness.shop, SEED, among=AMONG, pause=PAUSE, quick=True)
        harness.closing.callback(wheel.stop)
        wheel.spin()
        wheel.until_hurt()
        return wheel

    return harness.kept("wheel", make)


@exercise.step("Les clients sont servis de nouveau", points=4, timeout=45)
def relieves(harness: Harness, mend: Callable) -> None:
    wheel = _wheel(harness)
    mend(wheel)
    expect(
        wheel.relieved(SECONDS),
        seen=f"Après `mend`, ces promesses sont encore rompues : {', '.join(wheel.hurt)}.",
        expected="seize visites de suite sans une promesse rompue",
        meaning="Les clients ne voient pas ce que vous faites, ils voient ce qu’ils reçoivent.",
    )


@exercise.step(
    "La faute n’est plus là, les livres sont justes", points=2, after=relieves, timeout=30
)
def repairs(harness: Harness, mend: Callable) -> None:
    wheel = _wheel(harness)
    expect(
        not wheel.planted,
        seen="La version du jour tourne toujours.",
        expected="la version d’avant",
        meaning="Le service est de nouveau bon, jusqu’à la prochaine carte refusée.",
    )
    wrong = wheel.books(SECONDS)
    expect(
        not wrong,
        seen="Dans les livres : " + " ; ".join(wrong[:SHOWN]),
        expected="aucune réservation qui reste, l’argent et le stock justes",
        meaning="Des articles dorment en rayon, que personne ne peut acheter.",
    )


@exercise.step("La tempête passe, les livres restent justes", points=3, after=repairs, timeout=45)
def survives(harness: Harness, mend: Callable) -> None:
    wrong = _wheel(harness).storm()
    expect(
        not wrong,
        seen="Après la tempête : " + " ; ".join(wrong[:SHOWN]),
        expected="chaque commande finie une fois, payée une fois, dite une fois",
        meaning="La prochaine mort d’un service rouvrirait l’incident.",
    )
