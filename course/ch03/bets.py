"""Bets of chapter 03, in the order of its text."""

from workbook.bets import Choice, Number

ALL_PASS = "le catalogue et la commande passent"
CATALOGUE_PASSES = "le catalogue passe, la commande est refusée"
NONE_PASSES = "les deux sont refusés"

PAYMENTS_ANSWERS = "payments, qui montre le paiement"
PAYMENTS_REFUSES = "payments, qui refuse"
GATEWAY_REFUSES = "la passerelle : payments n’en sait rien"

NOBODY = "personne : l’en-tête a disparu"
ADMIN = "admin"
REFUSED = "la porte refuse la requête"

SILENT = "200, comme si rien n’avait été payé"
HOLE = "200, et la réponse dit ce qui manque"
FAILED = "503 : il manque un service"

BETS = {
    "stranger": Choice(
        "Sans s’être présenté, on lit le catalogue, puis on commande. Qu’est-ce qui passe ?",
        (ALL_PASS, CATALOGUE_PASSES, NONE_PASSES),
        usual=CATALOGUE_PASSES,
    ),
    "hidden": Choice(
        "Alice demande GET /charges/… à la passerelle. Qui lui répond ?",
        (PAYMENTS_ANSWERS, PAYMENTS_REFUSES, GATEWAY_REFUSES),
        usual=GATEWAY_REFUSES,
    ),
    "forged": Choice(
        "Un inconnu ajoute « X-User-Id: admin ». Qui le service croit-il servir ?",
        (NOBODY, ADMIN, REFUSED),
        usual=ADMIN,
    ),
    "burst": Number(
        "Sur les 60 requêtes d’Alice, combien arrivent jusqu’à products ?",
        ("requête", "requêtes"),
        low=0,
        high=60,
        near=2,
        usual=20,
    ),
    "edge": Number(
        "Le compteur admet 10 requêtes par seconde. Combien en passe-t-il en 20 ms, au pire ?",
        ("requête", "requêtes"),
        low=0,
        high=30,
        near=1,
        usual=20,
    ),
    "partial": Choice(
        "payments est mort. Que répond GET /orders/…/summary ?",
        (SILENT, HOLE, FAILED),
        usual=HOLE,
    ),
    "second": Number(
        "Et le seau ? Combien en laisse-t-il passer dans sa pire seconde ?",
        ("requête", "requêtes"),
        low=0,
        high=30,
        near=1,
        usual=19,
    ),
    "doors": Number(
        "Trois passerelles au lieu d’une : combien des 90 requêtes passent ?",
        ("requête", "requêtes"),
        low=0,
        high=90,
        near=5,
        usual=60,
    ),
}
