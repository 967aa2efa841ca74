# feedback: available | nombre d’unités disponibles
# mistake: (rend|rendent) tout le corps de la réponse
def units_left(sku):
    return shop.get(f"/stock/{sku}").json()
