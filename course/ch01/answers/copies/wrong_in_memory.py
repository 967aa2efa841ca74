# feedback: de deux exemplaires
# the flaw itself.
import itertools

from flask import Flask, abort, request

app = Flask("caisse")
numbers, orders = itertools.count(1), {}


@app.post("/orders")
def place_order():
    number = next(numbers)
    orders[number] = request.get_json()
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    return orders.get(number) or abort(404)
