"""The picture of what lab 5 builds: the steps of somebody on call. No network shows them."""

from itertools import pairwise

from workbook.diagrams import Diagram, inside

SEEN = "C’est l’ordre des étapes du laboratoire ; la note les mesure une à une."
STEPS = ("Détecter", "Localiser", "Expliquer", "Soulager", "Réparer", "Survivre")

DIAGRAMS = (
    Diagram(
        "Défis et considérations",
        edges=tuple(inside(one, two, why=SEEN) for one, two in pairwise(STEPS)),
    ),
)
