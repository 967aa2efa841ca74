"""Bets of chapter 04, in the order of its text."""

from workbook.bets import Choice, Number

AT_ONCE = "les ventes s’arrêtent aussitôt"
WITH_THE_LEASES = "elles s’arrêtent trois secondes plus tard, à la fin des baux"
NOT_AT_ALL = "elles continuent tant que nous regardons"

BETS = {
    "arrows": Number(
        "Sur les huit flèches du dessin, combien vont dans le mauvais sens ?",
        ("flèche", "flèches"),
        low=0,
        high=8,
        near=1,
        usual=3,
    ),
    "expiry": Number(
        "Après un kill -9, pendant combien de temps l’annuaire donne-t-il encore l’adresse ?",
        ("milliseconde", "millisecondes"),
        low=1,
        high=60_000,
        factor=1.5,
        usual=3_000,
    ),
    "kill": Number(
        "Une instance sur trois meurt. Sans réessai, combien de demandes sont perdues ?",
        ("demande", "demandes"),
        low=0,
        high=200,
        near=8,
        usual=20,
    ),
    "registry": Choice(
        "L’annuaire meurt. Que deviennent les ventes de vitrine ?",
        (AT_ONCE, NOT_AT_ALL, WITH_THE_LEASES),
        usual=NOT_AT_ALL,
    ),
    "slow": Number(
        "« La moins occupée » : combien des 120 demandes vont à l’instance lente ?",
        ("demande", "demandes"),
        low=0,
        high=120,
        near=8,
        usual=5,
    ),
    "hole": Number(
        "Et si cette instance répond 500 aussitôt ? Combien des 120 demandes échouent ?",
        ("demande", "demandes"),
        low=0,
        high=120,
        near=12,
        usual=105,
    ),
}
