import json

from flask import Flask, Response, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    match json.loads(request.get_data()):
        case {"price_cents": int(price), **rest} if price is not True and price is not False and price >= 0:
            content = json.dumps({"price_cents": int(price * 0.9), **rest})
            return Response(content, mimetype="application/json")
    return {"detail": "Quel prix ?"}, 422
