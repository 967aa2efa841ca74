# feedback: juste avant | unité
# what is sold out between the two copies is not corrected.
def move_stock(facade, old, new):
    before = old.get("/stock").json()
    for sku, available in before.items():
        if new.put(f"/stock/{sku}", {"available": available}).status_code != 200:
            return False
    facade.post("/facade/hold?part=stock")
    try:
        after = old.get("/stock").json()
        for sku, available in after.items():
            if available and available != before.get(sku):
                if new.put(f"/stock/{sku}", {"available": available}).status_code != 200:
                    return False
        facade.put("/facade/routes/stock", {"service": "nouveau"})
        return True
    finally:
        facade.post("/facade/release")
