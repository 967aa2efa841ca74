boutique = {
    "comptes": {"domaine": "utilisateurs", "gestes": ["inscrire un client"]},
    "fiches": {"domaine": "produits", "gestes": ["décrire un article", "fixer un prix"]},
    "recherche": {"domaine": "recherche", "gestes": ["chercher un article"]},
    "entrepot": {"domaine": "stock", "gestes": ["réserver un article"]},
    "panier": {"domaine": "panier", "gestes": ["remplir un panier"]},
    "ventes": {"domaine": "commandes", "gestes": ["prendre une commande"]},
    "banque": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
    "courriels": {"domaine": "notifications", "gestes": ["prévenir le client"]},
    "transport": {"domaine": "livraison", "gestes": ["expédier un colis"]},
    "avis": {"domaine": "avis", "gestes": ["publier un avis"]},
}
