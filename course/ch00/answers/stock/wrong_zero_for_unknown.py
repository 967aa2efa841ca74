# feedback: vous rendez 0 | None | paraîtrait en rayon
def units_left(sku):
    return shop.get(f"/stock/{sku}").json().get("available", 0)
