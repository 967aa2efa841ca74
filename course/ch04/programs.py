"""The small services of the chapter, as programs that the shop runs as real processes.

They find addresses as the shop's own services do, by the chassis: a list asked of the registry,
kept for a second, given in turn.
"""

_CALL = '''
from collections import Counter
import threading

from flask import Flask

from services.chassis import discovery, settings, telemetry, transport

app = Flask(__name__)
NO_ANSWER = (transport.NotSent, transport.Lost, transport.TimedOut)


def call(peer, url, path):
    """GET `path` of one instance of `peer`, under a span that the map shows."""
    known = {"http.request.method": "GET", "peer.service": peer, "url.path": path}
    with telemetry.span(f"GET {peer}", "client", {**known, **transport.server_of(url)}) as span:
        response = transport.send("GET", url + path, telemetry.inject({}), 5.0)
        span.set_attribute("http.response.status_code", response.status_code)
    return response
'''

# The module's three services: A calls B, B calls C; C asks the shop for a price.
NEXT = {"service-a": "service-b", "service-b": "service-c", "service-c": "products"}
PATHS = {"service-a": "/", "service-b": "/", "service-c": "/products/LAMP"}
LETTER = (
    _CALL
    + f"""

NEXT, PATH = {NEXT!r}[settings.service_name()], {PATHS!r}[settings.service_name()]
addresses = discovery.Addresses(NEXT, discovery.ask)


@app.get("/")
def ask():
    known = addresses.in_turn()
    if not known:
        return {{"detail": "Aucune instance connue."}}, 503
    return call(NEXT, known[0], PATH).json()
"""
)

SHOWCASE = (
    _CALL
    + '''

def addresses():
    return discovery.Addresses("products", discovery.ask)


alone, retrying, remembering = addresses(), addresses(), addresses()
in_turn, least_busy = addresses(), addresses()
in_flight, turn = Counter(), threading.Lock()


@app.get("/seule/<sku>")
def first_only(sku):
    """The first address, and no other."""
    return answer(alone.in_turn()[:1], sku)


@app.get("/suivante/<sku>")
def next_instance(sku):
    """Where nobody answers, the next instance."""
    return answer(retrying.in_turn(), sku)


@app.get("/memoire/<sku>")
def next_and_remember(sku):
    """The same; who did not answer is tried last for a while."""
    return answer(remembering.in_turn(), sku, remembering.suspect)


@app.get("/tour/<sku>")
def round_robin(sku):
    return answer(in_turn.in_turn()[:1], sku)


@app.get("/moindre/<sku>")
def least_outstanding(sku):
    """The instance with the fewest of our requests in progress; in turn where they are equal."""
    with turn:
        url = min(least_busy.in_turn(), key=in_flight.__getitem__)
        in_flight[url] += 1
    try:
        return answer([url], sku)
    finally:
        with turn:
            in_flight[url] -= 1


def answer(urls, sku, suspect=lambda url: None):
    """What the first instance says that answers, and how many were tried."""
    for tries, url in enumerate(urls, 1):
        try:
            response = call("products", url, f"/products/{sku}")
        except NO_ANSWER:
            suspect(url)
            continue
        return {"from": url, "tries": tries}, response.status_code
    return {"detail": "Personne n’a répondu.", "tries": len(urls)}, 503
'''
)
