# feedback: vous rendez '
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    return str(response.json()["available"]) if response.ok else None
