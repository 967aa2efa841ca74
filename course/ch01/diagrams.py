"""The module's two drawings of a shop: as a monolith, as microservices."""

from course.ch01.experiments import Block, open_facade, order_of
from workbook.diagrams import DATABASE, Diagram, inside, observed

INSIDE = (
    "Un appel de fonction : aucun réseau ne le voit. La trace d’une commande du bloc le montre, "
    "par ses étapes internes."
)


def ask_the_block(shop):
    """An order, through the facade."""
    open_facade(shop)
    Block(shop).order()


def ask_the_services(shop):
    """A profile, an order, and its summary, which asks payments and notifications."""
    shop.sign_in("alice")
    shop.get("/users/me")
    order = shop.post("/orders", order_of()).json()
    shop.get(f"/orders/{order['id']}/summary")


DIAGRAMS = (
    Diagram(
        "Architecture Monolithique",
        edges=(
            observed("Utilisateurs", "Load Balancer", "client", "facade"),
            observed("Load Balancer", "Application Monolithique", "facade", "monolith"),
            observed("Application Monolithique", "Base de données unique", "monolith", DATABASE),
            inside("Application Monolithique", "Interface Utilisateur", why=INSIDE),
            inside("Application Monolithique", "Logique Métier", why=INSIDE),
            inside("Application Monolithique", "Accès aux données", why=INSIDE),
        ),
        traffic=ask_the_block,
        services=("registry", "monolith"),
    ),
    Diagram(
        "Architecture Micro-services",
        edges=(
            observed("Utilisateurs", "API Gateway", "client", "gateway"),
            observed("API Gateway", "Service Utilisateurs", "gateway", "users"),
            observed("API Gateway", "Service Commandes", "gateway", "orders"),
            observed("API Gateway", "Service Paiements", "gateway", "payments"),
            observed("API Gateway", "Service Notifications", "gateway", "notifications"),
            observed("Service Utilisateurs", "DB Users", "users", DATABASE),
            observed("Service Commandes", "DB Orders", "orders", DATABASE),
            observed("Service Paiements", "DB Payments", "payments", DATABASE),
            observed(
                "Service Notifications", "Message Queue", "notifications", "exchange:shop.events"
            ),
        ),
        traffic=ask_the_services,
    ),
)
