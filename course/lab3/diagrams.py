"""The picture of what lab 3 builds. Its Orders is the learner's: no shop of ours runs it."""

from workbook.diagrams import Diagram, inside

DIAGRAMS = (
    Diagram(
        "Exercice 3 : Communication entre services",
        edges=(
            inside("Client", "Orders", why="La séquence de l’étape 2 montre cet appel."),
            inside("Orders", "Products", why="La séquence de l’étape 2 montre cet appel."),
            inside("Orders", "orders.db", why="Un fichier SQLite, qu’Orders écrit lui-même."),
        ),
    ),
)
