# feedback: KeyError | available
def units_left(sku):
    return shop.get(f"/stock/{sku}").json()["available"]
