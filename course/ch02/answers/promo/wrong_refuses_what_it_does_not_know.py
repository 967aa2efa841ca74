# feedback: n’aurait pas sa promotion
from flask import Flask, abort, jsonify, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    product = request.get_json()
    price = product.get("price_cents") if isinstance(product, dict) else None
    if type(price) is not int or price < 0 or set(product) - {"sku", "name", "price_cents"}:
        abort(422)
    return {**product, "price_cents": price * 9 // 10}
