# a first copy with the door open, the differences with it closed: customers wait less.
def move_stock(facade, old, new):
    copied = {}

    def copy(levels):
        for sku, available in levels.items():
            if copied.get(sku) != available:
                new.put(f"/stock/{sku}", {"available": available}).raise_for_status()
                copied[sku] = available

    copy(old.get("/stock").json())
    facade.post("/facade/hold?part=stock")
    try:
        copy(old.get("/stock").json())
        facade.put("/facade/routes/stock", {"service": "nouveau"})
    finally:
        facade.post("/facade/release")
    return True
