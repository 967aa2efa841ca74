from flask import Flask, request

app = Flask(__name__)
log = []  # tout ce qui est arrivé, dans l’ordre


def replay():
    """Qui a une lampe de côté, et qui est annulé."""
    aside, gone = [], []
    for method, order in log:
        if method == "DELETE":
            gone.append(order)
            aside = [other for other in aside if other != order]
        elif order not in gone and order not in aside:
            aside.append(order)
    return aside, gone


@app.route("/reservations/<order>", methods=["PUT", "DELETE"])
def reservations(order):
    log.append((request.method, order))
    _, gone = replay()
    if request.method == "DELETE":
        return "", 204
    return ({"order": order}, 410) if order in gone else ({"order": order}, 200)


@app.get("/stock")
def show():
    count = len(replay()[0])
    return {"left": 1000 - count, "aside": count}
