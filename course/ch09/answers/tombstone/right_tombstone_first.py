from flask import Flask, abort

app = Flask(__name__)
orders, stock = {}, {"left": 1000, "aside": 0}
tombs = set()


@app.put("/reservations/<order>")
def reserve(order):
    if order in tombs:
        return "annulée", 410
    if order in orders:
        return {"order": order}  # déjà fait
    orders[order] = 1
    stock["left"] -= 1
    stock["aside"] += 1
    return {"order": order}, 201


@app.delete("/reservations/<order>")
def release(order):
    tombs.add(order)
    quantity = orders.pop(order, 0)
    stock["left"] += quantity
    stock["aside"] -= quantity
    return {"released": quantity}


@app.get("/stock")
def show():
    return stock
