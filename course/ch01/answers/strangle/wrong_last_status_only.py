# feedback: ayant refusé | 404
# only the last status is looked at.
def move_stock(facade, old, new):
    facade.post("/facade/hold?part=stock")
    try:
        for sku, available in old.get("/stock").json().items():
            response = new.put(f"/stock/{sku}", {"available": available})
        if response.status_code != 200:
            return False
        facade.put("/facade/routes/stock", {"service": "nouveau"})
        return True
    finally:
        facade.post("/facade/release")
