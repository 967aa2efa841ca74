from flask import Flask

app = Flask(__name__)
log = []


def is_held(order):
    verbs = [verb for verb, name in log if name == order]
    return bool(verbs) and "DELETE" not in verbs


@app.route("/reservations/<order>", methods=["PUT", "DELETE"])
def hear(order):
    from flask import request

    log.append((request.method, order))
    if request.method == "PUT" and not is_held(order):
        return {"detail": "annulée"}, 410
    return {"order": order}, 202


@app.get("/stock")
def show():
    aside = sum(is_held(order) for order in {name for _, name in log})
    return {"left": 1000 - aside, "aside": aside}
