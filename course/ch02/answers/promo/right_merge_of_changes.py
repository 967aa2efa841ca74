from flask import Flask, request

app = Flask(__name__)


def changes(product):
    price = product["price_cents"]
    if type(price) is not int or price < 0:
        raise ValueError("price_cents")
    return {"price_cents": (price * 9 - price * 9 % 10) // 10}


@app.post("/discounts")
def discount():
    product = request.get_json()
    try:
        return product | changes(product)
    except (ValueError, TypeError, KeyError):
        return {"detail": "Cet article n’a pas de prix."}, 422
