"""Bets of chapter 05, in the order of its text."""

from workbook.bets import Choice, Number

NO_ORDER = "non, rien n’a été enregistré"
CONFIRMED = "oui, confirmée, carte débitée"
NOT_CONFIRMED = "oui, mais elle attend d’être confirmée"
UNKNOWN_CUSTOMER = "« ce client n’existe pas »"
OUTAGE = "« le service est en panne »"
SAVED = "« commande enregistrée »"
BOTH = "la description d’Ana et le prix de Bruno"
FIRST_ONLY = "la description d’Ana seulement"
LAST_ONLY = "le prix de Bruno seulement"

BETS = {
    "unknown": Choice(
        "Le client a reçu une erreur. La commande existe-t-elle ?",
        (NO_ORDER, NOT_CONFIRMED, CONFIRMED),
        usual=CONFIRMED,
    ),
    "outage": Choice(
        "Le service Utilisateurs tombe en panne (500). Que dit la fonction au client ?",
        (OUTAGE, UNKNOWN_CUSTOMER, SAVED),
        usual=UNKNOWN_CUSTOMER,
    ),
    "drip": Number(
        "Avec timeout=0.6, combien de temps dure cet appel ?",
        ("ms", "ms"),
        low=100,
        high=10_000,
        factor=1.5,
        usual=3_050,
    ),
    "wasted": Number(
        "Combien de fois « tarif » travaille-t-il pour ce client déjà parti ?",
        ("fois", "fois"),
        low=0,
        high=30,
        near=1,
        usual=9,
    ),
    "budget": Number(
        "Combien de requêtes le service en panne reçoit-il, avec le budget ?",
        ("requête", "requêtes"),
        low=60,
        high=180,
        near=6,
        usual=66,
    ),
    "update": Choice(
        "Ana, puis Bruno, ont remplacé la fiche. Qu’y trouve-t-on ?",
        (BOTH, LAST_ONLY, FIRST_ONLY),
        usual=LAST_ONLY,
    ),
}
