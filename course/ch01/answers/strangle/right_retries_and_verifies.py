# tries each write three times, then reads everything again before the route moves.
def move_stock(facade, old, new):
    facade.request("POST", "/facade/hold", params={"part": "stock"})
    try:
        stock = old.get("/stock").json()
        for sku, available in stock.items():
            for _ in range(3):
                if new.put(f"/stock/{sku}", json={"available": available}).status_code == 200:
                    break
            else:
                return False
        if new.get("/stock").json() != stock:
            return False
        facade.put("/facade/routes/stock", json={"service": "nouveau"})
    except Exception as error:
        print("déménagement abandonné :", error)
        return False
    finally:
        facade.post("/facade/release")
    return True
