"""Bets of chapter 00."""

from workbook.bets import Number

BETS = {
    "services": Number(
        "Combien de services cette commande a-t-elle traversés ?",
        ("service", "services"),
        low=1,
        high=8,
        near=1,
        usual=7,
    ),
}
