# feedback: « bus » tué | Tout passe par lui
boutique = {
    "comptes": {"domaine": "clients", "gestes": ["inscrire un client"], "appelle": ["bus"]},
    "catalogue": {
        "domaine": "produits",
        "gestes": ["décrire un article", "fixer un prix"],
        "appelle": ["bus"],
    },
    "stock": {
        "domaine": "stock",
        "gestes": ["réserver un article", "expédier un colis"],
        "ecoute": ["vente"],
    },
    "commandes": {
        "domaine": "commandes",
        "gestes": ["prendre une commande", "publier un avis"],
        "appelle": ["bus"],
        "ecoute": ["prix"],
    },
    "paiements": {
        "domaine": "paiements",
        "gestes": ["encaisser", "rembourser"],
        "appelle": ["bus"],
        "ecoute": ["vente"],
    },
    "notifications": {
        "domaine": "notifications",
        "gestes": ["prévenir le client"],
        "ecoute": ["vente"],
    },
    "bus": {"domaine": "échanges", "gestes": ["tout relayer"], "publie": ["vente", "prix"]},
}
