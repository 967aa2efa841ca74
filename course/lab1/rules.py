"""What the lab's text lays down: gestures of the shop, the data each writes, and who does what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.bets.question import fold
from workbook.checks import expect

if TYPE_CHECKING:
    from course.lab1.design import Design

FEWEST, MOST = 5, 10  # services

# Each gesture of the shop, and the datum it writes.
GESTURES = {
    "inscrire un client": "adresse",
    "décrire un article": "fiche",
    "fixer un prix": "prix",
    "réserver un article": "quantité",
    "prendre une commande": "commande",
    "encaisser": "paiement",
    "rembourser": "paiement",
    "prévenir le client": "message",
    "expédier un colis": "colis",
    "publier un avis": "avis",
}
DATA = tuple(dict.fromkeys(GESTURES.values()))

# Five gestures of five teams, and the domain that does each, where the design has it.
PILOTS = {
    "inscrire un client": "utilisateurs",
    "décrire un article": "produits",
    "prendre une commande": "commandes",
    "encaisser": "paiements",
    "prévenir le client": "notifications",
}
SALE = "prendre une commande"
PRICE = "fixer un prix"
REACHED = ("réserver un article", "encaisser", "prévenir le client")
MOST_GESTURES = 3
MOST_NEEDED = 2  # other services without which no sale is taken


def doers(design: Design, gesture: str) -> list[str]:
    """The services that do a gesture."""
    return [name for name, service in design.items() if fold(gesture) in service.gestures]


def doer(design: Design, gesture: str) -> str:
    """The one service that does it; incorrect where it is none, or several."""
    found = doers(design, gesture)
    expect(
        len(found) == 1,
        seen=f"« {gesture} » : {_told(found)}.",
        expected="un service, et un seul",
        meaning=_WITHOUT if not found else f"{_TWICE} : {', '.join(found)}.",
    )
    return found[0]


_WITHOUT = "Le client demande, et personne ne sait faire."
_TWICE = "Ce geste serait fait deux fois, ou chacun croirait que l’autre s’en charge"


def owners(design: Design, datum: str) -> list[str]:
    """The services that own a datum."""
    return [name for name, service in design.items() if fold(datum) in service.data]


def _told(names: list[str]) -> str:
    return (
        f"{len(names)} services le font, {' et '.join(names)}" if names else "personne ne le fait"
    )
