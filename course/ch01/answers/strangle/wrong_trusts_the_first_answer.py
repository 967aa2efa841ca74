# feedback: juste avant l’écriture n° 1 | porte est encore fermée
# asks whether the new one lives, and thinks no more of its death.
def move_stock(facade, old, new):
    try:
        if not new.get("/stock").ok:
            return False
    except Exception:
        return False
    facade.post("/facade/hold?part=stock")
    for sku, available in old.get("/stock").json().items():
        if not new.put(f"/stock/{sku}", {"available": available}).ok:
            facade.post("/facade/release")
            return False
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    facade.post("/facade/release")
    return True
