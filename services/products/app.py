"""Products owns the catalogue.

    GET    /products?limit=&offset=   a page of products, in the order of their SKU
    POST   /products                  add one; 409 when its SKU is taken
    GET    /products/<sku>            one product and its ETag
    PUT    /products/<sku>            create or replace; with If-Match, 412 instead of a lost update
    PATCH  /products/<sku>            change some of its fields
    DELETE /products/<sku>            remove it; removing it again is no error

Writing needs the scope products:write.
"""

from flask import abort

from services.chassis import create_service, lifecycle
from services.chassis.identity import require_scope
from services.products import catalogue
from services.products.catalogue import Product, database, find, sku_is_free
from services.products.preconditions import require_preconditions, with_etag
from services.products.schemas import (
    Change,
    NewProduct,
    Page,
    ProductPage,
    ProductPath,
    Replacement,
)

app = create_service("products", openapi=True)
lifecycle.on_start(catalogue.seed)


@app.get("/products", responses={200: ProductPage})
def list_products(query: Page):
    """Une page du catalogue."""
    with database.reading() as session:
        products, total = catalogue.page(session, query.limit, query.offset)
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
def show_product(path: ProductPath):
    """Un produit et son ETag."""
    with database.reading() as session:
        return with_etag(find(session, path.sku))


@app.put("/products/<sku>", responses={200: NewProduct, 201: NewProduct})
@require_scope("products:write")
def put_product(path: ProductPath, body: Replacement):
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
def change_product(path: ProductPath, body: Change):
    """Change quelques champs d'un produit."""
    with database.transaction() as session:
        product = find(session, path.sku, with_for_update=True)
        require_preconditions(product)
        product.take(body.model_dump(exclude_unset=True))
        return with_etag(product)


@app.delete("/products/<sku>", responses={204: None})
@require_scope("products:write")
def remove_product(path: ProductPath):
    """Retire un produit."""
    with database.transaction() as session:
        product = session.get(Product, path.sku, with_for_update=True)
        require_preconditions(product)
        if product is not None:
            session.delete(product)
    return "", 204
