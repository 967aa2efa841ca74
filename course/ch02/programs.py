"""The small services of the chapter, as programs that the shop runs as real processes.

They call by the shop's own transport, under a span that names the service called: so that the map
and the sequences show it.
"""

_CALL = '''
from flask import Flask

from services.chassis import settings, telemetry, transport
from services.chassis.discovery import addresses

app = Flask(__name__)


def call(peer, path):
    """What `peer` answers to GET `path`, as JSON; an exception for any other status than 200."""
    known = addresses(peer)
    url = known.in_turn()[0]
    try:
        response = ask(peer, url, path)
    except (transport.NotSent, transport.Lost):  # it was deployed again, elsewhere
        known.suspect(url)
        response = ask(peer, known.in_turn()[0], path)
    if response.status_code != 200:
        raise LookupError(f"{peer} a répondu {response.status_code}")
    return response.json()


def ask(peer, url, path):
    known = {"http.request.method": "GET", "peer.service": peer, "url.path": path}
    with telemetry.span(f"GET {peer}", "client", {**known, **transport.server_of(url)}) as span:
        response = transport.send("GET", url + path, telemetry.inject({}), 20)
        span.set_attribute("http.response.status_code", response.status_code)
    return response
'''

# -- 1. what a service is responsible for ----------------------------------------------------------

# Each service lets through the fields that its own version knows: what a typed program does.
_SHOP = """
from functools import partial

DATA = {
    "articles": {"name": "Lampe de bureau", "price_cents": 3990, "warranty_months": 24},
    "commandes": {"number": 7, "status": "confirmée"},
    "clients": {"name": "Alice"},
}
OLD = {
    "articles": ["name", "price_cents"],
    "commandes": ["number", "status"],
    "clients": ["name"],
}
KNOWN = {1: OLD, 2: {**OLD, "articles": [*OLD["articles"], "warranty_months"]}}[VERSION]


def known(part, record):
    return {name: record[name] for name in KNOWN[part] if name in record}
"""
LAYERS = ("ecrans", "regles", "tables")
LAYER = (
    _CALL
    + _SHOP
    + """
BELOW = {"ecrans": "regles", "regles": "tables", "tables": None}[settings.service_name()]


def show(part):
    return known(part, call(BELOW, f"/{part}") if BELOW else DATA[part])


for part in DATA:
    app.add_url_rule(f"/{part}", part, partial(show, part))
"""
)
DOMAINS = ("articles", "commandes", "clients")
DOMAIN = (
    _CALL
    + _SHOP
    + """

part = settings.service_name()


@app.get(f"/{part}")
def show():
    return known(part, DATA[part])
"""
)


def version(program: str, number: int) -> str:
    """The program, in its version 1 or 2."""
    return f"VERSION = {number}\n{program}"


# -- 2. who can start without whom -----------------------------------------------------------------

# `NEEDS` is the service whose answer this one wants before it serves anybody.
STARTER = (
    _CALL
    + """

@app.get("/")
def show():
    return {"nom": settings.service_name()}


# An old address may belong to somebody else by now: whoever answers says its name.
if NEEDS and call(NEEDS, "/")["nom"] != NEEDS:
    raise LookupError(f"{NEEDS} n’est pas là")
"""
)


def starter(needs: str) -> str:
    """A service that asks another one as it starts, or nobody."""
    return f"NEEDS = {needs!r}\n{STARTER}"


# -- 3. whose data this is -------------------------------------------------------------------------

