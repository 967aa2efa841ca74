boutique = {
    "clients": {
        "domaine": "Clients",
        "gestes": ["Inscrire un client", "Publier un avis"],
        "base": "clients",
        "donnees": ["Adresse", "Avis"],
    },
    "boutique": {
        "domaine": "Catalogue",
        "gestes": ["Decrire un article", "Fixer un prix", "Reserver un article"],
        "base": "boutique",
        "donnees": ["Fiche", "Prix", "Quantite"],
    },
    "ventes": {
        "domaine": "Commandes",
        "gestes": ["Prendre une commande"],
        "appelle": ["boutique", "caisse"],
        "publie": ["vente faite"],
        "base": "ventes",
        "donnees": ["Commande"],
    },
    "caisse": {
        "domaine": "Paiements",
        "gestes": ["Encaisser", "Rembourser"],
        "base": "caisse",
        "donnees": ["Paiement"],
    },
    "courrier": {
        "domaine": "Notifications",
        "gestes": ["Prevenir le client", "Expedier un colis"],
        "ecoute": ["vente faite"],
        "base": "courrier",
        "donnees": ["Message", "Colis"],
    },
}
