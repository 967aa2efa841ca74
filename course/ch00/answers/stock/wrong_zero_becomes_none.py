# feedback: vous rendez None | 0, le nombre
# mistake: (prend|prennent) zéro pour une absence
# `or None` takes 0 for nothing: a sold-out article, which exists, gives None instead of 0.
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    if response.status_code == 404:
        return None
    return response.json().get("available") or None
