boutique = {
    "comptes": {"domaine": "utilisateurs", "gestes": ["inscrire un client"]},
    "fiches": {
        "domaine": "produits",
        "gestes": ["décrire un article", "fixer un prix"],
        "publie": ["prix.changé"],
    },
    "recherche": {
        "domaine": "recherche",
        "gestes": ["chercher un article"],
        "ecoute": ["prix.changé"],
    },
    "entrepot": {"domaine": "stock", "gestes": ["réserver un article"]},
    "panier": {"domaine": "panier", "gestes": ["remplir un panier"], "appelle": ["fiches"]},
    "ventes": {
        "domaine": "commandes",
        "gestes": ["prendre une commande"],
        "appelle": ["panier"],
        "publie": ["commande.prise"],
    },
    "banque": {
        "domaine": "paiements",
        "gestes": ["encaisser", "rembourser"],
        "ecoute": ["commande.prise"],
        "publie": ["paiement.accepté"],
    },
    "courriels": {
        "domaine": "notifications",
        "gestes": ["prévenir le client"],
        "appelle": ["comptes"],
        "ecoute": ["paiement.accepté"],
    },
    "transport": {
        "domaine": "livraison",
        "gestes": ["expédier un colis"],
        "appelle": ["comptes", "entrepot"],
        "ecoute": ["paiement.accepté"],
    },
    "avis": {"domaine": "avis", "gestes": ["publier un avis"], "appelle": ["comptes"]},
}
