"""Bets of chapter 02, in the order of its text."""

from workbook.bets import Number

BETS = {
    "layers": Number(
        "Coupe par couches : combien des trois services faut-il redéployer ?",
        ("service", "services"),
        low=1,
        high=3,
        usual=3,
    ),
    "orders": Number(
        "Une chaîne d’appels au démarrage : sur les six ordres, combien réussissent ?",
        ("fois", "fois"),
        low=0,
        high=6,
        usual=1,
    ),
    "shared": Number(
        "Une base pour deux : combien des dix ventes aboutissent pendant l’inventaire ?",
        ("vente", "ventes"),
        low=0,
        high=10,
        near=1,
        usual=0,
    ),
    "parts": Number(
        "Cinq voisins répondent neuf fois sur dix : combien de pages sur cent sont servies ?",
        ("page", "pages"),
        low=0,
        high=100,
        near=6,
        usual=59,
    ),
    "renamed": Number(
        "Le champ est renommé : combien des trois clients de products servent encore ?",
        ("client", "clients"),
        low=0,
        high=3,
        usual=1,
    ),
    "lost": Number(
        "La promotion est passée : combien des quatre garanties restent ?",
        ("garantie", "garanties"),
        low=0,
        high=4,
        usual=0,
    ),
}
