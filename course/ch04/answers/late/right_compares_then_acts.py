from itertools import count

from flask import Flask, request

app = Flask(__name__)
urls, current, numbers = {}, {}, count(100)


@app.post("/instances/<name>")
def register(name):
    urls[name] = request.get_json()["url"]
    current[name] = next(numbers)
    return {"lease": current[name], "url": urls[name]}, 201


@app.put("/instances/<name>")
def beat(name):
    lease = request.get_json()["lease"]
    if name not in current:
        return {"error": "inconnu"}, 404
    if lease != current[name]:
        return {"error": "bail périmé"}, 409
    return "", 204


@app.delete("/instances/<name>")
def leave(name):
    lease = request.args.get("lease", type=int)
    if name not in current:
        return {"error": "inconnu"}, 404
    if lease != current[name]:
        return {"error": "bail périmé"}, 409
    del current[name], urls[name]
    return "", 204


@app.get("/instances/<name>")
def show(name):
    if name not in current:
        return {"error": "inconnu"}, 404
    return {"url": urls[name]}
