# feedback: juste avant | 404
# the route moves before the data: for a moment the new service is empty.
def move_stock(facade, old, new):
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    for sku, available in old.get("/stock").json().items():
        if not new.put(f"/stock/{sku}", {"available": available}).ok:
            facade.put("/facade/routes/stock", {"service": "ancien"})
            return False
    return True
