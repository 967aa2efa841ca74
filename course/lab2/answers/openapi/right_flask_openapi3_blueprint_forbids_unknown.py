from typing import Any

from flask import abort
from flask_openapi3 import APIBlueprint, Info, OpenAPI, Tag
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

app = OpenAPI(__name__, info=Info(title="Products", version="1.0.0"), security_schemes={})
catalogue: dict[str, "Product"] = {}


class Product(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    sku: str = Field(min_length=1, examples=["LAMP"])
    name: str = Field(min_length=1, examples=["Lampe de bureau"])
    price_cents: int = Field(ge=0, description="Le prix, en centimes")

    @model_validator(mode="before")
    @classmethod
    def un_objet(cls, corps: Any, info: ValidationInfo):
        # flask_openapi3 déplie un corps qui est un texte JSON ; notre contrat veut un objet.
        if info.mode == "json":
            raise ValueError("sku, name, price_cents : un objet est attendu, pas un texte")
        prix = corps.get("price_cents") if isinstance(corps, dict) else None
        if isinstance(prix, float) and prix.is_integer():  # 39.0 : un « integer » de JSON Schema
            return {**corps, "price_cents": int(prix)}
        return corps


class Catalogue(BaseModel):
    products: list[Product]


class ProductPath(BaseModel):
    sku: str = Field(min_length=1, description="Le SKU de l’article")


class Probleme(BaseModel):
    code: int
    error: str


@app.errorhandler(404)
@app.errorhandler(409)
def probleme(e):
    return {"code": e.code, "error": e.description or e.name}, e.code


api = APIBlueprint("products", __name__, url_prefix="/products", abp_tags=[Tag(name="products")])


@api.get("", responses={200: Catalogue})
def list_products():
    """Tout le catalogue."""
    return {"products": [p.model_dump() for p in catalogue.values()]}


@api.get("/<sku>", responses={200: Product, 404: Probleme})
def show_product(path: ProductPath):
    """Un article."""
    if path.sku not in catalogue:
        abort(404, f"Pas d’article {path.sku}.")
    return catalogue[path.sku].model_dump()


@api.post("", responses={201: Product, 409: Probleme})
def add_product(body: Product):
    """Ajouter un article."""
    if catalogue.setdefault(body.sku, body) is not body:
        abort(409, f"Le SKU {body.sku} est pris.")
    return body.model_dump(), 201


@api.put("/<sku>", responses={200: Product, 201: Product, 404: Probleme})
def put_product(path: ProductPath, body: Product):
    """Remplacer un article, ou l’ajouter s’il est nouveau."""
    status = 200 if path.sku in catalogue else 201
    catalogue[path.sku] = body.model_copy(update={"sku": path.sku})
    return catalogue[path.sku].model_dump(), status


@api.delete("/<sku>", responses={204: None, 404: Probleme})
def remove_product(path: ProductPath):
    """Supprimer un article."""
    catalogue.pop(path.sku, None)
    return "", 204


app.register_api(api)
