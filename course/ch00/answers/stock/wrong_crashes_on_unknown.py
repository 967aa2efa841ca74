# feedback: KeyError | available
# mistake: (lit|lisent) le champ sans regarder le statut
def units_left(sku):
    return shop.get(f"/stock/{sku}").json()["available"]
