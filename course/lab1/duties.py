"""Exercise: the ten gestures of the shop, each done by one service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab1.design import read
from course.lab1.rules import GESTURES, MOST_GESTURES, PILOTS, doer
from workbook.bets.question import fold
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from workbook.checks import Harness

exercise = Exercise(
    "lab1.duties",
    title="Qui fait quoi",
    hints=(
        "Demandez-vous qui change quoi. Qui encaisse sait aussi rembourser : les deux écrivent "
        "le même paiement.",
        "Un service sans geste n’a rien à faire là ; celui qui en a quatre en cache deux.",
    ),
)


@exercise.step("Chaque geste est fait par un service, et un seul", points=2)
def each_once(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    for gesture in GESTURES:
        doer(design, gesture)


@exercise.step("Personne ne fait rien, personne ne fait tout", points=1)
def shares(harness: Harness, boutique: object) -> None:
    listed = set(map(fold, GESTURES))
    for name, service in read(boutique).items():
        expect(
            service.gestures,
            seen=f"« {name} » ne fait aucun geste.",
            expected="un geste au moins, de la liste ou à vous",
            meaning="Il faudrait déployer et surveiller un service qui ne sert à rien.",
        )
        done = listed & set(service.gestures)
        expect(
            len(done) <= MOST_GESTURES,
            seen=f"« {name} » fait {len(done)} gestes de la liste.",
            expected=f"{MOST_GESTURES} au plus",
            meaning="C’est le bloc, sous un autre nom : quand il meurt, presque tout s’arrête.",
        )


@exercise.step("Les cinq métiers sont séparés", points=1, after=each_once)
def five_teams(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    by_service: dict[str, str] = {}
    for gesture, domain in PILOTS.items():
        name = doer(design, gesture)
        other = by_service.setdefault(name, gesture)
        expect(
            other == gesture,
            seen=f"« {name} » sait « {other} » et « {gesture} ».",
            expected="deux services : ces métiers n’ont ni la même équipe, ni le même rythme",
            meaning="Corriger l’un obligerait à redéployer l’autre.",
        )
        named = [n for n, service in design.items() if service.domain == domain]
        expect(
            not named or named == [name],
            seen=f"« {name} » sait « {gesture} », et le domaine « {domain} » est à "
            f"« {named[0] if named else ''} ».",
            expected=f"ce geste chez « {named[0] if named else ''} »",
            meaning="On chercherait la panne dans le mauvais service.",
        )


@exercise.step("Qui écrit la même donnée reste ensemble", points=1, after=each_once)
def together(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    by_datum: dict[str, tuple[str, str]] = {}
    for gesture, datum in GESTURES.items():
        name = doer(design, gesture)
        other, before = by_datum.setdefault(datum, (name, gesture))
        expect(
            other == name,
            seen=f"« {before} » est chez « {other} », « {gesture} » chez « {name} ».",
            expected=f"le même service : les deux écrivent la donnée « {datum} »",
            meaning="L’un rembourserait ce que l’autre n’a pas encore encaissé.",
        )
