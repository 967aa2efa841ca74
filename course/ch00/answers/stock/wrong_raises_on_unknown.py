# feedback: LookupError
# mistake: lève(nt) une exception pour un article inconnu
# raises LookupError for an unknown article, where the text asks for None.
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    if response.status_code == 404:
        raise LookupError(f"article inconnu : {sku}")
    return response.json()["available"]
