"""Bets of lab 5, in the order of its text."""

from workbook.bets import Number

BETS = {
    "restart": Number(
        "On relance les sept services. Sur les huit ventes suivantes, combien échouent encore ?",
        ("vente", "ventes"),
        0,
        8,
        usual=8,
        near=1,
    ),
}
