"""Bets of chapter 06, in the order of its text."""

from workbook.bets import Choice, Number

WITH_ITS_CAUSE = "tout repart avec lui"
FOR_A_WHILE = "tout repart une ou deux secondes plus tard"
FOREVER = "rien ne repart tant que nous regardons"

BETS = {
    "cubed": Number(
        "Trois étages, trois essais à chaque étage : combien d’appels reçoit products ?",
        ("appel", "appels"),
        low=1,
        high=100,
        near=3,
        usual=27,
    ),
    "hang": Number(
        "Sans délai : combien des 25 visiteurs reçoivent le plan pendant la panne ?",
        ("visiteur", "visiteurs"),
        low=0,
        high=25,
        near=2,
        usual=0,
    ),
    "delay": Number(
        "Avec un délai d’une demi-seconde : combien des 25 visiteurs reçoivent le plan à temps ?",
        ("visiteur", "visiteurs"),
        low=0,
        high=25,
        near=3,
        usual=1,
    ),
    "probes": Number(
        "Vingt appels au moment de l’essai : combien arrivent jusqu’à products ?",
        ("appel", "appels"),
        low=0,
        high=20,
        near=1,
        usual=2,
    ),
    "metastable": Choice(
        "L’atelier est guéri, les clients réessaient : que se passe-t-il ?",
        (WITH_ITS_CAUSE, FOREVER, FOR_A_WHILE),
        usual=FOREVER,
    ),
    "lock": Number(
        "Huit clients passent par ce disjoncteur : en combien de temps sont-ils servis ?",
        ("milliseconde", "millisecondes"),
        low=100,
        high=10_000,
        factor=1.5,
        usual=1_600,
    ),
}
