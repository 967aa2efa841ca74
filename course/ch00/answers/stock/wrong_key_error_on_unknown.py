# feedback: KeyError
# mistake: (lit|lisent) le champ sans regarder le statut
# reads the field without looking at the status: an unknown article raises KeyError instead of giving None.
def units_left(sku):
    return shop.get(f"/stock/{sku}").json()["available"]
