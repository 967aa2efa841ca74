# feedback: nombre d’unités disponibles
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    if not response.ok:
        return None
    line = response.json()
    return line["available"] + line["reserved"]
