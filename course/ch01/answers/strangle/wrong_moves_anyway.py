# feedback: ayant refusé | 404
# stops copying at the first refusal, and moves the route all the same.
def move_stock(facade, old, new):
    facade.post("/facade/hold?part=stock")
    try:
        done = True
        for sku, available in old.get("/stock").json().items():
            done = done and new.put(f"/stock/{sku}", {"available": available}).ok
        facade.put("/facade/routes/stock", {"service": "nouveau"})
        return done
    finally:
        facade.post("/facade/release")
