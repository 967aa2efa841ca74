"""The picture of what lab 3 builds; its calls are those of a run."""

from typing import TYPE_CHECKING

from course.lab3.experiments import LAMP, SOURCE
from workbook.diagrams import Diagram, inside, observed

if TYPE_CHECKING:
    from workbook.shop import Shop


def _order(shop: "Shop") -> None:
    shop.serve("orders", SOURCE)
    shop["orders"].post("/orders", LAMP)


DIAGRAMS = (
    Diagram(
        "Exercice 3 : Communication entre services",
        edges=(
            observed("Client", "Orders", "client", "orders"),
            observed("Orders", "Products", "orders", "products"),
            inside("Orders", "orders.db", why="Un fichier SQLite, qu’Orders écrit lui-même."),
        ),
        traffic=_order,
        services=("products",),
    ),
)
