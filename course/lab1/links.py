"""Exercise: calls and events, deployed; no loop, no hub, and a sale that reaches whom it must."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from course.lab1.bench import deployed
from course.lab1.design import as_written, expect_known, read
from course.lab1.rules import MOST_NEEDED, PRICE, REACHED, SALE, doer
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from course.lab1.deployment import Deployment
    from workbook.checks import Harness

exercise = Exercise(
    "lab1.links",
    title="Qui appelle, qui annonce",
    hints=(
        "Pour chaque flèche, une question : le client attend-il cette réponse ? Sinon, un "
        "événement suffit.",
        "Un message au client, un colis : personne ne les attend devant l’écran. Une commande "
        "prise les **publie** ; eux l’**écoutent**.",
        "Un prix peut se demander, ou se copier : qui le fixe publie ses changements, qui vend "
        "les écoute.",
    ),
)

ANY = ("client", "call", "event")


@exercise.step("Chaque flèche mène quelque part", points=1)
def leads_somewhere(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    expect_known(design, "appelle", {name: service.calls for name, service in design.items()})
    published = {event for service in design.values() for event in service.publishes}
    names = sorted(as_written(design, event) for event in published)
    for name, service in design.items():
        for event in service.listens:
            expect(
                event in published,
                seen=f"« {name} » écoute « {as_written(design, event)} », que personne ne publie.",
                expected="un événement publié, au même nom"
                + (f" : {', '.join(names)}" if names else ""),
                meaning="Il attendrait pour toujours, et aucune erreur ne le dirait.",
            )


@exercise.step("Aucune demande ne tourne en rond", 2, leads_somewhere, timeout=30)
def no_loop(harness: Harness, boutique: object) -> None:
    shop = deployed(harness, read(boutique))
    for name in shop.design:
        answer = shop.ask(name)
        status = answer.status_code if answer is not None else None
        loop = answer.json()["loop"] if status == 508 else []
        expect(
            status == 200,
            seen=f"Déployé, « {name} » répond {status}"
            + (f" : sa demande a fait {' → '.join(loop)}." if loop else "."),
            expected="200 : aucun appel ne revient à un service qui attend déjà",
            meaning="Chacun attend la réponse de l’autre : un client suffit à les bloquer tous, "
            "et l’on ne peut plus déployer l’un sans l’autre.",
        )


@exercise.step("Une vente atteint tous ceux qu’elle concerne", 2, no_loop, timeout=30)
def reaches(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    shop, seller = deployed(harness, design), doer(design, SALE)
    sale = uuid.uuid4().hex
    asked = shop.ask(seller, sale).json()["by"]
    for gesture in REACHED:
        name = doer(design, gesture)
        expect(
            name in asked or shop.came(name, sale, ANY),
            seen=f"Une vente chez « {seller} » : « {name} », qui doit « {gesture} », "
            "n’en a rien su.",
            expected="un appel ou un événement qui y mène, directement ou de proche en proche",
            meaning="Le client a commandé, et personne n’y donne suite.",
        )
    _expect_price(shop, seller, doer(design, PRICE), asked)


def _expect_price(shop: Deployment, seller: str, pricing: str, asked: list[str]) -> None:
    change = uuid.uuid4().hex
    expect(
        pricing in asked or (shop.ask(pricing, change) and shop.came(seller, change, ANY)),
        seen=f"« {seller} » prend une commande sans demander le prix à « {pricing} », et un "
        "changement de prix ne lui parvient pas.",
        expected="un appel qui mène de l’un à l’autre, ou un événement qui en vient",
        meaning="La boutique vendrait au prix d’hier, ou à un prix inventé.",
    )


@exercise.step("Aucune mort n’arrête la boutique", points=2, after=reaches, timeout=45)
def no_hub(harness: Harness, boutique: object) -> None:
    design = read(boutique)
    shop, seller = deployed(harness, design), doer(design, SALE)
    deaths = harness.kept("deaths", shop.deaths)
    for dead, stopped in deaths.items():
        expect(
            2 * len(stopped) <= len(design) - 1,
            seen=f"« {dead} » tué (kill -9), {len(stopped)} des {len(design) - 1} autres ne "
            f"répondent plus : {', '.join(stopped)}.",
            expected="la moitié des autres, au plus",
            meaning="Tout passe par lui : c’est le bloc, le réseau en plus.",
        )
    needed = [dead for dead, stopped in deaths.items() if seller in stopped]
    expect(
        len(needed) <= MOST_NEEDED,
        seen=f"« {seller} » ne prend plus de commande dès que l’un de ceux-ci est mort : "
        f"{', '.join(needed)}.",
        expected=f"{MOST_NEEDED} services dont une vente ne peut se passer, au plus",
        meaning="Chaque service de plus que l’on attend ajoute ses pannes à celles de la vente.",
    )
