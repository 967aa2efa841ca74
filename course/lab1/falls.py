"""Exercise: who stops with whom, announced, then measured by killing each service in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab1.bench import deployed
from course.lab1.design import expect_known, read
from workbook.checks import Exercise, NotAttempted, expect

if TYPE_CHECKING:
    from course.lab1.design import Design
    from workbook.checks import Harness

exercise = Exercise(
    "lab1.falls",
    title="Qui tombe avec qui",
    hints=(
        "Suivez les appels à l’envers : qui appelle le mort ? Et qui appelle ceux-là ?",
        "Un événement attend dans une file : le publier ne demande pas que l’autre soit vivant.",
    ),
)


@exercise.step("Pour chaque mort, qui s’arrête", points=1)
def announces(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    if all(service.takes_down is None for service in design.values()):
        raise NotAttempted("Votre boutique ne dit pas encore qui chaque mort « emporte ».")
    for name, service in design.items():
        expect(
            service.takes_down is not None,
            seen=f"« {name} » ne dit pas qui il « emporte ».",
            expected="une liste, vide si tous les autres répondent encore",
        )
    expect_known(design, "emporte", {n: s.takes_down or () for n, s in design.items()})


@exercise.step("Sans panne, tous répondent", points=1, after=announces, timeout=30)
def answers(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    expect_known(design, "appelle", {name: service.calls for name, service in design.items()})
    shop = deployed(harness, design)
    silent = [name for name in design if not shop.works(name)]
    expect(
        not silent,
        seen=f"Avant toute panne, ne répondent pas : {', '.join(silent)}.",
        expected="une boutique où tous répondent, comme à l’étape 3",
    )


@exercise.step("L’annoncé est le mesuré", points=4, after=answers, timeout=45)
def announced_is_measured(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    measured = deployed(harness, design).deaths()
    wrong = [name for name in design if set(design[name].takes_down) != set(measured[name])]
    expect(
        not wrong,
        seen="; ".join(_difference(design, name, measured[name]) for name in wrong) + ".",
        expected="ce que vous annoncez",
        meaning="La nuit de la panne, on réparerait le mauvais service.",
    )


def _difference(design: Design, dead: str, measured: list[str]) -> str:
    return (
        f"« {dead} » tué (kill -9), s’arrêtent : {_list(measured)} ; "
        f"vous aviez annoncé : {_list(design[dead].takes_down)}"
    )


def _list(names: object) -> str:
    return ", ".join(sorted(set(names))) or "personne"
