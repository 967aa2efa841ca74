# the closed door as a context manager, the writes checked by all().
from contextlib import contextmanager


@contextmanager
def closed(facade, part):
    facade.post(f"/facade/hold?part={part}").raise_for_status()
    try:
        yield
    finally:
        facade.post("/facade/release").raise_for_status()


def move_stock(facade, old, new):
    with closed(facade, "stock"):
        stock = old.get("/stock").json()
        written = all(new.put(f"/stock/{s}", {"available": n}).status_code == 200 for s, n in stock.items())
        if written:
            facade.put("/facade/routes/stock", {"service": "nouveau"})
        return written
