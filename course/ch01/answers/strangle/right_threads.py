# the writes leave together, so that customers wait less.
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack


def move_stock(facade, old, new):
    """Porte fermée, les écritures partent en parallèle pour que les clients attendent peu."""

    def write(item):
        sku, available = item
        return new.put(f"/stock/{sku}", {"available": available}).status_code == 200

    with ExitStack() as stack:
        stack.callback(facade.post, "/facade/release")
        facade.post("/facade/hold?part=stock")
        stock = old.get("/stock").json()
        with ThreadPoolExecutor(max_workers=4) as pool:
            written = list(pool.map(write, stock.items()))  # relève aussi les exceptions
        if not all(written):
            return False
        facade.put("/facade/routes/stock", {"service": "nouveau"})
    return True
