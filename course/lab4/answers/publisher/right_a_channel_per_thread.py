import json
import os
import threading

import pika
from flask import Blueprint, Flask, request

chez = threading.local()
guichet = Blueprint("retours", __name__)


def canal(neuf=False):
    if neuf or getattr(chez, "canal", None) is None or not chez.canal.is_open:
        connexion = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
        chez.canal = connexion.channel()
        chez.canal.confirm_delivery()
    return chez.canal


def publier(evenement, neuf=False):
    canal(neuf).basic_publish(
        "shop.events",
        "return.requested",
        json.dumps(evenement),
        pika.BasicProperties(message_id=evenement["return_id"], delivery_mode=2),
        mandatory=True,
    )


@guichet.post("/returns")
def prendre():
    d = request.get_json()
    evenement = {
        "type": "RETURN_REQUESTED",
        "return_id": f"{d['order_id']}-retour",
        "order_id": d["order_id"],
        "sku": d["sku"],
        "quantity": d["quantity"],
        "amount_cents": d["amount_cents"],
    }
    try:
        try:
            publier(evenement)
        except pika.exceptions.AMQPConnectionError:
            publier(evenement, neuf=True)
    except pika.exceptions.AMQPError:
        return {"detail": "courtier indisponible"}, 503
    return {"return_id": evenement["return_id"]}, 202


app = Flask(__name__)
app.register_blueprint(guichet)
