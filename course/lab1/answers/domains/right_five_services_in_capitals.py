boutique = {
    "clients": {"domaine": "Clients"},
    "boutique": {"domaine": "Catalogue"},
    "ventes": {"domaine": "Commandes"},
    "caisse": {"domaine": "Paiements"},
    "courrier": {"domaine": "Notifications"},
}
