import json
import os
import sqlite3
from contextlib import closing

import pika
from flask import Flask, abort, request

app = Flask(__name__)


def sql(ordre, *valeurs):
    with closing(sqlite3.connect("retours.db", timeout=10)) as base, base:
        return base.execute(ordre, valeurs).fetchall()


sql("CREATE TABLE IF NOT EXISTS publies (commande TEXT PRIMARY KEY)")


def publier(evenement):
    enveloppe = pika.BasicProperties(message_id=evenement["return_id"], delivery_mode=2)
    adresse = pika.URLParameters(os.environ["RABBITMQ_URL"])
    try:
        with pika.BlockingConnection(adresse) as connexion:
            canal = connexion.channel()
            canal.confirm_delivery()
            corps = json.dumps(evenement)
            canal.basic_publish("shop.events", "return.requested", corps, enveloppe, mandatory=True)
    except pika.exceptions.AMQPError:
        abort(503)


@app.post("/returns")
def retour():
    """Un retour déjà en lieu sûr n’est pas publié de nouveau."""
    demande = request.get_json()
    commande, nom = demande["order_id"], f"retour de {demande['order_id']}"
    if not sql("SELECT 1 FROM publies WHERE commande = ?", commande):
        publier({"type": "RETURN_REQUESTED", "return_id": nom, **demande})
        sql("INSERT OR IGNORE INTO publies VALUES (?)", commande)
    return {"return_id": nom}, 202
