from flask import Flask

app = Flask(__name__)
aside, cancelled = set(), set()
TOTAL = 1000


@app.put("/reservations/<order>")
def reserve(order):
    if order in cancelled:
        return {"error": "commande annulée"}, 410
    aside.add(order)
    return {"order": order}, 201


@app.delete("/reservations/<order>")
def release(order):
    aside.discard(order)
    cancelled.add(order)
    return {"order": order}, 200


@app.get("/stock")
def show():
    return {"left": TOTAL - len(aside), "aside": len(aside)}
