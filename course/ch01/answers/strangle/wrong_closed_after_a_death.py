# feedback: étant mort | porte est encore fermée
# looks at the status, forgets that a call may raise.
def move_stock(facade, old, new):
    facade.post("/facade/hold?part=stock")
    for sku, available in old.get("/stock").json().items():
        if not new.put(f"/stock/{sku}", {"available": available}).ok:
            facade.post("/facade/release")
            return False
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    facade.post("/facade/release")
    return True
