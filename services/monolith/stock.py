"""Stock: the units available and sold of each article."""

from flask import abort
from sqlalchemy import select

from services.monolith.application import app
from services.monolith.refusal import Refusal
from services.monolith.schemas import SkuPath, StockLine, StockList
from services.monolith.tables import Stock, database


@app.get("/stock", responses={200: StockList})
def list_stock():
    """Tout le stock."""
    with database.reading() as session:
        lines = session.scalars(select(Stock).order_by(Stock.sku))
        return {"stock": [as_dict(line) for line in lines]}


@app.get("/stock/<sku>", responses={200: StockLine})
def show_stock(path: SkuPath):
    """Le stock d’un article."""
    with database.reading() as session:
        line = session.get(Stock, path.sku) or abort(404, f"Pas de stock pour {path.sku}.")
        return as_dict(line)


def sell(session, items):
    """Take the items out of the stock, or raise Refusal."""
    # In the order of the SKUs, so that two orders for the same articles never wait for each other.
    for item in sorted(items, key=lambda item: item["sku"]):
        line = session.get(Stock, item["sku"], with_for_update=True)
        left = line.available if line else 0
        if left < item["quantity"]:
            raise Refusal("stock", f"Il ne reste que {left} {item['sku']}.")
        line.available -= item["quantity"]
        line.sold += item["quantity"]


def as_dict(line):
    # Nothing is ever seen as reserved: an order is a single transaction.
    return {**line.as_dict(), "reserved": 0}
