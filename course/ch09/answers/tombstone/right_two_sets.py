import threading

from flask import Flask, Response

app = Flask(__name__)
held, cancelled, lock = set(), set(), threading.Lock()


@app.put("/reservations/<order>")
def reserve(order):
    with lock:
        if order in cancelled:
            return Response(status=410)
        held.add(order)
    return {}, 201


@app.delete("/reservations/<order>")
def release(order):
    with lock:
        cancelled.add(order)
        held.discard(order)
    return {}


@app.get("/stock")
def show():
    return {"left": 500 - len(held), "aside": len(held)}
