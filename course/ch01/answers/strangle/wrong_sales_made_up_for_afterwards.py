# feedback: juste avant | unité
# no closed door: reads the old one again afterwards, and writes over what the new one sold.
def move_stock(facade, old, new):
    for sku, available in old.get("/stock").json().items():
        new.put(f"/stock/{sku}", {"available": available}).raise_for_status()
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    for sku, available in old.get("/stock").json().items():
        new.put(f"/stock/{sku}", {"available": available}).raise_for_status()
    return True
