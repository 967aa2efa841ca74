"""The module's six arrows: which a run shows, and which the course draws otherwise."""

from course.ch10.experiments import bearer, log_in, open_doors
from workbook.diagrams import Diagram, corrected, observed


def traffic(shop):
    """Alice through the gateway, then through the door that asks auth at every request."""
    shop.sign_in("alice")
    shop.get("/users/me")
    open_doors(shop)
    shop["porte"].get("/ask", headers=bearer(log_in(shop, "alice")))


DIAGRAMS = (
    Diagram(
        "Authentication & Authorization",
        edges=(
            corrected(
                "Client",
                "Auth Service",
                why="Chez nous le client ne connaît que la passerelle : elle mène « /auth/login » "
                "à auth.",
            ),
            corrected(
                "Auth Service",
                "Client",
                why="C’est la réponse à la flèche 1, par le même chemin, et non un appel.",
            ),
            observed("Client", "API Gateway", "client", "gateway"),
            observed("API Gateway", "Auth Service", "porte", "auth"),
            corrected(
                "Auth Service",
                "API Gateway",
                why="C’est la réponse à la flèche 4 ; notre passerelle lit les déclarations "
                "elle-même, dans le jeton.",
            ),
            observed("API Gateway", "Micro-service", "gateway", "users"),
        ),
        traffic=traffic,
        services=("gateway", "auth", "users"),
    ),
)
