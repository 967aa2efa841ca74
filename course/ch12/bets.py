"""Bets of chapter 12, in the order of its text; the last four are its final quiz."""

from workbook.bets import Choice, Number

BY_A, BY_B, NO_PRICE = (
    "39,90 €, celui d’A",
    "44,90 €, celui de B",
    "aucun : le rayon a tout refusé",
)
ACCEPTED, UNKNOWN, UNAVAILABLE = (
    "201 : la commande est passée",
    "401 : reconnectez-vous",
    "503 : revenez plus tard",
)

BETS = {
    "overnight": Number(
        "Tout est mis à jour d’un coup : combien des dix ventes le lecteur neuf compte-t-il ?",
        ("vente", "ventes"),
        low=0,
        high=10,
        usual=0,
    ),
    "asleep": Choice(
        "A s’est réveillé, puis a écrit. Quel prix reste en rayon ?",
        (BY_B, BY_A, NO_PRICE),
        usual=BY_A,
    ),
    "decomposed": Number(
        "payments est mort : combien de ces cinq pages répondent encore ?",
        ("page", "pages"),
        low=0,
        high=5,
        usual=5,
    ),
    "independent": Number(
        "products a deux exemplaires, remplacés tour à tour : combien de lectures ratées ?",
        ("lecture", "lectures"),
        low=0,
        high=60,
        near=1,
        usual=0,
    ),
    "bases": Number(
        "Une seule commande, confirmée : dans combien de bases a-t-elle écrit ?",
        ("base", "bases"),
        low=1,
        high=8,
        usual=4,
    ),
    "authorized": Choice(
        "auth est mort. Alice, déjà connectée, commande : que répond-on ?",
        (UNKNOWN, ACCEPTED, UNAVAILABLE),
        usual=ACCEPTED,
    ),
}
