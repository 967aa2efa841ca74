"""The gateway is the shop's only door: it knows the way, who you are, and when it is enough.

    /auth/login, /users/*, /products*, /stock*, /orders*, /notifications   as routes.toml says
    GET /orders/<id>/summary   an order, its charge and its notifications in one answer

401 without a valid token where one is needed, 429 with Retry-After beyond RATE_LIMIT requests a
second (bursts of RATE_BURST), 502 when a service breaks off, 503 when there is none, 504 when it
is late. What a client may do with an order or a product is for the services themselves to say.
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


for route in load_routes(setting("GATEWAY_ROUTES", ROUTES)):
    name = f"{route.path} {route.methods}"
    app.add_url_rule(route.path, name, partial(serve, route), methods=route.methods)


def admit(public=False):
    """Who asks: an Identity, or None for anybody; 401 or 429 for those who may not come in."""
    caller, refusal = recognise()
    wait = limit.take(f"user {caller.sub}" if caller else f"address {request.remote_addr}")
    if wait:
        seconds = ceil(wait)
        detail = f"Vous allez trop vite : réessayez dans {seconds} s."
        raise Problem(429, detail, {"Retry-After": str(seconds)})
    if refusal and not public:
        raise refusal
    return caller


def recognise():
    """(caller, None), or (None, why not): a bad token, none, or auth's keys out of reach."""
    try:
        return identity(), None
    except Problem as refusal:
        return None, refusal
