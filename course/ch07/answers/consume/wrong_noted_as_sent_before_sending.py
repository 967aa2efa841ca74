# feedback: tué juste avant la ligne | en a oublié
# mistake: note(nt) l’envoi avant d’envoyer
# against duplicates, notes the order in sqlite before writing the letter: after a kill during the letter, it is believed sent, and lost.
import json
import os
import time
import sqlite3

import pika

QUEUE = "courrier.commandes"


def send_email(event):
    """Écrit une lettre ; le serveur de courrier prend son temps."""
    time.sleep(event["seconds"])
    with open("courrier.txt", "a") as box:
        print(event["order_id"], file=box)


def main():
    """Lit la file, indéfiniment."""
    db = sqlite3.connect("courrier.db")
    db.execute("CREATE TABLE IF NOT EXISTS sent (order_id TEXT PRIMARY KEY)")
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(QUEUE, durable=True)
    for method, properties, body in ch.consume(QUEUE):
        event = json.loads(body)
        try:
            with db:
                db.execute("INSERT INTO sent VALUES (?)", (str(event["order_id"]),))
        except sqlite3.IntegrityError:
            pass  # déjà envoyée
        else:
            send_email(event)
        ch.basic_ack(method.delivery_tag)


main()
