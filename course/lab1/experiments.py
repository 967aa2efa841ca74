"""Experiments of lab 1: a shop where everybody calls, the same with events, and one's own, killed.

What is deployed here ends with the cell, also when it is interrupted.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from course.lab1.deployment import Deployment
from course.lab1.design import mistakes, read
from course.lab1.drawing import drawn
from workbook import show

if TYPE_CHECKING:
    from workbook.shop import Shop

NOTIFIER = "notifications"
CALLS = {
    "comptes": {"domaine": "utilisateurs"},
    "catalogue": {"domaine": "produits", "appelle": ["stock"]},
    "stock": {"domaine": "stock", "appelle": ["notifications"]},
    "paiements": {"domaine": "paiements", "appelle": ["comptes", "notifications"]},
    "commandes": {"domaine": "commandes", "appelle": ["catalogue", "paiements"]},
    "notifications": {"domaine": "notifications"},
}
EVENTS = CALLS | {
    "stock": {"domaine": "stock", "publie": ["stock.bas"]},
    "paiements": {
        "domaine": "paiements",
        "appelle": ["comptes"],
        "publie": ["paiement.accepté"],
    },
    "notifications": {
        "domaine": "notifications",
        "ecoute": ["stock.bas", "paiement.accepté"],
    },
}


def draw(boutique: object, title: str = "Votre boutique, telle que vous l’écrivez") -> object:
    """The design as a map, or what is missing to draw it."""
    if told := mistakes(boutique):
        return show.table(["Pas encore de dessin"], [[told]])
    return drawn(read(boutique), title)


def survivors(shop: Shop, boutique: dict) -> int:
    """How many of the others answer once `notifications` was killed."""
    with Deployment(shop, read(boutique)) as deployed:
        return len(boutique) - 1 - len(deployed.stopped_by(NOTIFIER))


def mail_after_waking(shop: Shop, boutique: dict) -> tuple[int, bool]:
    """How many others answer once `notifications` was killed; whether, awake, it hears of a sale.

    The sale is taken while it is dead.
    """
    with Deployment(shop, read(boutique)) as deployed:
        shop.kill(NOTIFIER)
        sale = uuid.uuid4().hex
        alive = [name for name in boutique if name != NOTIFIER and deployed.works(name)]
        deployed.ask("commandes", sale)
        shop.restart(NOTIFIER)
        return len(alive), deployed.came(NOTIFIER, sale, ("event",))


def side_by_side(shop: Shop, boutique: object) -> show.table:
    """A row for each death: who stops, announced and measured."""
    if told := mistakes(boutique):
        return show.table(["Rien à mesurer"], [[told]])
    design = read(boutique)
    with Deployment(shop, design) as deployed:
        measured = deployed.deaths()
    rows = [(name, _said(design[name].takes_down), _said(measured[name])) for name in design]
    return show.table(["Ce service meurt", "s’arrêtent, annoncé", "mesuré"], rows, left=3)


def _said(names: object) -> str:
    return "rien d’annoncé" if names is None else ", ".join(sorted(names)) or "personne"
