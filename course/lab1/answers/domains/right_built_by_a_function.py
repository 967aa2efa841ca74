names = ("comptes", "catalogue", "commandes", "paiements", "courriels", "entrepot")
metiers = ("users", "products", "orders", "payments", "notifications", "inventory")
boutique = {name: dict(domaine=metier) for name, metier in zip(names, metiers)}
