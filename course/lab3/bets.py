"""Bets of lab 3, in the order of its text."""

from workbook.bets import Choice, Number

CLIENTS_FAULT = "404 ou 422 : cet article n’existe pas"
BUG = "500 : erreur interne"
UNAVAILABLE = "503 : service indisponible"
SILENCE = "rien : il attend"

BETS = {
    "dead": Choice(
        "Products est tué. Que répond l’Orders naïf à son client ?",
        (UNAVAILABLE, CLIENTS_FAULT, BUG, SILENCE),
        usual=BUG,
    ),
    "twice": Number(
        "La réponse perdue, la demande renvoyée : combien de commandes chez l’Orders naïf ?",
        ("commande", "commandes"),
        low=0,
        high=5,
        usual=2,
    ),
}
