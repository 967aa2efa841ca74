"""Two services that call each other, for the tests of calls: who is called keeps count."""

import json
from dataclasses import dataclass

from surroundings import Service

BACK = """
    import threading
    import time
    from collections import Counter

    from flask import Flask, Response, abort, request

    app = Flask(__name__)
    seen = []
    inside = threading.Semaphore(0)


    @app.before_request
    def count():
        if request.path != "/seen":
            headers = {name.lower(): value for name, value in request.headers}
            seen.append({"method": request.method, "path": request.path, "headers": headers})


    @app.get("/seen")
    def show():
        return seen


    @app.route("/status/<int:code>", methods=["GET", "POST", "PUT", "DELETE"])
    def answer(code):
        headers = {"Retry-After": "2"} if "wait" in request.args else {}
        return {"code": code}, code, headers


    @app.route("/flaky/<int:failures>", methods=["GET", "POST"])
    def flaky(failures):
        mark = request.headers.get("X-Test")
        times = sum(call["headers"].get("x-test") == mark for call in seen)
        return {}, 503 if times <= failures else 200


    @app.route("/sleep/<seconds>", methods=["GET", "POST"])
    def sleep(seconds):
        time.sleep(float(seconds))
        return {}


    @app.get("/garbage")
    def garbage():
        return Response("<html>", content_type="application/json")


    @app.route("/echo", methods=["GET", "POST"])
    def echo():
        return {"json": request.get_json(silent=True), "args": request.args.to_dict(flat=False)}
"""

FRONT = """
    from flask import Flask, request
    from services.chassis import deadline
    from services.chassis.calls import Unavailable, service

    app = Flask(__name__)


    @app.post("/call")
    def call():
        ask = request.get_json()
        client = service(ask.pop("service", "back"))
        response = client.request(ask.pop("method", "GET"), ask.pop("path"), **ask)
        return {"status": response.status_code, "json": response.json()}


    @app.post("/breaker/<name>")
    def breaker(name):
        service(name).breaker.open_seconds = 0.2
        return {}


    @app.post("/within/<name>")
    def within(name):
        with deadline.within(5):
            return service(name).get("/echo", timeout=20, headers=request.get_json()).json()


    @app.post("/caught/<name>")
    def caught(name):
        try:
            service(name).get("/status/503")
        except Unavailable as problem:
            return {"upstream": problem.upstream.json(), "dependency": problem.dependency}
"""


def peers(*urls):
    return json.dumps({"back": list(urls)})


def call(front, path, **ask):
    """Have `front` make a call with the options `ask`; its answer."""
    return front.post("/call", {"path": path, **ask})


def arrivals(back, path):
    return [seen for seen in back.get("/seen").json() if seen["path"] == path]


@dataclass
class Asking:
    """Calls by way of `front` to a dependency of this test alone, though all are `back`."""

    front: Service
    back: Service
    name: str

    def __call__(self, path, headers=None, **ask):
        """`headers` are those of the request to `front`."""
        options = {"path": path, "service": self.name, "headers": self.mark, **ask}
        return self.front.post("/call", options, headers=headers)

    @property
    def mark(self):
        return {"X-Test": self.name}

    def arrivals(self, path):
        """The requests of this test that reached `back`."""
        return [
            seen for seen in arrivals(self.back, path) if seen["headers"].get("x-test") == self.name
        ]
