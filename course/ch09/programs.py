"""Participants with a planted fault, run in the place of the shop's own."""

# Nothing is set aside: stock is looked at when an order begins, and taken when it ends.
NO_LOCK = '''
from sqlalchemy import update

from services.inventory import reservations
from services.inventory.app import app
from services.inventory.models import Stock


def move(session, quantities, source, target):
    """Nothing is set aside; what is sold is taken from the shelf, as far as it goes."""
    if target is not Stock.sold:
        return
    for sku, units in quantities.items():
        stock = session.get(Stock, sku)
        session.execute(
            update(Stock)
            .where(Stock.sku == sku)
            .values(available=max(0, stock.available - units), sold=Stock.sold + units)
        )


reservations.move = move
'''
