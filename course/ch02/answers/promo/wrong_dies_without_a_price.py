# feedback: KeyError
from flask import Flask, abort, jsonify, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    product = request.get_json()
    return {**product, "price_cents": product["price_cents"] * 9 // 10}
