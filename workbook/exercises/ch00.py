"""Chapter 00: one function that asks the shop a question."""

from __future__ import annotations

from collections.abc import Callable

from workbook.checks import Exercise, expect, plain
from workbook.checks.lab import Lab

stock = Exercise(
    "ch00.stock",
    title="Combien en reste-t-il ?",
    hints=(
        "La réponse de `shop.get(…)` porte un statut, `.status_code`, et un corps, `.json()`. "
        "Affichez les deux pour « LAMP » dans une cellule à vous.",
        'Le corps est un dictionnaire : `{"sku": …, "available": …, "reserved": …, "sold": …}`. '
        "Seul « available » peut encore être vendu.",
        "Pour un article inconnu, la boutique répond 404 : testez `.status_code` avant de lire "
        "le corps, et rendez `None`.",
    ),
)


@stock.step("Le nombre rendu est celui du stock", points=1)
def reads_the_stock(lab: Lab, units_left: Callable) -> None:
    for sku in lab.random.sample(["LAMP", "CHAIR", "DESK", "MUG"], 2):
        _expect_units(units_left, sku, _deliver(lab, sku))


@stock.step("Il suit le stock, vente après vente", points=1, after=reads_the_stock)
def follows_the_stock(lab: Lab, units_left: Callable) -> None:
    for _ in range(3):
        _expect_units(units_left, "MUG", _deliver(lab, "MUG"))


@stock.step("Un article inconnu donne None", points=1, after=reads_the_stock)
def knows_what_it_does_not_know(lab: Lab, units_left: Callable) -> None:
    sku = lab.unique("ARTICLE").upper()
    answer = plain(units_left(sku))
    expect(
        answer is None,
        seen=f"Pour « {sku} », que la boutique ne connaît pas, vous rendez {answer!r}.",
        expected="None",
        meaning="Un article inexistant paraîtrait en rayon, ou seulement épuisé.",
        exchange=lab.shop.get(f"/stock/{sku}"),
    )


def _deliver(lab: Lab, sku: str) -> int:
    """Put a drawn number of units in stock, a few of them reserved; give back the number."""
    inventory = lab.shop["inventory"]
    before = inventory.get(f"/stock/{sku}").json()["available"]
    lab.closing.callback(inventory.put, f"/stock/{sku}", {"available": before})
    units = lab.random.randrange(10, 1_000)
    reserved = lab.random.randrange(1, 9)
    order = lab.unique("verification")
    inventory.put(f"/stock/{sku}", {"available": units + reserved})
    inventory.put(f"/reservations/{order}", {"items": [{"sku": sku, "quantity": reserved}]})
    lab.closing.callback(inventory.delete, f"/reservations/{order}")
    return units


def _expect_units(units_left: Callable, sku: str, units: int) -> None:
    answer = plain(units_left(sku))
    expect(
        type(answer) is int and answer == units,
        seen=f"Pour « {sku} », vous rendez {answer!r}.",
        expected=f"{units}, le nombre d’unités disponibles",
        meaning="La boutique vendrait ce qu’elle n’a pas, ou refuserait ce qu’elle a.",
    )
