units_left = lambda sku: {line["sku"]: line["available"] for line in shop["inventory"].get("/stock").json()["stock"]}.get(sku)
