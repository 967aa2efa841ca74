boutique = {
    "users": {"domaine": "users", "gestes": ["inscrire un client"], "publie": ["user.registered"]},
    "products": {"domaine": "products", "gestes": ["décrire un article"]},
    "pricing": {"domaine": "pricing", "gestes": ["fixer un prix"], "publie": ["price.changed"]},
    "inventory": {
        "domaine": "inventory",
        "gestes": ["réserver un article"],
        "ecoute": ["order.created"],
        "publie": ["stock.reserved"],
    },
    "orders": {
        "domaine": "orders",
        "gestes": ["prendre une commande"],
        "ecoute": ["price.changed"],
        "publie": ["order.created"],
    },
    "payments": {
        "domaine": "payments",
        "gestes": ["encaisser", "rembourser"],
        "ecoute": ["stock.reserved"],
        "publie": ["payment.accepted"],
    },
    "shipping": {
        "domaine": "shipping",
        "gestes": ["expédier un colis"],
        "ecoute": ["payment.accepted"],
    },
    "notifications": {
        "domaine": "notifications",
        "gestes": ["prévenir le client"],
        "ecoute": ["payment.accepted"],
    },
    "reviews": {"domaine": "reviews", "gestes": ["publier un avis"], "appelle": ["products"]},
}
