from flask import abort
from flask_openapi3 import Info, OpenAPI
from pydantic import BaseModel, Field

app = OpenAPI(__name__, info=Info(title="Products", version="1.0.0"))
catalogue = {}


class Product(BaseModel):
    sku: str = Field(min_length=1)
    name: str = Field(min_length=1)
    price_cents: int = Field(ge=0, strict=True)


class Catalogue(BaseModel):
    products: list[Product]


class ProductPath(BaseModel):
    sku: str


@app.get("/products", responses={200: Catalogue})
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>", responses={200: Product, 404: None})
def show_product(path: ProductPath):
    return catalogue.get(path.sku) or abort(404)


@app.post("/products", responses={201: Product, 409: None})
def add_product(body: Product):
    if body.sku in catalogue:
        abort(409)
    catalogue[body.sku] = body.model_dump()
    return body.model_dump_json(), 201, {"Content-Type": "application/json"}


@app.put("/products/<sku>", responses={200: Product, 201: Product})
def put_product(path: ProductPath, body: Product):
    status = 200 if path.sku in catalogue else 201
    catalogue[path.sku] = {**body.model_dump(), "sku": path.sku}
    return catalogue[path.sku], status


@app.delete("/products/<sku>", responses={204: None})
def remove_product(path: ProductPath):
    catalogue.pop(path.sku, None)
    return "", 204
