from enum import Enum

from flask import Flask, jsonify
from werkzeug.exceptions import Gone


class State(Enum):
    UNKNOWN = 0
    HELD = 1
    RELEASED = 2


app = Flask(__name__)
states, stock = {}, {"left": 1000, "aside": 0}


def move(order, state):
    before = states.get(order, State.UNKNOWN)
    states[order] = state
    change = (state is State.HELD) - (before is State.HELD)
    stock["left"] -= change
    stock["aside"] += change


@app.put("/reservations/<order>")
def reserve(order):
    if states.get(order) is State.RELEASED:
        raise Gone("Cette commande est annulée.")
    move(order, State.HELD)
    return jsonify(order=order, state="HELD"), 201


@app.delete("/reservations/<order>")
def release(order):
    move(order, State.RELEASED)
    return jsonify(order=order, state="RELEASED")


@app.get("/stock")
def show():
    return jsonify(stock)
