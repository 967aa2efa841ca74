# feedback: 404
def move_stock(facade, old, new):
    facade.post("/facade/hold?part=stock")
    try:
        stock = old.get("/stock").json()
        for sku in ("LAMP", "MUG", "CHAIR", "DESK", "BOOK"):
            new.put(f"/stock/{sku}", {"available": stock.get(sku, 0)}).raise_for_status()
        facade.put("/facade/routes/stock", {"service": "nouveau"})
        return True
    finally:
        facade.post("/facade/release")
