"""Chapter 00: one function that asks the shop a question."""

from __future__ import annotations

from collections.abc import Callable

from workbook.checks import CannotCheck, Exercise, expect, plain
from workbook.checks.harness import Harness

SKUS = ["LAMP", "CHAIR", "DESK", "MUG"]
READINGS = 60
BELIEVED = 3  # wrong answers while the stock does not move: one could be a sale given back

exercise = Exercise(
    "ch00.stock",
    title="Combien en reste-t-il ?",
    asks="units_left",
    hints=(
        "La réponse de `shop.get(…)` porte un statut, `.status_code`, et un corps, `.json()`. "
        "Affichez les deux pour « LAMP » dans une cellule à vous.",
        'Le corps est un dictionnaire : `{"sku": …, "available": …, "reserved": …, "sold": …}`. '
        "Seul « available » peut encore être vendu.",
        "Pour un article inconnu, la boutique répond 404 : testez `.status_code` avant de lire "
        "le corps, et rendez `None`.",
    ),
)


@exercise.step("Le nombre rendu est celui du stock", points=1)
def reads_the_stock(harness: Harness, units_left: Callable) -> None:
    for sku in harness.random.sample(SKUS, 2):
        _deliver(harness, sku, harness.random.randrange(10, 1_000))
        _expect_units(harness, units_left, sku)


@exercise.step("Il suit le stock, vente après vente", points=1, after=reads_the_stock)
def follows_the_stock(harness: Harness, units_left: Callable) -> None:
    for _ in range(3):
        _deliver(harness, "MUG", harness.random.randrange(10, 1_000))
        _expect_units(harness, units_left, "MUG")


@exercise.step("Un article épuisé donne 0", points=1, after=reads_the_stock)
def knows_what_is_sold_out(harness: Harness, units_left: Callable) -> None:
    sku = harness.random.choice(SKUS)
    _deliver(harness, sku, 0)
    _expect_units(harness, units_left, sku)


@exercise.step("Un article inconnu donne None", points=1, after=reads_the_stock)
def knows_what_it_does_not_know(harness: Harness, units_left: Callable) -> None:
    new = harness.unique("ARTICLE").upper()
    for sku in (new, harness.random.choice(SKUS).lower()):
        answer = plain(units_left(sku))
        expect(
            answer is None,
            seen=f"Pour « {sku} », que la boutique ne connaît pas, vous rendez {answer!r}.",
            expected="None",
            meaning="Un article inexistant paraîtrait en rayon, ou seulement épuisé.",
            http=harness.shop.get(f"/stock/{sku}"),
        )
    _deliver(harness, new, harness.random.randrange(10, 1_000))
    _expect_units(harness, units_left, new)


def _deliver(harness: Harness, sku: str, units: int) -> None:
    """Make `units` available, besides a few reserved; what was added is taken back at the end."""
    inventory = harness.shop["inventory"]
    reserved = harness.random.randrange(1, 9)
    order = harness.unique("verification")
    added = units + reserved - _available(harness, sku)
    inventory.put(f"/stock/{sku}", {"available": units + reserved})
    harness.closing.callback(_take_back, harness, sku, added)
    inventory.put(f"/reservations/{order}", {"items": [{"sku": sku, "quantity": reserved}]})
    harness.closing.callback(inventory.delete, f"/reservations/{order}")


def _take_back(harness: Harness, sku: str, added: int) -> None:
    left = max(0, _available(harness, sku) - added)
    harness.shop["inventory"].put(f"/stock/{sku}", {"available": left})


def _available(harness: Harness, sku: str) -> int:
    return harness.shop.get(f"/stock/{sku}").json().get("available", 0)  # unknown: none


def _expect_units(harness: Harness, units_left: Callable, sku: str) -> None:
    """Customers may be buying: believe an answer between two equal readings, and ask again."""
    misses = 0
    for _ in range(READINGS):
        before = _available(harness, sku)
        answer = plain(units_left(sku))
        after = _available(harness, sku)
        if type(answer) is int and min(before, after) <= answer <= max(before, after):
            return
        misses += before == after
        expect(
            misses < BELIEVED and type(answer) is int,
            seen=f"Pour « {sku} », vous rendez {answer!r}.",
            expected=f"{after}, le nombre d’unités disponibles",
            meaning="La boutique vendrait ce qu’elle n’a pas, ou refuserait ce qu’elle a.",
        )
    raise CannotCheck(
        f"Le stock de « {sku} » change plus vite qu’on ne le lit. Arrêtez les clients par "
        "`shop.stop_traffic()`, puis relancez cette cellule."
    )
