# feedback: ayant refusé | porte est encore fermée
# no finally: the way out by False leaves the door closed.
def move_stock(facade, old, new):
    facade.post("/facade/hold?part=stock")
    for sku, available in old.get("/stock").json().items():
        if not new.put(f"/stock/{sku}", {"available": available}).ok:
            return False
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    facade.post("/facade/release")
    return True
