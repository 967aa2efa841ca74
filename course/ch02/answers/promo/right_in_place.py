from flask import Flask, abort, jsonify, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    product = request.get_json()
    if not isinstance(product, dict):
        abort(422)
    price = product.get("price_cents")
    if not isinstance(price, int) or isinstance(price, bool) or price < 0:
        abort(422)
    product["price_cents"] -= -(-price // 10)
    return jsonify(product)