_BASE = """
import sqlite3
from contextlib import closing

from flask import Flask, abort

app = Flask(__name__)


def database():
    return sqlite3.connect(FILE, timeout=0.2, isolation_level=None, check_same_thread=False)


with closing(database()) as base:
    base.execute("CREATE TABLE IF NOT EXISTS ventes (id INTEGER PRIMARY KEY)")
    base.execute("CREATE TABLE IF NOT EXISTS comptes (sku TEXT)")
"""
SALES = (
    _BASE
    + """

@app.post("/ventes")
def sell():
    try:
        with closing(database()) as base:
            base.execute("INSERT INTO ventes DEFAULT VALUES")
    except sqlite3.OperationalError as error:
        abort(503, str(error))
    return {"vendu": True}, 201
"""
)
STOCKTAKING = (
    _BASE
    + """
counting = []


@app.put("/inventaire")
def begin():
    base = database()
    base.execute("BEGIN IMMEDIATE")
    base.execute("INSERT INTO comptes VALUES ('LAMP')")
    counting.append(base)
    return {"en cours": True}


@app.delete("/inventaire")
def end():
    with closing(counting.pop()) as base:
        base.execute("COMMIT")
    return {"en cours": False}
"""
)


def on_file(program: str, file: str) -> str:
    """The program, with its database in this file."""
    return f"FILE = {file!r}\n{program}"


# -- 4. neighbours that fail -----------------------------------------------------------------------

PARTS = ("prix", "stock", "avis", "photos", "livraison")
# It fails ten calls of each hundred, drawn from its name: the same ones in each run.
UNSTEADY = """
import random
from itertools import cycle

from flask import Flask, abort

from services.chassis import settings

app = Flask(__name__)
fails = [True] * 10 + [False] * 90
random.Random(settings.service_name()).shuffle(fails)
turns = cycle(fails)


@app.get("/")
def show():
    if next(turns):
        abort(503)
    return {"nom": settings.service_name()}
"""
PAGE = (
    _CALL
    + f"""
PARTS = {PARTS!r}


@app.get("/fiche")
def show_all():
    return {{part: call(part, "/") for part in PARTS}}


@app.get("/fiche-prudente")
def show_what_there_is():
    return {{"prix": call("prix", "/")}} | {{part: attempt(part) for part in PARTS[1:]}}


def attempt(part):
    try:
        return call(part, "/")
    except LookupError:
        return None
"""
)

# -- 5. what was agreed ----------------------------------------------------------------------------

# The shop's own products, with one change that somebody might make on a Tuesday.
PROVIDER = """
import json

from services.products.app import app


def change(product):
    {change}


@app.after_request
def changed(response):
    body = response.get_json(silent=True)
    if response.status_code == 200 and isinstance(body, dict) and "sku" in body:
        change(body)
        response.set_data(json.dumps(body))
    return response
"""
CHANGES = {
    "comme avant": "pass",
    "un champ de plus": 'product["warranty_months"] = 24',
    "un champ de moins, description": 'del product["description"]',
    "price_cents renommé": 'product["unit_price_cents"] = product.pop("price_cents")',
}
CONSUMERS = {
    "caisse": """
@app.get("/<sku>")
def show(sku):
    product = call("products", f"/products/{sku}")
    return {"ligne": f"{product['name']} {product['price_cents'] / 100:.2f}"}
""",
    "etiquettes": """
from dataclasses import dataclass


@dataclass
class Product:
    sku: str
    name: str
    price_cents: int
    description: str


@app.get("/<sku>")
def show(sku):
    product = Product(**call("products", f"/products/{sku}"))
    return {"etiquette": f"{product.sku} {product.name} {product.price_cents / 100:.2f}"}
""",
    "plan": """
@app.get("/<sku>")
def show(sku):
    return {"rayon": call("products", f"/products/{sku}")["name"]}
""",
}


def consumer(name: str) -> str:
    """The program of one of the clients of products."""
    return _CALL + CONSUMERS[name]


# -- further ---------------------------------------------------------------------------------------

STORE = """
from flask import Flask, request

PRICES = {"LAMP": 3990, "MUG": 990, "DESK": 24900, "CHAIR": 8900}
articles = {
    sku: {"sku": sku, "name": sku.title(), "price_cents": price, "warranty_months": 24}
    for sku, price in PRICES.items()
}
app = Flask(__name__)


@app.get("/articles/<sku>")
def show(sku):
    return articles[sku]


@app.put("/articles/<sku>")
def replace(sku):
    articles[sku] = request.get_json()
    return articles[sku]
"""
