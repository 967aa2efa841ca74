# feedback: juste avant | unité
def move_stock(facade, old, new):
    stock = old.get("/stock").json()
    facade.post("/facade/hold?part=stock")
    try:
        for sku, available in stock.items():
            new.put(f"/stock/{sku}", {"available": available}).raise_for_status()
        facade.put("/facade/routes/stock", {"service": "nouveau"})
    finally:
        facade.post("/facade/release")
    return True
