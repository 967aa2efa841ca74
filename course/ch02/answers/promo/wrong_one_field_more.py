# feedback: Un article plus riche | disparaîtrait
from flask import Flask, abort, jsonify, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    product = request.get_json()
    price = product.get("price_cents") if isinstance(product, dict) else None
    if type(price) is not int or price < 0:
        abort(422)
    return {
        "sku": product.get("sku"),
        "name": product.get("name"),
        "price_cents": price * 9 // 10,
        **({"warranty_months": product["warranty_months"]} if "warranty_months" in product else {}),
    }
