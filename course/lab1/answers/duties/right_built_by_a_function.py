def service(domaine, *gestes):
    return {"domaine": domaine, "gestes": gestes}


boutique = {}
boutique["comptes"] = service("clients", "inscrire un client", "changer d’adresse")
boutique["catalogue"] = service("produits", "décrire un article", "fixer un prix")
boutique["commandes"] = service("commandes", "prendre une commande")
boutique["paiements"] = service("paiements", "encaisser", "rembourser")
boutique["logistique"] = service("stock", "réserver un article", "expédier un colis")
boutique["courriels"] = service("notifications", "prévenir le client", "publier un avis")
