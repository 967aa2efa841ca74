"""Bets of chapter 09, in the order of its text."""

from workbook.bets import Choice, Number, Ordering

ORCHESTRATION, CHOREOGRAPHY, BOTH = "l’orchestration", "la chorégraphie", "autant l’une que l’autre"
UNDOING = ("release", "refund", "charge", "reserve")

BETS = {
    "again": Number(
        "Rappel. Le même débit est demandé trois fois, avec la même clé : combien de débits ?",
        ("débit", "débits"),
        low=0,
        high=3,
        usual=1,
    ),
    "rivals": Number(
        "Sans rien mettre de côté : combien de clients paient la dernière lampe ?",
        ("client", "clients"),
        low=0,
        high=2,
        usual=2,
    ),
    "messages": Choice(
        "Pour une commande confirmée, qui demande le moins de messages ?",
        (CHOREOGRAPHY, ORCHESTRATION, BOTH),
        usual=ORCHESTRATION,
    ),
    "faults": Number(
        "Combien de pannes suffisent pour que cette saga finisse mal ? (0 : elle finit toujours "
        "bien.)",
        ("panne", "pannes"),
        low=0,
        high=5,
        usual=1,
    ),
    "undoing": Ordering(
        "payments se tait après le débit demandé. Dans quel ordre les quatre demandes "
        "partent-elles ?",
        UNDOING,
        usual=UNDOING[::-1],
    ),
    "late": Number(
        "La demande attardée arrive après l’annulation : combien de lampes restent de côté ?",
        ("lampe", "lampes"),
        low=0,
        high=2,
        usual=1,
    ),
    "luck": Number(
        "Une clé neuve à chaque essai : combien des six morts révèlent ce défaut ?",
        ("mort", "morts"),
        low=0,
        high=6,
        usual=1,
    ),
}
