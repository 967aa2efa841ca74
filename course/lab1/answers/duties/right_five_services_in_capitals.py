boutique = {
    "clients": {"domaine": "Clients", "gestes": ["Inscrire un client", "Publier un avis"]},
    "boutique": {
        "domaine": "Catalogue",
        "gestes": ["Decrire un article", "Fixer un prix", "Reserver un article"],
    },
    "ventes": {"domaine": "Commandes", "gestes": ["Prendre une commande"]},
    "caisse": {"domaine": "Paiements", "gestes": ["Encaisser", "Rembourser"]},
    "courrier": {"domaine": "Notifications", "gestes": ["Prevenir le client", "Expedier un colis"]},
}
