"""The picture of what lab 4 builds. Its services are the learner's: no shop of ours runs them."""

from workbook.diagrams import Diagram, inside

SEEN = "La séquence d’un vrai retour, à la fin du laboratoire, montre cet échange."

DIAGRAMS = (
    Diagram(
        "Exercice 4 : Messaging asynchrone",
        edges=(
            inside("Client", "Orders", why=SEEN),
            inside("Orders", "shop.events", why=SEEN),
            inside("shop.events", "Returns", why=SEEN),
            inside("shop.events", "Notifications", why=SEEN),
            inside("Returns", "Payments", why=SEEN),
            inside("Returns", "shop.events", why=SEEN),
            inside("Returns", "returns.dead", why="L’étape 5 y met ce qui est impossible."),
        ),
    ),
)
