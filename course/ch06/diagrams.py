"""The module's diagram of this chapter: the states of a circuit breaker."""

from workbook.diagrams import Diagram, inside

BREAKER = (
    "Un changement d’état a lieu dans le processus de l’appelant. Il l’annonce par un événement, "
)

DIAGRAMS = (
    Diagram(
        "Circuit Breaker Pattern",
        edges=(
            inside(
                "[*]", "Closed", why="L’état d’un disjoncteur neuf : la vitrine vient de naître."
            ),
            inside("Closed", "Open", why=f"{BREAKER}que le chapitre dessine : trop d’échecs."),
            inside("Open", "HalfOpen", why=f"{BREAKER}que le chapitre dessine : délai passé."),
            inside("HalfOpen", "Closed", why=f"{BREAKER}que le chapitre dessine : essais réussis."),
            inside("HalfOpen", "Open", why=f"{BREAKER}que le chapitre dessine : essai raté."),
        ),
    ),
)
