import json
import os
import sqlite3

import pika

FILE, REBUT = "notifications.returns", "notifications.returns.dead"


def send_mail(event):
    """Écrit une lettre au client."""
    with open("mails.txt", "a") as box:
        print(event["return_id"], event["type"], file=box)


base = sqlite3.connect("lettres.db")
base.execute("CREATE TABLE IF NOT EXISTS lettres (nom TEXT UNIQUE)")
base.commit()

canal = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
canal.exchange_declare("shop.events", "topic", durable=True)
canal.queue_declare(REBUT, durable=True)
canal.queue_declare(
    FILE,
    durable=True,
    arguments={"x-dead-letter-exchange": "", "x-dead-letter-routing-key": REBUT},
)
canal.queue_bind(FILE, "shop.events", "return.*")
canal.basic_qos(prefetch_count=5)
for method, properties, body in canal.consume(FILE):
    try:
        match json.loads(body):
            case {"return_id": _, "type": _} as event:
                pass
            case _:
                raise ValueError
    except ValueError:
        canal.basic_nack(method.delivery_tag, requeue=False)
        continue
    deja = base.execute("SELECT count(*) FROM lettres WHERE nom = ?", (properties.message_id,))
    if deja.fetchone() == (0,):
        send_mail(event)
        base.execute("INSERT INTO lettres VALUES (?)", (properties.message_id,))
        base.commit()
    canal.basic_ack(method.delivery_tag)
