"""The module's saga, edge by edge: a refused payment, and the stock that is given back."""

from workbook.diagrams import Diagram, corrected, observed

ORDER = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_declined"}
ANSWER = "C’est la réponse à l’appel, sur la même connexion : la carte dessine les appels."


def traffic(shop):
    """One order whose card is refused."""
    shop.sign_in("alice")
    shop["orders"].post("/orders", ORDER)


DIAGRAMS = (
    Diagram(
        "Saga Pattern (Transactions distribuées)",
        edges=(
            observed("Client", "OrderService", "client", "orders"),
            observed(
                "OrderService", "InventoryService", "orders", "inventory", label="Reserve Items"
            ),
            corrected("InventoryService", "OrderService", why=ANSWER),
            observed("OrderService", "PaymentService", "orders", "payments"),
            corrected("PaymentService", "OrderService", why=ANSWER),
            observed(
                "OrderService",
                "InventoryService",
                "orders",
                "inventory",
                label="Release Items (Compensate)",
            ),
            corrected("OrderService", "Client", why=ANSWER),
        ),
        traffic=traffic,
        services=("gateway", "auth", "products", "inventory", "payments", "orders"),
    ),
)
