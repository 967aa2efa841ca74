"""The module's diagram of service discovery: three of its arrows are the wrong way round."""

from course.ch04.experiments import open_letters
from workbook.diagrams import Diagram, corrected, observed

WHY = (
    "L’inscription part du service : lui seul sait qu’il démarre, et à quelle adresse. L’annuaire "
    "ne connaît personne avant d’avoir reçu cette requête."
)


def traffic(shop):
    """A calls B, B calls C, C asks a price; each has found the next one in the registry."""
    open_letters(shop)
    shop["service-a"].get("/")


DIAGRAMS = (
    Diagram(
        "Service Discovery Pattern",
        edges=(
            corrected("Service Registry", "Service A", label="Register", why=WHY),
            corrected("Service Registry", "Service B", label="Register", why=WHY),
            corrected("Service Registry", "Service C", label="Register", why=WHY),
            observed("Service A", "Service Registry", "service-a", "registry", label="Discover"),
            observed("Service B", "Service Registry", "service-b", "registry", label="Discover"),
            observed("Service C", "Service Registry", "service-c", "registry", label="Discover"),
            observed("Service A", "Service B", "service-a", "service-b", label="Call"),
            observed("Service B", "Service C", "service-b", "service-c", label="Call"),
        ),
        traffic=traffic,
        services=("registry", "products"),
    ),
)
