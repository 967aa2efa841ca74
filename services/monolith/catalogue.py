"""Products: the catalogue, with prices as they are today."""

import hashlib
import json
from contextlib import contextmanager

from flask import abort, make_response, request
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from services.chassis.identity import require_scope
from services.monolith.application import app
from services.monolith.schemas import (
    Change,
    NewProduct,
    Page,
    ProductPage,
    Replacement,
    SkuPath,
)
from services.monolith.tables import Product, database


@app.get("/products", responses={200: ProductPage})
def list_products(query: Page):
    """Une page du catalogue."""
    page = select(Product).order_by(Product.sku).limit(query.limit).offset(query.offset)
    with database.reading() as session:
        products = [product.as_dict() for product in session.scalars(page)]
        total = session.scalar(select(func.count()).select_from(Product))
    following = query.offset + query.limit
    link = f"/products?limit={query.limit}&offset={following}" if following < total else None
    return {"products": products, "total": total, **query.model_dump(), "next": link}


@app.post("/products", responses={201: NewProduct})
@require_scope("products:write")
def add_product(body: NewProduct):
    """Ajoute un produit."""
    product = Product(**body.model_dump())
    with sku_is_free(body.sku), database.transaction() as session:
        session.add(product)
    return with_etag(product, 201)


@app.get("/products/<sku>", responses={200: NewProduct})
def show_product(path: SkuPath):
    """Un produit et son ETag."""
    with database.reading() as session:
        response = with_etag(find(session, path.sku))
    return response.make_conditional(request)


@app.put("/products/<sku>", responses={200: NewProduct, 201: NewProduct})
@require_scope("products:write")
def put_product(path: SkuPath, body: Replacement):
    """Crée ou remplace un produit."""
    if body.sku not in {"", path.sku}:
        abort(409, f"L’adresse parle de {path.sku}, le corps de {body.sku}.")
    with sku_is_free(path.sku), database.transaction() as session:
        known = session.get(Product, path.sku, with_for_update=True)
        require_preconditions(known)
        product = known or Product(sku=path.sku)
        product.take(body.model_dump(exclude={"sku"}))
        session.add(product)  # not merge(), which would take another's new row for ours
        session.flush()
        return with_etag(product, 200 if known else 201)


@app.patch("/products/<sku>", responses={200: NewProduct})
@require_scope("products:write")
def change_product(path: SkuPath, body: Change):
    """Change quelques champs d’un produit."""
    with database.transaction() as session:
        product = find(session, path.sku, with_for_update=True)
        require_preconditions(product)
        product.take(body.model_dump(exclude_unset=True))
        return with_etag(product)


@app.delete("/products/<sku>", responses={204: None})
@require_scope("products:write")
def remove_product(path: SkuPath):
    """Retire un produit."""
    with database.transaction() as session:
        product = session.get(Product, path.sku, with_for_update=True)
        require_preconditions(product)
        if product is not None:
            session.delete(product)
    return "", 204


def price(session, lines):
    """The lines of an order with today's names and prices; 422 for a product there is not."""
    quantities = {}
    for line in lines:
        quantities[line.sku] = quantities.get(line.sku, 0) + line.quantity
    return [price_line(session, *line) for line in quantities.items()]


def price_line(session, sku, quantity):
    product = session.get(Product, sku)
    if product is None:
        abort(422, f"Le produit {sku} n’existe pas.")
    return {
        "sku": sku,
        "name": product.name,
        "quantity": quantity,
        "price_cents": product.price_cents,
    }


def find(session, sku, **options):
    product = session.get(Product, sku, **options)
    if product is None:
        abort(404, f"Le produit {sku} n’existe pas.")
    return product


@contextmanager
def sku_is_free(sku):
    """409 when another request has just taken it."""
    try:
        yield
    except IntegrityError:
        abort(409, f"Le SKU {sku} est déjà pris.")


def require_preconditions(product):
    """412 unless If-Match allows to write over *product* (RFC 9110 13.1.1)."""
    etag = product and etag_of(product)
    if "If-Match" in request.headers and not (etag and request.if_match.contains(etag)):
        abort(412, "Ce produit n’est plus celui que vous avez lu : relisez-le, puis recommencez.")
    if etag and (request.if_none_match.star_tag or etag in request.if_none_match):
        abort(412, "Il y a déjà un produit à cette adresse.")


def with_etag(product, status=200):
    response = make_response(product.as_dict(), status)
    response.set_etag(etag_of(product))
    return response


def etag_of(product):
    return hashlib.sha256(json.dumps(product.as_dict()).encode()).hexdigest()[:16]
