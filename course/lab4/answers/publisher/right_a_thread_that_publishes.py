import json
import os
import queue
import threading
from concurrent.futures import Future

import pika
from flask import Flask, abort, request

app = Flask(__name__)
travail = queue.Queue()
FIN = pika.exceptions.AMQPError


def ouvrir():
    connexion = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    canal = connexion.channel()
    canal.confirm_delivery()
    return canal


def facteur():
    """Le seul thread qui parle au courtier."""
    canal = None
    while True:
        promesse, evenement = travail.get()
        try:
            if canal is None or canal.is_closed:
                canal = ouvrir()
            canal.basic_publish(
                "shop.events",
                "return.requested",
                json.dumps(evenement).encode(),
                pika.BasicProperties(
                    message_id=evenement["return_id"], delivery_mode=pika.DeliveryMode.Persistent
                ),
                mandatory=True,
            )
            promesse.set_result(None)
        except (pika.exceptions.UnroutableError, pika.exceptions.NackError) as erreur:
            promesse.set_exception(erreur)
        except Exception as erreur:
            canal = None
            promesse.set_exception(erreur)


threading.Thread(target=facteur, daemon=True).start()


@app.post("/returns")
def retour():
    evenement = {**request.json, "type": "RETURN_REQUESTED"}
    evenement["return_id"] = "R/" + evenement["order_id"]
    promesse = Future()
    travail.put((promesse, evenement))
    try:
        promesse.result(timeout=8)
    except Exception:
        abort(503)
    return {"return_id": evenement["return_id"]}, 202
