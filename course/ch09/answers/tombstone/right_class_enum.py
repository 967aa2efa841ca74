from enum import Enum
from threading import RLock

from flask import Flask, abort

app = Flask(__name__)


class State(Enum):
    UNKNOWN = 0
    ASIDE = 1
    CANCELLED = 2


class Shelf:
    def __init__(self, left):
        self.left, self.aside = left, 0
        self.states = {}
        self.lock = RLock()

    def state(self, order):
        return self.states.get(order, State.UNKNOWN)

    def move(self, order, state):
        """Passe d’un état à l’autre ; le stock suit."""
        with self.lock:
            delta = (state is State.ASIDE) - (self.state(order) is State.ASIDE)
            self.left, self.aside = self.left - delta, self.aside + delta
            self.states[order] = state


shelf = Shelf(1000)


@app.put("/reservations/<order>")
def reserve(order):
    with shelf.lock:
        if shelf.state(order) is State.CANCELLED:
            abort(410, "Cette commande a été annulée.")
        shelf.move(order, State.ASIDE)
    return {"order": order, "state": "ASIDE"}


@app.delete("/reservations/<order>")
def release(order):
    shelf.move(order, State.CANCELLED)
    return "", 204


@app.get("/stock")
def show():
    return {"left": shelf.left, "aside": shelf.aside}
