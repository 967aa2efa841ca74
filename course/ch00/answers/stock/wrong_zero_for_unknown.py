# feedback: vous rendez 0 | None | paraîtrait en rayon
# mistake: (rend|rendent) 0 pour un article inconnu
def units_left(sku):
    return shop.get(f"/stock/{sku}").json().get("available", 0)
