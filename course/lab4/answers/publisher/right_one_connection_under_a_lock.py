import hashlib
import json
import os
import threading

import pika
from flask import Flask, jsonify, request
from pika.exceptions import AMQPError

app = Flask(__name__)


class Editeur:
    """Une connexion pour tous, un thread à la fois ; morte, on la remplace."""

    def __init__(self):
        self._verrou, self._canal = threading.Lock(), None

    def publier(self, cle, corps, identifiant):
        with self._verrou:
            for dernier in (False, True):
                try:
                    return self._essayer(cle, corps, identifiant)
                except (pika.exceptions.UnroutableError, pika.exceptions.NackError):
                    return False
                except (AMQPError, OSError):
                    self._canal = None
                    if dernier:
                        return False

    def _essayer(self, cle, corps, identifiant):
        if self._canal is None or not self._canal.is_open:
            parametres = pika.URLParameters(os.environ["RABBITMQ_URL"])
            self._canal = pika.BlockingConnection(parametres).channel()
            self._canal.confirm_delivery()
        self._canal.basic_publish(
            exchange="shop.events",
            routing_key=cle,
            body=corps,
            properties=pika.BasicProperties(delivery_mode=2, message_id=identifiant),
            mandatory=True,
        )
        return True


editeur = Editeur()


@app.route("/returns", methods=["POST"])
def retour():
    demande = request.get_json()
    nom = hashlib.sha256(demande["order_id"].encode()).hexdigest()[:32]
    evenement = dict(demande, return_id=nom, type="RETURN_REQUESTED")
    if not editeur.publier("return.requested", json.dumps(evenement), nom):
        return jsonify(error="réessayez"), 503
    return jsonify(return_id=nom), 202
