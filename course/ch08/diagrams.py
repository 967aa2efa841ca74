"""The module's drawing of a shop where each service has a database of its own."""

from workbook.diagrams import DATABASE, Diagram, observed

LAMP = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}


def traffic(shop):
    """Alice reads her profile, and orders a lamp, which stock and payments write down."""
    shop.sign_in("alice")
    shop.get("/users/me")
    shop.post("/orders", LAMP)


DIAGRAMS = (
    Diagram(
        "Database per Service",
        edges=(
            observed("User API", "Users DB", "users", DATABASE),
            observed("Order API", "Orders DB", "orders", DATABASE),
            observed("Payment API", "Payments DB", "payments", DATABASE),
            observed("Inventory API", "Inventory DB", "inventory", DATABASE),
        ),
        traffic=traffic,
        services=("gateway", "auth", "users", "products", "inventory", "payments", "orders"),
    ),
)
