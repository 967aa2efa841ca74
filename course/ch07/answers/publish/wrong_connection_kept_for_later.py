# feedback: connexions de plus restent ouvertes
# mistake: laisse(nt) des connexions ouvertes
# opens a connection at each call and keeps it in a list, never closed: the broker counts one more at each event.
connections = []  # on les fermera à la fin


def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        connection = pika.BlockingConnection(pika.URLParameters(shop.broker.url))
        connections.append(connection)
        ch = connection.channel()
        ch.confirm_delivery()
        ch.basic_publish(
            "shop.events", routing_key(event), json.dumps(event), pika.BasicProperties(delivery_mode=2), mandatory=True
        )
        return True
    except pika.exceptions.AMQPError:
        return False
