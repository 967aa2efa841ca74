"""The bets of the test chapter, one of each kind."""

from workbook.bets import Choice, Number, Ordering

BETS = {
    "sum": Number("Combien font deux fois trois ?", ("pièce", "pièces"), 0, 10, usual=6, near=1),
    "owner": Choice("Qui garde le stock ?", ("orders", "inventory"), usual="inventory"),
    "sizes": Ordering("Du plus petit au plus grand ?", ("b", "a", "c"), usual=("a", "b", "c")),
    "rate": Number("Combien par seconde ?", ("appel", "appels"), 1, 100_000, usual=1_000, factor=3),
}
