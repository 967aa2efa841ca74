"""The orchestrator of a replay: a real service with a durable log, that dies where it is told to.

    POST /sagas            begin a saga; its first command is in the log
    POST /sagas/<id>/run   take it up where its log says, for as many steps as are given

What to do next is read in the decisions of the tree, a table from log to command: those of the
learner's function. Only the standard library, Flask and requests are imported: a copy of this file
is run as a service, and reads beside it, in a file of JSON, whom to call and how.
"""

import hashlib
import hmac
import json
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import requests
from flask import Flask, request

STARTED, TIME_IS_UP = "started", ("saga", "timed out")
TABLES = """
CREATE TABLE IF NOT EXISTS orders (id PRIMARY KEY, status, total_cents, items, card);
CREATE TABLE IF NOT EXISTS saga_log (order_id, position, command, outcome);
CREATE TABLE IF NOT EXISTS attempts (order_id, command, number, PRIMARY KEY (order_id, command));
"""

app = Flask(__name__)
told = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
decisions = {json.dumps(history): command for history, command in told["decisions"]}


def database():
    connection = sqlite3.connect(told["database"])
    connection.executescript(TABLES)
    return closing(connection)


@app.post("/sagas")
def begin():
    """Commence une saga."""
    order = request.get_json()
    with database() as db, db:
        items = json.dumps(order["items"])
        row = (order["id"], "PENDING", order["total_cents"], items, order["card"])
        db.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", row)
        proceed(db, order["id"])
    return {"id": order["id"]}, 201


@app.post("/sagas/<order_id>/run")
def run(order_id):
    """Reprend une saga là où son journal en est."""
    for what in request.get_json()["steps"]:
        if what == "time up":
            with database() as db, db:
                write(db, order_id, *TIME_IS_UP)
                proceed(db, order_id)
        else:
            advance(order_id, what)
    with database() as db:
        [(status,)] = db.execute("SELECT status FROM orders WHERE id = ?", [order_id])
        return {"status": status, "log": history(db, order_id)}


def advance(order_id, what):
    """Send the command that the log asks for, unless death or the road comes first."""
    with database() as db:
        command = decisions[json.dumps(history(db, order_id))]
    if what == "dead before":
        die()
    key = next_key(order_id, command)
    if what == "late":
        return
    outcome = send(order_id, command, key)
    if what == "dead after":
        die()
    if what == "answered" and outcome:
        with database() as db, db:
            if not told["log_first"]:
                write(db, order_id, command, STARTED)
            write(db, order_id, command, outcome)
            proceed(db, order_id)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def send(order_id, command, key):
    """The outcome of a command; None when its answer means neither yes nor no."""
    route = told["routes"][command]
    with database() as db:
        query = "SELECT total_cents, items, card FROM orders WHERE id = ?"
        [(total, items, card)] = db.execute(query, [order_id])
    bodies = {
        "items": {"items": json.loads(items)},
        "charge": {"amount_cents": total, "card": card},
    }
    answer = requests.request(
        route["method"],
        told["addresses"][route["participant"]] + route["path"].format(key=key),
        json=bodies.get(route["body"]),
        headers=credential(route["participant"]),
        timeout=told["timeout"],
    )
    if answer.ok:
        return "done"
    return "refused" if answer.status_code == route["refusal"] else None


def credential(service):
    """What the run's own processes show one another, as services/chassis/credential.py makes it."""
    secret = os.environ.get("RUN_CREDENTIAL", "").encode()
    return {"X-Run-Credential": hmac.new(secret, service.encode(), hashlib.sha256).hexdigest()}


def next_key(order_id, command):
    """Count the attempt, durably; its key."""
    with database() as db, db:
        db.execute(
            "INSERT INTO attempts VALUES (?, ?, 1) "
            "ON CONFLICT (order_id, command) DO UPDATE SET number = number + 1",
            [order_id, command],
        )
        query = "SELECT number FROM attempts WHERE order_id = ? AND command = ?"
        [(number,)] = db.execute(query, [order_id, command])
    keys = told["keys"][order_id][command]
    return keys[min(number, len(keys)) - 1]


def history(db, order_id):
    query = "SELECT command, outcome FROM saga_log WHERE order_id = ? ORDER BY position"
    return [list(row) for row in db.execute(query, [order_id])]


def write(db, order_id, command, outcome):
    """Note it, once."""
    noted = history(db, order_id)
    if [command, outcome] not in noted:
        row = (order_id, len(noted), command, outcome)
        db.execute("INSERT INTO saga_log VALUES (?, ?, ?, ?)", row)


def proceed(db, order_id):
    """Note the command that comes next before it is sent, or end the order."""
    noted = history(db, order_id)
    command = decisions[json.dumps(noted)]
    if command is None:
        status = told["verdicts"][json.dumps(noted)]
        db.execute("UPDATE orders SET status = ? WHERE id = ?", [status, order_id])
    elif told["log_first"]:
        write(db, order_id, command, STARTED)
