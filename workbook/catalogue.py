"""The shop's services as the workbook knows them: by name, never by import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One service: the name learners type, the label the map shows, and what it stands on."""

    name: str
    label: str
    database: bool = False
    broker: bool = False
    target: str = ""


def _entry(name: str, label: str, **needs: bool) -> Entry:
    return Entry(name, label, target=f"services.{name}.app", **needs)


SERVICES = {
    entry.name: entry
    for entry in (
        _entry("registry", "Annuaire"),
        _entry("gateway", "Passerelle API"),
        _entry("auth", "Authentification", database=True),
        _entry("users", "Utilisateurs", database=True),
        _entry("products", "Catalogue", database=True),
        _entry("inventory", "Stock", database=True, broker=True),
        _entry("payments", "Paiements", database=True, broker=True),
        _entry("orders", "Commandes", database=True, broker=True),
        _entry("notifications", "Notifications", database=True, broker=True),
        _entry("monolith", "Monolithe", database=True),
    )
}

MICROSERVICES = tuple(name for name in SERVICES if name != "monolith")


def entry(name: str) -> Entry:
    """Return the entry of `name`; a learner's own service is its own label."""
    return SERVICES.get(name) or Entry(name, name, database=True, broker=True)
