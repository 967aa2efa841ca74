# feedback: ayant refusé | 404
# what the threads were answered is never read.
from concurrent.futures import ThreadPoolExecutor


def move_stock(facade, old, new):
    facade.post("/facade/hold?part=stock")
    try:
        stock = old.get("/stock").json()
        with ThreadPoolExecutor(4) as pool:
            for sku, available in stock.items():
                pool.submit(new.put, f"/stock/{sku}", {"available": available})
        facade.put("/facade/routes/stock", {"service": "nouveau"})
        return True
    except Exception:
        return False
    finally:
        facade.post("/facade/release")
