"""The shop's services as the workbook knows them: by name, never by import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Description:
    """One service: the name learners type, the label the map shows, and what it stands on."""

    name: str
    label: str
    database: bool = False
    broker: bool = False
    target: str = ""


def _of_the_shop(name: str, label: str, **needs: bool) -> Description:
    return Description(name, label, target=f"services.{name}.app", **needs)


SERVICES = {
    described.name: described
    for described in (
        _of_the_shop("registry", "Annuaire"),
        _of_the_shop("gateway", "Passerelle API"),
        _of_the_shop("auth", "Authentification", database=True),
        _of_the_shop("users", "Utilisateurs", database=True),
        _of_the_shop("products", "Catalogue", database=True),
        _of_the_shop("inventory", "Stock", database=True, broker=True),
        _of_the_shop("payments", "Paiements", database=True, broker=True),
        _of_the_shop("orders", "Commandes", database=True, broker=True),
        _of_the_shop("notifications", "Notifications", database=True, broker=True),
        _of_the_shop("monolith", "Monolithe", database=True),
    )
}

MICROSERVICES = tuple(name for name in SERVICES if name != "monolith")


def described(name: str) -> Description:
    """Return what is known of `name`; a learner's own service may use all there is."""
    return SERVICES.get(name) or Description(name, name, database=True, broker=True)
