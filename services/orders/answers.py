"""Answers: the HTTP status with which the client of POST /orders learns how its order stands."""

from services.orders.models import Order, database

STATUS_CODES = {"CONFIRMED": 201, "PENDING": 202, "CANCELLED": 503}
REFUSAL_CODES = {"stock": 409, "payment": 402}


def answer(order_id):
    """The status code, and the order as a dict."""
    with database.reading() as session:
        order = session.get(Order, order_id)
    return REFUSAL_CODES.get(order.reason) or STATUS_CODES[order.status], order.as_dict()
