def service(domaine, gestes, base="", donnees=(), appelle=(), publie=(), ecoute=(), emporte=()):
    return locals()


boutique = dict(
    comptes=service("clients", ("inscrire un client",), "c.db", ("adresse",)),
    catalogue=service(
        "produits", ("décrire un article", "fixer un prix"), "p.db", ("fiche", "prix")
    ),
    vente=service(
        "commandes",
        ("prendre une commande",),
        "v.db",
        ("commande",),
        appelle=("catalogue", "logistique"),
        publie=("commande.prise",),
        ecoute=("paiement.refusé",),
    ),
    paiements=service(
        "paiements",
        ("encaisser", "rembourser"),
        "f.db",
        ("paiement",),
        publie=("paiement.accepté", "paiement.refusé"),
        ecoute=("commande.prise",),
    ),
    logistique=service(
        "stock", ("réserver un article", "expédier un colis"), "l.db", ("quantité", "colis")
    ),
    courriels=service(
        "notifications",
        ("prévenir le client", "publier un avis"),
        "m.db",
        ("message", "avis"),
        ecoute=("paiement.accepté",),
    ),
)
