from itertools import count

from flask import Flask, abort, request
from flask.views import MethodView

app = Flask(__name__)
table, numbers = {}, count(1)


@app.before_request
def only_the_owner():
    if request.method in ("PUT", "DELETE"):
        given = request.args.get("lease") or request.get_json(silent=True)["lease"]
        known = table.get(request.view_args["name"])
        if known is None:
            abort(404)
        if int(given) != known["lease"]:
            abort(409)


class Instance(MethodView):
    def get(self, name):
        return table.get(name) or abort(404)

    def post(self, name):
        table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
        return table[name], 201

    def put(self, name):
        table[name] = request.get_json()
        return "", 204

    def delete(self, name):
        del table[name]
        return "", 204


app.add_url_rule("/instances/<name>", view_func=Instance.as_view("instance"))
