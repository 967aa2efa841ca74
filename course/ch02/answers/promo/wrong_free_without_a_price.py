# feedback: réponse 200 | que personne n’a fixé
from flask import Flask, abort, jsonify, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    product = request.get_json()
    if not isinstance(product, dict):
        abort(422)
    price = product.get("price_cents", 0)
    if type(price) is not int or price < 0:
        abort(422)
    return {**product, "price_cents": price * 9 // 10}
