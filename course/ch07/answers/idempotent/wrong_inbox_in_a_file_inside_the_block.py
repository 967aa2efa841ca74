# feedback: votre worker tué | personne ne la refera
# mistake: note(nt) le message, puis (sort|sortent) la lampe, en deux temps
# notes the message in a file, fsync and all, inside the block: the file is not rolled back, so a kill during the lamp loses the sale.
import json
import os
import sqlite3
import time
from contextlib import contextmanager

import pika

QUEUE = "magasin.ventes"

db = sqlite3.connect("magasin.db", isolation_level=None)  # hors transaction, chaque ordre compte
db.execute("CREATE TABLE IF NOT EXISTS stock AS SELECT 100 AS lamps")


@contextmanager
def transaction():
    """Tout ou rien."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def take_lamp(event):
    """Sort une lampe du stock."""
    time.sleep(event["pause_before"])
    db.execute("UPDATE stock SET lamps = lamps - 1")
    time.sleep(event["pause_after"])


def main():
    """Lit la file, indéfiniment."""
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(QUEUE, durable=True)
    ch.basic_qos(prefetch_count=1)
    path = "inbox.txt"
    seen = set(open(path).read().split()) if os.path.exists(path) else set()
    with open(path, "a") as inbox:
        for method, properties, body in ch.consume(QUEUE):
            if properties.message_id not in seen:
                with transaction():
                    print(properties.message_id, file=inbox, flush=True)
                    os.fsync(inbox.fileno())
                    take_lamp(json.loads(body))
                seen.add(properties.message_id)
            ch.basic_ack(method.delivery_tag)


main()
