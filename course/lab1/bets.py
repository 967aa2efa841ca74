"""Bets of lab 1, in the order of its text."""

from workbook.bets import Number

BETS = {
    "calls": Number(
        "Notifications est mort. Des cinq autres services, combien répondent encore ?",
        ("service", "services"),
        low=0,
        high=5,
        usual=1,
    ),
    "events": Number(
        "Le même dessin, avec des événements. Combien des cinq répondent encore ?",
        ("service", "services"),
        low=0,
        high=5,
        usual=5,
    ),
}
