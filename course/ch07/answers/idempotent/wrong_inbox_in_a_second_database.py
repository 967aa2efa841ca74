# feedback: votre worker tué | personne ne la refera
# mistake: note(nt) le message, puis (sort|sortent) la lampe, en deux temps
# an inbox by SQLAlchemy in its own database, committed before the stock's: a kill in the pauses leaves the message noted and the lamp not taken, the sale is lost.
import json
import os
import sqlite3
import time
from contextlib import contextmanager

import pika
from sqlalchemy import String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

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


engine = create_engine("sqlite:///inbox.db")


class Base(DeclarativeBase):
    pass


class Processed(Base):
    __tablename__ = "inbox"
    message_id: Mapped[str] = mapped_column(String, primary_key=True)


def main():
    """Lit la file, indéfiniment."""
    Base.metadata.create_all(engine)
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(QUEUE, durable=True)
    ch.basic_qos(prefetch_count=1)
    for method, properties, body in ch.consume(QUEUE):
        with transaction(), Session(engine) as session:
            if session.get(Processed, properties.message_id) is None:
                session.add(Processed(message_id=properties.message_id))
                session.commit()
                take_lamp(json.loads(body))
        ch.basic_ack(method.delivery_tag)


main()
