def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    return response.json()["available"] if response.ok else None
