# feedback: juste avant | unité
# copies, then moves the route: what is sold between the two is sold in the old one.
def move_stock(facade, old, new):
    for sku, available in old.get("/stock").json().items():
        if not new.put(f"/stock/{sku}", {"available": available}).ok:
            return False
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    return True
