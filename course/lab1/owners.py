"""Exercise: each datum has one owner, who does the gesture that writes it, in a base of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab1.bench import deployed
from course.lab1.design import read
from course.lab1.rules import DATA, GESTURES, doer, owners
from workbook.bets.question import fold
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from course.lab1.deployment import Deployment
    from workbook.checks import Harness

exercise = Exercise(
    "lab1.owners",
    title="À qui est chaque donnée",
    hints=(
        "La donnée est à qui l’écrit : relisez le tableau des gestes.",
        "Lire n’est pas posséder : qui a besoin d’un prix le demande, ou en garde une copie.",
        'Un fichier par service : `"base": "catalogue.db"` chez l’un, un autre nom chez l’autre.',
    ),
)


@exercise.step("Chaque donnée a un propriétaire, un seul", points=2, timeout=30)
def one_owner(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    others = [d for service in design.values() for d in service.data]
    expect(others, seen="Aucun service ne dit ses « donnees ».", expected=", ".join(DATA))
    shop = deployed(harness, design, wired=False)
    for datum in dict.fromkeys([*map(fold, DATA), *others]):
        found = [name for name in owners(design, datum) if shop.owns(name, datum)]
        expect(
            found,
            seen=f"La donnée « {datum} » : aucun service ne répond pour elle.",
            expected="un propriétaire",
            meaning="On la demande à chacun, et tous répondent 404.",
        )
        expect(
            len(found) == 1,
            seen=_disagreement(shop, datum, found),
            expected="un propriétaire, et un seul",
            meaning="Deux vérités : l’écran dira l’une, la facture dira l’autre.",
        )


def _disagreement(shop: Deployment, datum: str, found: list[str]) -> str:
    if len(found) < 2:
        return ""
    first, second, *_ = found
    shop.write(first, datum, "hier")
    shop.write(second, datum, "hier")
    shop.write(first, datum, "aujourd’hui")
    return (
        f"« {datum} » est à « {first} » et à « {second} ». Changée chez « {first} », elle vaut "
        f"« {shop.value(first, datum)} » chez lui et « {shop.value(second, datum)} » chez l’autre."
    )


@exercise.step("Chaque geste écrit chez lui", points=1, after=one_owner)
def writes_at_home(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    for gesture, datum in GESTURES.items():
        name, (owner, *_) = doer(design, gesture), owners(design, datum)
        expect(
            name == owner,
            seen=f"« {gesture} » est chez « {name} » ; la donnée « {datum} », qu’il écrit, chez "
            f"« {owner} ».",
            expected="le geste et sa donnée dans le même service",
            meaning=f"« {name} » écrirait chez un autre : il ne pourrait plus rien faire sans lui.",
        )


@exercise.step("Une base par service", points=2, after=one_owner, timeout=30)
def own_base(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    keepers = {name: service for name, service in design.items() if service.data}
    for name, service in keepers.items():
        expect(
            service.base,
            seen=f"« {name} » tient des données, et ne nomme pas sa « base ».",
            expected="le nom d’un fichier à lui",
            meaning="Une panne, et ses données n’étaient nulle part.",
        )
    shop = deployed(harness, design, wired=False)
    for name in keepers:
        _expect_alone(shop, name, [other for other in keepers if other != name])


def _expect_alone(shop: Deployment, name: str, others: list[str]) -> None:
    """While `name` changes its tables, everybody else writes as ever."""
    shop.send("POST", name, "/migration")
    try:
        for other in others:
            answer = shop.write(other, shop.design[other].data[0], "demain")
            expect(
                answer is not None and answer.status_code == 200,
                seen=f"« {name} » change ses tables ; « {other} », qui a la même base, répond "
                f"{answer.status_code if answer is not None else 'rien'}"
                f"{' ' + answer.text.strip() if answer is not None else ''}",
                expected="200 : chacun sa base",
                meaning="Une équipe travaille, et le service d’une autre s’arrête.",
            )
    finally:
        shop.send("DELETE", name, "/migration")
