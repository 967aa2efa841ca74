"""Facade: one door before the block, and before what is taken out of it (strangler fig).

    PUT  /facade/routes/<part> {"service": "inventory"}   who answers /<part> from now on
    POST /facade/hold?part=stock   requests for that part wait at the door; returns once those
                                   that had passed it are answered
    POST /facade/release           the door opens again
    GET  /facade                   routes, what is held, how many requests wait

/orders, /stock/<sku> and so on are passed on to whoever the part belongs to, the block by default;
with several instances, to each in turn. The answer says who gave it (X-Served-By).
"""

import threading
from collections import Counter
from contextlib import contextmanager
from functools import partial

from flask import Flask, request

from services.chassis.calls import service

PARTS = ("auth", "users", "products", "stock", "orders", "notifications")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
PASSED_ON = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match")
BLOCK = "monolith"
SECONDS = 30

app = Flask("facade")
routes, held = {}, set()
inside, waiting = Counter(), Counter()
door = threading.Condition()


@app.get("/facade")
def show():
    with door:
        return {"routes": routes, "held": sorted(held), "waiting": waiting.total()}


@app.put("/facade/routes/<part>")
def move(part):
    with door:
        routes[part] = request.get_json()["service"]
        return routes


@app.post("/facade/hold")
def hold():
    part = request.args["part"]
    with door:
        held.add(part)
        door.wait_for(lambda: not inside[part], SECONDS)
    return {"held": part}


@app.post("/facade/release")
def release():
    with door:
        held.clear()
        door.notify_all()
    return {"held": None}


def pass_on(part, rest=""):
    with passage(part):
        owner = routes.get(part, BLOCK)
        answer = service(owner).request(
            request.method,
            request.path,
            params=request.query_string,
            data=request.get_data(),
            headers={name: request.headers[name] for name in PASSED_ON if name in request.headers},
            timeout=SECONDS,
        )
    kind = answer.headers.get("Content-Type", "application/json")
    return answer.content, answer.status_code, {"Content-Type": kind, "X-Served-By": owner}


@contextmanager
def passage(part):
    """Wait at the door while it is held; be counted while inside."""
    with door:
        waiting[part] += 1
        door.wait_for(lambda: part not in held)
        waiting[part] -= 1
        inside[part] += 1
    try:
        yield
    finally:
        with door:
            inside[part] -= 1
            door.notify_all()


for name in PARTS:
    # A rule for each part, so that traces and metrics say which one it was.
    app.add_url_rule(f"/{name}", name, partial(pass_on, name), methods=METHODS)
    app.add_url_rule(f"/{name}/<path:rest>", f"{name}/", partial(pass_on, name), methods=METHODS)
