"""Bets of chapter 08, in the order of its text."""

from workbook.bets import Choice, Number

SAFE = "rien : la transaction protège les deux"
LOST = "une commande sans événement"
PHANTOM = "un événement sans commande"

BETS = {
    "inside": Choice(
        "On publie à l’intérieur de la transaction. Que peut laisser une mort ?",
        (SAFE, LOST, PHANTOM),
        usual=PHANTOM,
    ),
    "outbox": Number(
        "orders meurt, puis repart. Combien d’événements au plus pour une même commande ?",
        ("événement", "événements"),
        low=0,
        high=10,
        usual=2,
    ),
    "join": Number(
        "Combien de fois plus longue est la page à un appel par ligne ?",
        ("fois", "fois"),
        low=1,
        high=1_000,
        factor=2,
        usual=25,
    ),
    "torn": Number(
        "Combien des 10 pages montrent Alice sous deux noms à la fois ?",
        ("page", "pages"),
        low=0,
        high=10,
        near=2,
        usual=10,
    ),
    "stale": Number(
        "Pendant combien de temps, le plus souvent, la copie a-t-elle l’ancien nom ?",
        ("ms", "ms"),
        low=1,
        high=10_000,
        factor=3,
        usual=20,
    ),
    "own": Number(
        "Vingt lectures faites aussitôt après une écriture : combien rendent l’ancien nom ?",
        ("lecture", "lectures"),
        low=0,
        high=20,
        near=3,
        usual=20,
    ),
    "tombstone": Number(
        "Avec les numéros de version : combien d’arrivées sur 90 font revenir le client parti ?",
        ("arrivée", "arrivées"),
        low=0,
        high=90,
        near=5,
        usual=60,
    ),
    "clock": Number(
        "Sur 20 lectures, combien rendent un nom plus vieux que notre propre écriture ?",
        ("lecture", "lectures"),
        low=0,
        high=20,
        near=2,
        usual=20,
    ),
}
