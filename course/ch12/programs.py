"""The small programs of the chapter, run as real processes: readers of events, and two robots."""

# -- two versions of an event ----------------------------------------------------------------------

READER = """
import json
import os

import pika

{read}

channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare({queue!r}, durable=True)
for method, properties, body in channel.consume({queue!r}):
    try:
        told = {{"cents": read(json.loads(body)["data"])}}
    except KeyError as error:
        told = {{"refused": str(error)}}
    print(json.dumps(told), flush=True)
    channel.basic_ack(method.delivery_tag)
"""
READS = {
    "celui d’hier": """
def read(data):
    return data["total_cents"]
""",
    "le neuf": """
def read(data):
    return data["total"]["amount_cents"]
""",
    "le neuf, « prudent »": """
def read(data):
    return data.get("total", {}).get("amount_cents", 0)
""",
    "le neuf et son traducteur": """
def upcast(data):
    if "total" in data:
        return data
    return {**data, "total": {"amount_cents": data["total_cents"], "currency": "EUR"}}


def read(data):
    return upcast(data)["total"]["amount_cents"]
""",
}


def reader(name: str, queue: str) -> str:
    """One of the readers, on this queue; it prints what it counted, or why it could not."""
    return READER.format(read=READS[name], queue=queue)


# -- a process asleep ------------------------------------------------------------------------------

# A lock that expires. Each holder gets a number, greater than all before.
LOCK = """
import time

from flask import Flask, abort, request

app = Flask(__name__)
lease = {"qui": None, "jeton": 0, "fin": 0.0}


@app.post("/bail")
def take():
    if time.monotonic() < lease["fin"]:
        abort(409, "Le bail est pris.")
    lease.update(qui=request.get_json()["qui"], jeton=lease["jeton"] + 1)
    lease["fin"] = time.monotonic() + SECONDS
    return {"jeton": lease["jeton"]}


@app.get("/bail")
def show():
    return {"libre": time.monotonic() >= lease["fin"]}
"""

# It writes down everything it was sent, and what it did of it.
SHELF = """
from flask import Flask, abort, request

app = Flask(__name__)
shelf = {"prix": None, "dernier": 0, "livre": []}


@app.put("/prix")
def write():
    sent = request.get_json()
    accepted = not FENCING or sent["jeton"] >= shelf["dernier"]
    shelf["livre"].append({**sent, "accepted": accepted})
    if not accepted:
        abort(409, "Ce jeton est périmé.")
    shelf.update(prix=sent["prix"], dernier=sent["jeton"])
    return {"prix": shelf["prix"]}


@app.get("/prix")
def show():
    return shelf
"""

# It checks its lease just before it writes. Between the two lines, its process may be put to sleep.
ROBOT = """
import os
import time

from flask import Flask, abort, request

from services.chassis.calls import service
from services.chassis import settings

app = Flask(__name__)
name = settings.service_name()


@app.post("/prix")
def change_price():
    until = time.monotonic() + SECONDS
    taken = service("verrou").post("/bail", json={"qui": name})
    if taken.status_code != 200:
        abort(409, "Un autre a le bail.")
    if time.monotonic() >= until:  # mon bail est-il encore à moi ?
        abort(409, "Trop tard.")
    if GATE:
        wait_at(GATE)
    sent = {"qui": name, "prix": request.get_json()["prix"], "jeton": taken.json()["jeton"]}
    written = service("rayon").put("/prix", json=sent)
    return {"statut": written.status_code}


def wait_at(gate):
    open(gate + ".reached", "w").close()
    while not os.path.exists(gate):
        time.sleep(0.005)
"""


def lock(seconds: float) -> str:
    """The lock, whose leases last so long."""
    return f"SECONDS = {seconds!r}\n{LOCK}"


def shelf(fencing: bool) -> str:
    """The shelf, which refuses old tokens or looks at none."""
    return f"FENCING = {fencing!r}\n{SHELF}"


def robot(seconds: float, gate: str = "") -> str:
    """A robot; with a `gate`, it says that it has come there, and goes on once the file exists."""
    return f"SECONDS, GATE = {seconds!r}, {gate!r}\n{ROBOT}"
