"""Bets of chapter 01, in the order of its text."""

from workbook.bets import Choice, Number

SERVICES_AND_BULKHEADS = "le bloc à cloisons et les trois services"
ONLY_SERVICES = "les trois services seulement"
NOBODY = "aucune des trois formes"
SOMETHING_ELSE = "un autre résultat"
FORMS = (NOBODY, ONLY_SERVICES, SERVICES_AND_BULKHEADS, SOMETHING_ELSE)

BETS = {
    "hang": Choice(
        "Les rapports se figent : quelles formes servent encore tous leurs clients ?",
        FORMS,
        usual=SERVICES_AND_BULKHEADS,
    ),
    "death": Choice(
        "Le processus des rapports meurt : quelles formes servent encore tous leurs clients ?",
        FORMS,
        usual=ONLY_SERVICES,
    ),
    "call": Number(
        "Combien de fois plus long est l’appel HTTP que l’appel de fonction ?",
        ("fois", "fois"),
        low=1,
        high=1_000_000,
        factor=3,
        usual=20_000,
    ),
    "order": Number(
        "Une commande coûte aux services combien de fois le processeur du bloc ?",
        ("fois", "fois"),
        low=1,
        high=100,
        factor=1.5,
        usual=12,
    ),
    "moved": Number(
        "Trois lampes viennent d’être vendues : de combien le stock affiché a-t-il baissé ?",
        ("lampe", "lampes"),
        low=0,
        high=3,
        usual=0,
    ),
    "guesses": Number(
        "Avec trois exemplaires du bloc, combien de mots de passe faux sont examinés ?",
        ("mot de passe", "mots de passe"),
        low=0,
        high=36,
        near=1,
        usual=30,
    ),
}
