from flask_openapi3 import Info, OpenAPI
from pydantic import BaseModel, Field

app = OpenAPI(__name__, info=Info(title="Products", version="1.0.0"), security_schemes={})
catalogue = {}


class Product(BaseModel):
    sku: str = Field(min_length=1)
    name: str = Field(min_length=1)
    price_cents: int = Field(ge=0, strict=True)


class Catalogue(BaseModel):
    products: list[Product]


class ProductPath(BaseModel):
    sku: str


class Error(BaseModel):
    error: str


@app.get("/products", responses={200: Catalogue})
def list_products():
    """Tout le catalogue."""
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>", responses={200: Product, 404: Error})
def show_product(path: ProductPath):
    """Un article."""
    if path.sku not in catalogue:
        return {"error": "article inconnu"}, 404
    return catalogue[path.sku]


@app.post("/products", responses={201: Product, 409: Error})
def add_product(body: Product):
    """Ajouter un article."""
    if body.sku in catalogue:
        return {"error": "ce SKU est pris"}, 409
    catalogue[body.sku] = body.model_dump()
    return catalogue[body.sku], 201


@app.put("/products/<sku>", responses={200: Product, 201: Product})
def put_product(path: ProductPath, body: Product):
    """Remplacer un article."""
    status = 200 if path.sku in catalogue else 201
    catalogue[path.sku] = {**body.model_dump(), "sku": path.sku}
    return catalogue[path.sku], status


@app.delete("/products/<sku>", responses={204: None})
def remove_product(path: ProductPath):
    """Supprimer un article."""
    catalogue.pop(path.sku, None)
    return "", 204
