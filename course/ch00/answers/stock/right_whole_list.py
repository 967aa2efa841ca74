def units_left(sku):
    lines = shop.get("/stock").json()["stock"]
    for line in lines:
        if line["sku"] == sku:
            return line["available"]
