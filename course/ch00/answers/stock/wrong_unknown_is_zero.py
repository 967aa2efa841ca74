# feedback: vous rendez 0 | seulement épuisé
# mistake: (rend|rendent) 0 pour un article inconnu
# dict.get with 0 by default: an unknown article is said to be sold out (0) instead of None.
def units_left(sku):
    return shop.get(f"/stock/{sku}").json().get("available", 0)
