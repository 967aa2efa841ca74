from flask import Flask, jsonify, request

app = Flask(__name__)
products = []


def position(sku):
    return next((i for i, product in enumerate(products) if product["sku"] == sku), None)


@app.route("/products", methods=["GET", "POST"])
def collection():
    if request.method == "GET":
        return jsonify(products=products)
    product = request.json
    if position(product["sku"]) is not None:
        return {"title": "Conflict", "status": 409}, 409
    products.append(product)
    return product, 201, {"Location": f"/products/{product['sku']}"}


@app.route("/products/<sku>", methods=["GET", "PUT", "DELETE"])
def item(sku):
    at = position(sku)
    if request.method == "PUT":
        new = dict(request.json, sku=sku)
        if at is None:
            products.append(new)
            return new, 201
        products[at] = new
        return new
    if at is None:
        return {"title": "Not Found"}, 404
    if request.method == "DELETE":
        del products[at]
        return "", 204
    return products[at]
