# feedback: l’un des exemplaires | 404
# the numbers come from the database, the orders stay in each copy's memory.
import sqlite3

from flask import Flask, abort, request

app = Flask("caisse")
orders = {}


@app.post("/orders")
def place_order():
    with sqlite3.connect("caisse.db") as base:
        base.execute("CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY AUTOINCREMENT)")
        number = base.execute("INSERT INTO numbers DEFAULT VALUES").lastrowid
    orders[number] = request.get_json()
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    return orders.get(number) or abort(404)
