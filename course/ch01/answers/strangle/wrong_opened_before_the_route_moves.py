# feedback: juste avant | unité
def move_stock(facade, old, new):
    facade.post("/facade/hold?part=stock")
    try:
        for sku, available in old.get("/stock").json().items():
            new.put(f"/stock/{sku}", {"available": available}).raise_for_status()
    finally:
        facade.post("/facade/release")
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    return True
