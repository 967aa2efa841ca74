boutique = {
    "comptes": {"domaine": "utilisateurs"},
    "fiches": {"domaine": "produits"},
    "recherche": {"domaine": "recherche"},
    "entrepot": {"domaine": "stock"},
    "panier": {"domaine": "panier"},
    "ventes": {"domaine": "commandes"},
    "banque": {"domaine": "paiements"},
    "courriels": {"domaine": "notifications"},
    "transport": {"domaine": "livraison"},
    "avis": {"domaine": "avis"},
}
