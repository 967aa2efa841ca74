import hashlib
import json
import os
from pathlib import Path

import pika

QUEUE = "notifications.returns"
DEAD = "notifications.returns.dead"
PARTIES = Path("parties")
PARTIES.mkdir(exist_ok=True)


def send_mail(event):
    """Écrit une lettre au client."""
    with open("mails.txt", "a") as box:
        print(event["return_id"], event["type"], file=box)


def main():
    with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connexion:
        canal = connexion.channel()
        canal.exchange_declare("shop.events", "topic", durable=True)
        canal.queue_declare(DEAD, durable=True)
        canal.queue_declare(
            QUEUE,
            durable=True,
            arguments={"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD},
        )
        canal.queue_bind(QUEUE, "shop.events", "return.*")
        canal.confirm_delivery()
        canal.basic_consume(QUEUE, recevoir)
        canal.start_consuming()


def recevoir(canal, methode, enveloppe, corps):
    try:
        evenement = json.loads(corps)
        lisible = "return_id" in evenement and "type" in evenement and type(evenement) is dict
    except (ValueError, TypeError):
        lisible = False
    if not lisible:  # mis de côté par nous, sans réglage du courtier
        canal.basic_publish("", DEAD, corps, pika.BasicProperties(delivery_mode=2))
    else:
        marque = PARTIES / hashlib.sha1(enveloppe.message_id.encode()).hexdigest()
        if not marque.exists():
            send_mail(evenement)
            marque.touch()
    canal.basic_ack(methode.delivery_tag)


main()
