import json
import os

import pika
from sqlalchemy import String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

QUEUE = "notifications.returns"
DEAD = "notifications.returns.dead"


def send_mail(event):
    """Écrit une lettre au client."""
    with open("mails.txt", "a") as box:
        print(event["return_id"], event["type"], file=box)


class Base(DeclarativeBase):
    pass


class Sent(Base):
    __tablename__ = "sent"
    message_id: Mapped[str] = mapped_column(String, primary_key=True)


class Notifications:
    def __init__(self, url):
        self.engine = create_engine("sqlite:///envois.db")
        Base.metadata.create_all(self.engine)
        self.channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
        self.channel.exchange_declare("shop.events", "topic", durable=True)
        self.channel.queue_declare(DEAD, durable=True)
        arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
        self.channel.queue_declare(QUEUE, durable=True, arguments=arguments)
        self.channel.queue_bind(QUEUE, "shop.events", "return.*")

    def run(self):
        self.channel.basic_consume(QUEUE, self.receive)
        self.channel.start_consuming()

    def receive(self, channel, method, properties, body):
        event = self.read(body)
        if event is None:
            channel.basic_reject(method.delivery_tag, requeue=False)
            return
        with Session(self.engine) as session:
            if session.get(Sent, properties.message_id) is None:
                send_mail(event)
                session.add(Sent(message_id=properties.message_id))
                session.commit()
        channel.basic_ack(method.delivery_tag)

    @staticmethod
    def read(body):
        try:
            event = json.loads(body.decode())
        except ValueError:
            return None
        return event if isinstance(event, dict) and "return_id" in event and "type" in event else None


Notifications(os.environ["RABBITMQ_URL"]).run()
