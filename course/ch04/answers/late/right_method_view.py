from dataclasses import asdict, dataclass
from itertools import count

from flask import Flask, jsonify, request
from flask.views import MethodView

app = Flask(__name__)


class WrongLease(Exception):
    pass


class Nobody(Exception):
    pass


@dataclass
class Entry:
    url: str
    lease: int


class Table:
    def __init__(self):
        self.entries, self.numbers = {}, count(1)

    def give(self, name, url):
        self.entries[name] = Entry(url, next(self.numbers))
        return self.entries[name]

    def get(self, name):
        if name not in self.entries:
            raise Nobody(name)
        return self.entries[name]

    def checked(self, name, lease):
        entry = self.get(name)
        if entry.lease != lease:
            raise WrongLease(name)
        return entry

    def remove(self, name, lease):
        self.checked(name, lease)
        self.entries.pop(name)


table = Table()


@app.errorhandler(Nobody)
def nobody(error):
    return jsonify(error="inconnu"), 404


@app.errorhandler(WrongLease)
def wrong_lease(error):
    return jsonify(error="un autre bail est en cours"), 409


class Instance(MethodView):
    def post(self, name):
        return jsonify(asdict(table.give(name, request.get_json()["url"]))), 201

    def put(self, name):
        body = request.get_json()
        table.checked(name, body["lease"]).url = body["url"]
        return "", 204

    def delete(self, name):
        table.remove(name, request.args.get("lease", -1, int))
        return "", 204

    def get(self, name):
        return jsonify(asdict(table.get(name)))


app.add_url_rule("/instances/<name>", view_func=Instance.as_view("instance"))
