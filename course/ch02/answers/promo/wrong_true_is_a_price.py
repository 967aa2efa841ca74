# feedback: réponse 200 | que personne n’a fixé
from flask import Flask, abort, jsonify, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    product = request.get_json()
    price = product.get("price_cents") if isinstance(product, dict) else None
    if not isinstance(price, int) or price < 0:
        abort(422)
    return {**product, "price_cents": price * 9 // 10}
