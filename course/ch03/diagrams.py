"""The module's diagram of the API Gateway, edge by edge."""

from workbook.diagrams import Diagram, corrected, observed

LAMP = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}


def traffic(shop):
    """Alice reads her profile, orders, and asks for the summary of her order."""
    shop.sign_in("alice")
    order = shop.post("/orders", LAMP).json()
    shop.get("/users/me")
    shop.get(f"/orders/{order['id']}/summary")


DIAGRAMS = (
    Diagram(
        "API Gateway",
        edges=(
            observed("Client Mobile", "API Gateway", "client", "gateway"),
            observed("Client Web", "API Gateway", "client", "gateway"),
            observed("Client Tiers", "API Gateway", "client", "gateway"),
            observed("API Gateway", "User Service", "gateway", "users"),
            observed("API Gateway", "Order Service", "gateway", "orders"),
            observed("API Gateway", "Payment Service", "gateway", "payments"),
            corrected(
                "API Gateway",
                "Monitoring",
                label="Logs",
                why="La passerelle n’envoie ses journaux à personne : ce sont des lignes sur sa "
                "sortie, que la plateforme recueille.",
            ),
            corrected(
                "API Gateway",
                "Monitoring",
                label="Metrics",
                why="La flèche va dans l’autre sens : la surveillance vient lire /metrics.",
            ),
        ),
        traffic=traffic,
    ),
)
