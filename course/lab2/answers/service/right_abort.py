from flask import Flask, abort

app = Flask(__name__)
catalogue = {
    "LAMP": {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990},
    "MUG": {"sku": "MUG", "name": "Tasse", "price_cents": 990},
}


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    if sku not in catalogue:
        abort(404)
    return catalogue[sku]
