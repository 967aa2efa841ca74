"""The small services of the chapter, as programs that the shop runs as real processes.

They call by the shop's own transport, under a span that names the service called: so that the map
shows it. The circuit breaker is the one of the shop's services.
"""

_CALL = '''
from flask import Flask, abort

from services.chassis import output, settings, telemetry, transport
from services.chassis.breaker import CircuitBreaker, CircuitOpen
from services.chassis.discovery import addresses

app = Flask(__name__)


class Failed(Exception):
    """The service called answered 5xx."""


def call(peer, path, seconds):
    """GET `path` of `peer`; wait for its answer at most `seconds`, for ever if None."""
    url = addresses(peer).in_turn()[0]
    known = {"http.request.method": "GET", "peer.service": peer, "url.path": path}
    with telemetry.span(f"GET {peer}", "client", {**known, **transport.server_of(url)}) as span:
        response = transport.send("GET", url + path, telemetry.inject({}), seconds)
        span.set_attribute("http.response.status_code", response.status_code)
    if response.status_code >= 500:
        raise Failed(response.status_code)
    return response.json()
'''

SHOWCASE = (
    _CALL
    + '''

DELAY = 0.5
breaker = CircuitBreaker(
    "products",
    minimum_calls=4,
    open_seconds=1.0,
    on_change=lambda name, state: output.event("breaker", dependency=name, state=state),
)


@app.get("/plan")
def plan():
    """How to come: needs nobody."""
    return {"adresse": "12, rue du Port"}


@app.get("/sans-delai/<sku>")
def without_timeout(sku):
    return call("products", f"/products/{sku}", None)


@app.get("/delai/<sku>")
def with_timeout(sku):
    return call("products", f"/products/{sku}", DELAY)


@app.get("/disjoncteur/<sku>")
def with_breaker(sku):
    return breaker.call(lambda: call("products", f"/products/{sku}", DELAY))


@app.errorhandler(transport.TimedOut)
def too_late(error):
    return {"detail": "products n’a pas répondu à temps."}, 504


@app.errorhandler(Failed)
def failed(error):
    return {"detail": "products a échoué."}, 503


@app.errorhandler(CircuitOpen)
def refused(error):
    return {"detail": "products est en panne : appel suspendu."}, 503
'''
)

# Who asks whom for the price of a lamp, down to the catalogue.
FLOORS = {"vente": "devis", "devis": "remise", "remise": "products"}
FLOOR = (
    _CALL
    + f'''

BELOW = {FLOORS!r}[settings.service_name()]


@app.get("/<int:tries>")
def price(tries):
    """The price, asked of the floor below up to `tries` times."""
    path = "/products/LAMP" if BELOW == "products" else f"/{{tries}}"
    for _ in range(tries):
        try:
            return call(BELOW, path, 10)
        except Failed:
            continue
    abort(503)
'''
)

WORKSHOP = '''
import time

from flask import Flask

app = Flask(__name__)


@app.get("/gravure")
def engrave():
    """Engraves a lamp; it does not know whether somebody still waits for it."""
    time.sleep(0.1)
    return {"gravure": "faite"}
'''
