"""Exercise: five domains of the shop or more, each a service that can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab1.bench import deployed
from course.lab1.design import DOMAINS, read
from course.lab1.rules import FEWEST, MOST
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from workbook.checks import Harness

exercise = Exercise(
    "lab1.domains",
    title="Cinq domaines, cinq services",
    hints=(
        "Un domaine est un métier de la boutique : ce qu’une équipe saurait faire sans demander "
        "aux autres. Une base de données ou un écran n’en sont pas.",
        'La forme : `boutique = {"prets": {"domaine": "prêts"}, …}`, avec les domaines de la '
        "liste au-dessus.",
    ),
)


@exercise.step("De cinq à dix services, chacun son domaine", points=2)
def names_domains(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    expect(
        FEWEST <= len(design) <= MOST,
        seen=f"Votre boutique a {len(design)} service(s).",
        expected=f"de {FEWEST} à {MOST}",
        meaning="Un service de trop se paie chaque jour : à déployer, à surveiller, à réveiller.",
    )
    by_domain: dict[str, str] = {}
    for name, service in design.items():
        expect(
            service.domain,
            seen=f"« {name} » ne dit pas son « domaine ».",
            expected="le métier dont il s’occupe",
            meaning="Un service sans métier n’a pas d’équipe : personne ne le répare la nuit.",
        )
        other = by_domain.setdefault(service.domain, name)
        expect(
            other == name,
            seen=f"« {other} » et « {name} » ont tous deux le domaine « {service.domain} ».",
            expected="un service par domaine",
            meaning="Chaque changement du métier demanderait deux équipes et deux déploiements.",
        )
    known = [domain for domain in by_domain if domain in DOMAINS]
    expect(
        len(known) >= FEWEST,
        seen=f"De la liste, votre boutique a {len(known)} domaine(s) : {', '.join(known) or '…'}.",
        expected=f"au moins {FEWEST} de : {', '.join(DOMAINS)}",
        meaning="Un métier de la boutique n’aurait personne pour s’en occuper.",
    )


@exercise.step("Chaque service tourne, et répond", points=1, after=names_domains, timeout=30)
def runs(harness: Harness, boutique: object) -> None:
    shop = deployed(harness, read(boutique), wired=False)
    for name in shop.design:
        expect(
            shop.works(name),
            seen=f"Déployé, « {name} » ne répond pas.",
            expected="200",
        )
