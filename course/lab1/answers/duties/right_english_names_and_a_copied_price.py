boutique = {
    "users": {"domaine": "users", "gestes": ["inscrire un client"]},
    "products": {"domaine": "products", "gestes": ["décrire un article"]},
    "pricing": {"domaine": "pricing", "gestes": ["fixer un prix"]},
    "inventory": {"domaine": "inventory", "gestes": ["réserver un article"]},
    "orders": {"domaine": "orders", "gestes": ["prendre une commande"]},
    "payments": {"domaine": "payments", "gestes": ["encaisser", "rembourser"]},
    "shipping": {"domaine": "shipping", "gestes": ["expédier un colis"]},
    "notifications": {"domaine": "notifications", "gestes": ["prévenir le client"]},
    "reviews": {"domaine": "reviews", "gestes": ["publier un avis"]},
}
