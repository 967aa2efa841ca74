"""The gateway is the shop's only door: it routes, authenticates, and limits the rate.

    /auth/*, /users/*, /products*, /stock*, /orders*, /notifications   as routes.toml says
    GET /orders/<id>/summary   an order, its charge and its notifications in one answer

401 without a valid token where one is needed, 429 with Retry-After beyond RATE_LIMIT requests a
second (bursts of RATE_BURST), 502 when a service breaks off, 503 when there is none, 504 when it
is late. What a client may do with an order or a product is decided by the services themselves.
"""

from functools import partial
from math import ceil

from flask import request

from services.chassis import Problem, create_service
from services.chassis.identity import identity
from services.chassis.settings import number, setting
from services.gateway.aggregation import summarise
from services.gateway.forwarding import forward, outgoing_headers
from services.gateway.rate_limit import RateLimit
from services.gateway.routing import ROUTES, Route, load_routes, refuse_ambiguous_path

app = create_service("gateway")
limit = RateLimit(number("RATE_LIMIT", 100), number("RATE_BURST", 200))


@app.before_request
def check_path():
    refuse_ambiguous_path(request.environ["REQUEST_URI"])


@app.get("/orders/<id>/summary")
def show_summary(id):
    caller = admit()
    order = forward(Route("/orders/<id>", "orders"), caller, id=id)
    if order.status_code != 200:
        return order
    return summarise(order.json, outgoing_headers(request.headers, caller))


def serve(route, **values):
    return forward(route, admit(route.public), **values)


def add_routes(routes):
    for route in routes:
        name = f"{route.path} {route.methods}"
        app.add_url_rule(route.path, name, partial(serve, route), methods=route.methods)


def admit(public=False):
    """The caller's Identity; None on a public path without a good token, elsewhere 401. Or 429."""
    try:
        caller = identity()
    except Problem:  # a bad token, none, or auth's keys out of reach
        limit_rate(f"address {request.remote_addr}")
        if public:
            return None
        raise
    limit_rate(f"user {caller.sub}")
    return caller


def limit_rate(client):
    """429 when this client sends more requests than RATE_LIMIT and RATE_BURST allow."""
    wait = ceil(limit.take(client))
    if wait:
        detail = f"Vous allez trop vite : réessayez dans {wait} s."
        raise Problem(429, detail, {"Retry-After": str(wait)})


add_routes(load_routes(setting("GATEWAY_ROUTES", ROUTES)))
