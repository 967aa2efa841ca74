from itertools import count

from flask import Flask, abort, request

app = Flask(__name__)
processes, numbers = {}, count(1)  # bail → (nom, url) : le plus grand bail d'un nom est le bon


def owner(name):
    return max((lease for lease, (n, _) in processes.items() if n == name), default=None)


def check(name, lease):
    if str(owner(name)) != str(lease):
        abort(409)


@app.post("/instances/<name>")
def register(name):
    for old in [lease for lease, (n, _) in processes.items() if n == name]:
        del processes[old]
    lease = next(numbers)
    processes[lease] = (name, request.json["url"])
    return {"lease": lease, "url": request.json["url"]}, 201


@app.put("/instances/<name>")
def beat(name):
    check(name, request.json["lease"])
    return "", 204


@app.delete("/instances/<name>")
def leave(name):
    check(name, request.args["lease"])
    del processes[owner(name)]
    return "", 204


@app.get("/instances/<name>")
def show(name):
    lease = owner(name)
    return {"lease": lease, "url": processes[lease][1]} if lease else abort(404)
