"""Small services of this chapter, run as real processes: a mirror, and a till that breaks off."""

# Stands in for products, and answers with the headers it was sent.
MIRROR = """
from flask import Flask, request

app = Flask(__name__)


@app.get("/products")
def show_headers():
    return {"received": list(request.headers)}
"""

# Keeps the sales it is sent. Told to, it does its work and breaks off before the answer is whole.
TILL = """
from flask import Flask, Response, request

app = Flask(__name__)
state = {"breaks": 0, "received": [], "sales": []}


@app.delete("/state")
def forget():
    state.update(breaks=0, received=[], sales=[])
    return state


@app.put("/state/breaks")
def break_off():
    state["breaks"] = request.get_json()
    return state


@app.get("/state")
def show_state():
    return state


@app.get("/sales")
def show_sales():
    return answer({"sales": state["sales"]})


@app.post("/sales")
def sell():
    sale = request.get_json()
    if not sale.get("sku"):
        return answer({"detail": "Quel article ?"}, 422)
    state["sales"].append(sale)
    return answer(sale, 201)


def answer(body, status=200):
    state["received"].append(f"{request.method} {status}")
    if not state["breaks"]:
        return body, status
    state["breaks"] -= 1
    # Fewer bytes than announced: the server has no choice but to close the connection.
    return Response(iter([b"{"]), status, {"Content-Length": "1000"})
"""
