import contextlib
import json
import os
import sqlite3
import uuid

import pika
from flask import Flask, Response, request
from flask.views import MethodView

app = Flask(__name__)


def nom_de(commande):
    """Tiré au hasard une fois, puis gardé."""
    with contextlib.closing(sqlite3.connect("retours.db", timeout=10)) as db, db:
        db.execute("CREATE TABLE IF NOT EXISTS retours (commande PRIMARY KEY, nom)")
        db.execute("INSERT OR IGNORE INTO retours VALUES (?, ?)", (commande, str(uuid.uuid4())))
        return db.execute("SELECT nom FROM retours WHERE commande = ?", (commande,)).fetchone()[0]


@contextlib.contextmanager
def canal():
    connexion = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    try:
        ouvert = connexion.channel()
        ouvert.confirm_delivery()
        yield ouvert
    finally:
        if connexion.is_open:
            connexion.close()


class Retours(MethodView):
    def post(self):
        demande = request.get_json()
        nom = nom_de(demande["order_id"])
        corps = json.dumps({"type": "RETURN_REQUESTED", "return_id": nom, **demande}, indent=1)
        enveloppe = pika.BasicProperties(delivery_mode=2, message_id=nom, type="RETURN_REQUESTED")
        try:
            with canal() as c:
                c.basic_publish("shop.events", "return.requested", corps, enveloppe, mandatory=True)
        except pika.exceptions.AMQPError:
            return Response(status=503)
        return Response(json.dumps({"return_id": nom}), 202, content_type="application/json")


app.add_url_rule("/returns", view_func=Retours.as_view("retours"))
