"""A service that does no business: it calls, announces and keeps what the design says it does.

Whoever deploys it writes its folder below; `design.json` is there.

    POST /work/<id>           do this work: call, wait, then announce
    POST /heard/<id>          the same, for an event that was listened to
    GET  /seen/<id>           how this work came: "client", "call", "event", or null
    GET, PUT /data/<name>     one of the data this service owns
    POST, DELETE /migration   hold the database to oneself, and give it back
"""

import json
import os
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import requests
from flask import Flask, request

FOLDER = "."
NAME = os.environ["SERVICE_NAME"]
DESIGN = json.loads(Path(FOLDER, "design.json").read_text(encoding="utf-8"))

app = Flask("stub")
me = DESIGN[NAME]
seen, outbox, held = {}, [], []
LONGEST = 30  # seconds; a dead process refuses at once


def url_of(name):
    """Where a service lives, by the registry; raises LookupError when it lives nowhere."""
    registry = os.environ["REGISTRY_URL"]
    found = requests.get(f"{registry}/instances/{name}", timeout=LONGEST).json()["instances"]
    return found[-1]["url"]


@app.post("/work/<id>")
def work(id):
    path = request.args.getlist("path")
    if NAME in path:
        return {"loop": [*path, NAME]}, 508
    return handle(id, "call" if path else "client", [*path, NAME])


@app.post("/heard/<id>")
def hear(id):
    return {} if id in seen else handle(id, "event", [NAME])


def handle(id, how, path):
    """Call each service and wait; only when all have answered, announce."""
    by = {NAME}
    for name in me["calls"]:
        try:
            answer = requests.post(
                f"{url_of(name)}/work/{id}", params={"path": path}, timeout=LONGEST
            )
        except (requests.RequestException, LookupError):
            return {"without": name}, 503
        if not answer.ok:
            return answer.json(), answer.status_code
        by.update(answer.json()["by"])
    if id not in seen:
        seen[id] = how
        outbox.extend((listener, id) for listener in listeners())
    return {"by": sorted(by)}


def listeners():
    """The services that listen to one of our events."""
    ours = set(me["publishes"])
    return [name for name, other in DESIGN.items() if ours & set(other["listens"])]


def deliver():
    """Carry the events, again and again until each was taken: RabbitMQ's part, in miniature."""
    while True:
        for event in list(outbox):
            listener, id = event
            with suppress(requests.RequestException, LookupError):
                if requests.post(f"{url_of(listener)}/heard/{id}", timeout=LONGEST).ok:
                    outbox.remove(event)
        time.sleep(0.1)


@app.get("/seen/<id>")
def show_seen(id):
    return {"how": seen.get(id)}


def database():
    """The file that the design names, be it another's too."""
    path = Path(FOLDER, quote(me["base"] or NAME, safe="") + ".sqlite")
    return sqlite3.connect(path, timeout=0.2, check_same_thread=False, isolation_level=None)


@app.route("/data/<name>", methods=["GET", "PUT"])
def data(name):
    if name not in me["data"]:
        return {}, 404
    try:
        with closing(database()) as base:
            base.execute(f'CREATE TABLE IF NOT EXISTS "{NAME}" (name PRIMARY KEY, value)')
            if request.method == "PUT":
                change = f'INSERT OR REPLACE INTO "{NAME}" VALUES (?, ?)'
                base.execute(change, [name, request.get_json()["value"]])
            read = base.execute(f'SELECT value FROM "{NAME}" WHERE name = ?', [name]).fetchone()
    except sqlite3.OperationalError as error:
        return {"error": str(error)}, 503
    return {"value": read and read[0]}


@app.post("/migration")
def begin_migration():
    held.append(database())
    held[-1].execute("BEGIN EXCLUSIVE")
    return {}


@app.delete("/migration")
def end_migration():
    while held:
        held.pop().close()
    return {}


threading.Thread(target=deliver, daemon=True).start()
