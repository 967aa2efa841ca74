# no door is closed for a new service that does not even answer.
def move_stock(facade, old, new):
    if not new.get("/stock").ok:
        return False
    facade.post("/facade/hold?part=stock")
    try:
        for sku, units in sorted(old.get("/stock").json().items()):
            new.put(f"/stock/{sku}", {"available": units}).raise_for_status()
        facade.put("/facade/routes/stock", {"service": "nouveau"})
        return True
    except IOError:
        return False
    finally:
        facade.post("/facade/release")
