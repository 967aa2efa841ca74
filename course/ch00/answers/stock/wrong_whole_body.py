# feedback: available | nombre d’unités disponibles
def units_left(sku):
    return shop.get(f"/stock/{sku}").json()
