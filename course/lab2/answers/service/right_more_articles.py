from flask import Flask, jsonify

app = Flask("catalogue")
PRODUCTS = [
    {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990},
    {"sku": "MUG", "name": "Tasse", "price_cents": 990},
    {"sku": "A-1", "name": "Une tasse", "price_cents": 1, "description": ""},
    {"sku": "B 2", "name": "Une lampe", "price_cents": 0},
]


@app.route("/products")
def everything():
    return jsonify(products=PRODUCTS, count=len(PRODUCTS))


@app.route("/products/<path:sku>")
def one(sku):
    for product in PRODUCTS:
        if product["sku"] == sku:
            return jsonify(product), 200
    return jsonify(error="inconnu"), 404
