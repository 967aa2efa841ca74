from collections import defaultdict
from itertools import count

from flask import Flask, abort, request

app = Flask(__name__)
numbers = count(1)
history = defaultdict(list)  # nom → [("came", bail, url) | ("left", bail)]


def holder(name):
    """(bail, url) de qui porte ce nom, ou None : le dernier venu, s'il n'est pas parti."""
    if not history[name]:
        return None
    kind, lease, *rest = history[name][-1]
    return (lease, rest[0]) if kind == "came" else None


@app.post("/instances/<name>")
def register(name):
    url, lease = request.get_json()["url"], next(numbers)
    history[name].append(("came", lease, url))
    return {"url": url, "lease": lease}, 201


@app.put("/instances/<name>")
def beat(name):
    match holder(name):
        case (lease, _) if lease == request.get_json()["lease"]:
            return "", 204
        case _:
            return "", 409


@app.delete("/instances/<name>")
def leave(name):
    match holder(name):
        case None:
            return "", 204
        case (lease, _) if str(lease) == request.args.get("lease"):
            history[name].append(("left", lease))
            return "", 204
        case _:
            return "", 409


@app.get("/instances/<name>")
def show(name):
    match holder(name):
        case (lease, url):
            return {"url": url, "lease": lease}
    abort(404)
