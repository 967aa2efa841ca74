boutique = {
    "users": {"domaine": "users"},
    "products": {"domaine": "products"},
    "pricing": {"domaine": "pricing"},
    "inventory": {"domaine": "inventory"},
    "orders": {"domaine": "orders"},
    "payments": {"domaine": "payments"},
    "shipping": {"domaine": "shipping"},
    "notifications": {"domaine": "notifications"},
    "reviews": {"domaine": "reviews"},
}
