# the route moves first, behind the closed door, and moves back when a copy fails.
def move_stock(facade, old, new):
    done = False
    facade.post("/facade/hold?part=stock")
    facade.put("/facade/routes/stock", {"service": "nouveau"})
    try:
        answers = [
            new.put("/stock/" + sku, {"available": units})
            for sku, units in old.get("/stock").json().items()
        ]
        done = all(answer.ok for answer in answers)
    finally:
        if not done:
            facade.put("/facade/routes/stock", {"service": "ancien"})
        facade.post("/facade/release")
    return done
