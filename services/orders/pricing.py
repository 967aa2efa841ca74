"""Prices: asked from products when the order is placed, and copied into it.

A later price is for later orders. While products is out no order is made at all: without a price
there is no total to charge.
"""

from flask import abort
from pydantic import BaseModel, ValidationError

from services.chassis import Problem
from services.chassis.calls import service


class Product(BaseModel):
    """All that orders reads of a product."""

    name: str
    price_cents: int


def priced(lines):
    """The lines with name and price; two lines of the same SKU become one.

    Aborts with 422 for an unknown SKU, 502 when the answer makes no sense; raises Unavailable (503)
    or DeadlineExceeded (504) when there is none.
    """
    quantities = {}
    for line in lines:
        quantities[line.sku] = quantities.get(line.sku, 0) + line.quantity
    return [{"sku": sku, "quantity": n, **look_up(sku)} for sku, n in quantities.items()]


def look_up(sku):
    response = service("products").get(f"/products/{sku}", timeout=1.0)
    if response.status_code == 404:
        abort(422, f"Le produit {sku} n’existe pas.")
    try:
        return Product.model_validate_json(response.content).model_dump()
    except ValidationError:
        raise Problem(502, "Le catalogue a mal répondu : la commande n’est pas passée.") from None
