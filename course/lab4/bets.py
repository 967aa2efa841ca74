"""Bets of lab 4, in the order of its text."""

from workbook.bets import Choice

CUSTOMER, SHOP, STOCK, NOBODY = (
    "le client : jamais remboursé",
    "la boutique : elle rembourse deux fois",
    "le rayon : l’article y revient deux fois",
    "personne : tout est refait sans dommage",
)

BETS = {
    "loser": Choice(
        "Le worker naïf meurt au premier mauvais moment, puis repart. Qui y perd ?",
        (NOBODY, CUSTOMER, SHOP, STOCK),
        usual=SHOP,
    ),
}
