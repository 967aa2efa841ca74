# feedback: RabbitMQ est revenu | répond encore False
# mistake: garde(nt) une connexion morte
# keeps the connection opened when the cell ran: after the restart of the broker every call gives False.
connection = pika.BlockingConnection(pika.URLParameters(shop.broker.url))
ch = connection.channel()
ch.confirm_delivery()


def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        ch.basic_publish(
            "shop.events",
            routing_key(event),
            json.dumps(event),
            pika.BasicProperties(delivery_mode=2),
            mandatory=True,
        )
        return True
    except pika.exceptions.AMQPError:
        return False
